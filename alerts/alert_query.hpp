// Looks into the journal for people: alerts by what they are, what became of them, who did what. Own
// read-only connection beside JournalReader's, short transactions. One thread at a time; waits for the
// disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/dispatch.hpp"
#include "alerts/history_table.hpp"
#include "alerts/journal_reader.hpp"

namespace yagura::alerts {

// Empty fields: any.
struct AlertFilter {
  std::string rule{}, instrument{}, kind{};
  std::optional<Severity> severity{};         // at least
  std::optional<Timestamp> since{}, until{};  // event time; `until` is not included
  std::uint64_t after = 0;                    // above this number
  bool undelivered = false;                   // something of it waits or is a dead letter
  std::size_t limit = 100;
  bool newest = false;  // the last `limit` instead of the first; in order either way

  // Whether it leaves any out but by their number.
  [[nodiscard]] bool picks_out() const {
    return !rule.empty() || !instrument.empty() || !kind.empty() || severity || since || until || undelivered;
  }
};

// A delivery and what became of it.
struct DeliveryRow {
  std::string sink;
  Letter::Purpose purpose{};
  Timestamp created{}, changed{}, due{};
  int attempts = 0;
  DeliveryState state{};
  bool escalation = false;
  std::string detail;
};

class AlertQuery {
 public:
  // A missing file is an error that names it.
  static Result<AlertQuery, StateError> open(const std::filesystem::path& file);

  Result<std::vector<StoredAlert>, StateError> alerts(const AlertFilter& filter);
  Result<std::optional<StoredAlert>, StateError> alert(Id128 id);
  // Ids that begin with these hexadecimal digits, two at most: none, the one, or not only one.
  Result<std::vector<Id128>, StateError> ids_beginning(std::string_view digits);
  Result<std::vector<DeliveryRow>, StateError> deliveries_of(Id128 id);
  Result<std::vector<std::string>, StateError> sinks_of_episode(Id128 episode);
  // Numbers of alerts of which something waits or is a dead letter.
  Result<std::vector<std::uint64_t>, StateError> undelivered();
  // Oldest first; of one alert or silence, and all since a time.
  Result<std::vector<Action>, StateError> actions_of(Id128 id);
  Result<std::vector<Action>, StateError> actions_since(Timestamp since);
  // By epoch: the last number of the runs before it. Of the newest thousand.
  Result<std::map<std::int64_t, std::uint64_t>, StateError> numbers_before_epochs();

  // See history_table.hpp.
  Result<std::vector<processing::Candle>, StateError> candles(std::string_view instrument, const CandleRange& range);
  Result<std::vector<TickPiece>, StateError> pieces(std::string_view instrument, Timestamp from, Timestamp to,
                                                    std::size_t limit = std::numeric_limits<std::size_t>::max());

 private:
  AlertQuery(std::filesystem::path file, sqlite::Connection connection)
      : file_(std::move(file)), connection_(std::move(connection)) {}
  [[nodiscard]] StateError error(const sqlite::Failure& failure) const;
  Result<sqlite::Statement, StateError> prepare(std::string_view sql);
  template <class Row, class Read>
  Result<std::vector<Row>, StateError> rows(sqlite::Statement& statement, Read read);

  std::filesystem::path file_;
  sqlite::Connection connection_;
};

}  // namespace yagura::alerts
