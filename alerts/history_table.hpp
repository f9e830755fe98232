// The journal's tables of candles and of the ticks around alerts. Whoever has the connection calls; what
// writes, inside a transaction of the caller's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/sqlite.hpp"
#include "processing/candle.hpp"
#include "processing/tick_ring.hpp"

namespace yagura::alerts {

struct StoredCandle {
  processing::CandleStep step{};
  processing::Candle candle;
};

// All accepted ticks with `from` <= event time < `to`.
struct TickPiece {
  Timestamp from{}, to{};
  std::vector<processing::PastTick> ticks;
};

// What one snapshot adds to the history of one instrument.
struct HistoryRows {
  std::string instrument;               // history_key() of app/price_keeper.hpp
  std::optional<Timestamp> erase_from;  // candles from there on were wrong; done first
  std::vector<StoredCandle> candles;    // finished ones
  std::vector<TickPiece> pieces;
};

class HistoryTable {
 public:
  // As many one-second candles stay for each instrument: what a start loads. By count, not by age.
  static constexpr std::size_t kSeconds = 8192;

  // Prepares its statements; the connection outlives it.
  static Result<HistoryTable, sqlite::Failure> open(sqlite::Connection& connection);

  Result<void, sqlite::Failure> insert(const HistoryRows& rows, Timestamp now);

 private:
  HistoryTable(sqlite::Statement candle, sqlite::Statement ticks, sqlite::Statement erase, sqlite::Statement trim)
      : candle_(std::move(candle)), ticks_(std::move(ticks)), erase_(std::move(erase)), trim_(std::move(trim)) {}
  Result<void, sqlite::Failure> trim(const std::string& instrument, std::size_t added);

  sqlite::Statement candle_, ticks_, erase_, trim_;
  std::map<std::string, std::size_t, std::less<>> untrimmed_;  // one-second candles since the last trim
};

// How long history stays.
struct HistoryKeep {
  Duration minutes{};  // one-minute candles, back from the newest of their instrument
  Duration rest{};     // longer ones, likewise; ticks, from when they were stored
};
// Removes a bite of at most `rows` of each kind. How many went.
[[nodiscard]] Result<std::uint64_t, sqlite::Failure> forget_history(sqlite::Connection& connection, Timestamp now,
                                                                    const HistoryKeep& keep, std::size_t rows);

// Rising in time, with `from_s` <= start < `to_s`: the first `limit`, or with `newest` the last.
struct CandleRange {
  processing::CandleStep step{};
  std::int64_t from_s = INT64_MIN, to_s = INT64_MAX;
  std::size_t limit = 0;
  bool newest = false;
};
[[nodiscard]] Result<std::vector<processing::Candle>, sqlite::Failure> read_candles(sqlite::Connection& connection,
                                                                                    std::string_view instrument,
                                                                                    const CandleRange& range);
// Pieces that share a moment with [from, to), rising in time. Where two overlap the later one holds. One
// that is damaged is left out. Those behind the first that hold more than `limit` ticks are not read.
[[nodiscard]] Result<std::vector<TickPiece>, sqlite::Failure> read_pieces(sqlite::Connection& connection,
                                                                          std::string_view instrument, Timestamp from,
                                                                          Timestamp to, std::size_t limit);

}  // namespace yagura::alerts
