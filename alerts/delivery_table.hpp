// The journal's tables of deliveries and actions. Whoever has the connection calls; inside a
// transaction of the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/dispatch.hpp"
#include "alerts/sqlite.hpp"

namespace yagura::alerts {

// An id as the 16 bytes that are stored.
[[nodiscard]] std::string bytes_of(Id128 id);
[[nodiscard]] Id128 id_of(std::string_view bytes);

class DeliveryTable {
 public:
  // Prepares its statements; the connection outlives it.
  static Result<DeliveryTable, sqlite::Failure> open(sqlite::Connection& connection);

  // The JSON is stored only where no alert has it.
  Result<void, sqlite::Failure> insert(const Delivery& delivery);
  Result<void, sqlite::Failure> update(const DeliveryChange& change);
  // With what it means for deliveries: an acknowledged episode escalates no further.
  Result<void, sqlite::Failure> insert(const Action& action);
  // Nothing of the episode escalates any more.
  Result<void, sqlite::Failure> cancel(Id128 episode, Timestamp at, std::string_view why);

 private:
  explicit DeliveryTable(sqlite::Statement insert, sqlite::Statement update, sqlite::Statement act,
                         sqlite::Statement cancel)
      : insert_(std::move(insert)), update_(std::move(update)), act_(std::move(act)), cancel_(std::move(cancel)) {}
  sqlite::Statement insert_, update_, act_, cancel_;
};

// What is still to be sent, or may be once more, oldest first; without JSON.
[[nodiscard]] Result<std::vector<Delivery>, sqlite::Failure> open_deliveries(sqlite::Connection& connection);
// Highest number given so far.
[[nodiscard]] Result<std::uint64_t, sqlite::Failure> last_delivery(sqlite::Connection& connection);
// The JSON of a delivery; nothing when the journal no longer has it.
[[nodiscard]] Result<std::optional<std::string>, sqlite::Failure> delivery_json(sqlite::Connection& connection,
                                                                                std::uint64_t number);

}  // namespace yagura::alerts
