#include "alerts/delivery_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace yagura::alerts {

using sqlite::Connection;
using sqlite::Failure;
using sqlite::Statement;

namespace {

constexpr auto kLastPurpose = static_cast<std::int64_t>(Letter::Purpose::kAcknowledged);

}  // namespace

std::string bytes_of(Id128 id) {
  std::string bytes(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(id.hi >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(id.lo >> (56 - 8 * i));
  }
  return bytes;
}

Id128 id_of(std::string_view bytes) {
  Id128 id;
  if (bytes.size() != 16) return id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.hi = id.hi << 8 | static_cast<unsigned char>(bytes[i]);
    id.lo = id.lo << 8 | static_cast<unsigned char>(bytes[8 + i]);
  }
  return id;
}

Result<DeliveryTable, Failure> DeliveryTable::open(Connection& connection) {
  auto insert = connection.prepare(
      "INSERT INTO deliveries (number, sink, purpose, id, episode, severity, seq, json, created_ns, due_ns, delay_ns, "
      "escalation, attempts, state, changed_ns, detail) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, ?9, '') ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  auto update = connection.prepare(
      "UPDATE deliveries SET state = ?2, attempts = ?3, changed_ns = ?4, due_ns = ?5, delay_ns = ?6, detail = ?7 "
      "WHERE number = ?1 AND state <> 5");
  if (!update) return update.error();
  auto act =
      connection.prepare("INSERT INTO actions (at_ns, kind, id, author, reason, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  if (!act) return act.error();
  auto cancel = connection.prepare(
      "UPDATE deliveries SET state = 5, changed_ns = ?2, detail = ?3 WHERE episode = ?1 AND escalation = 1 AND state "
      "IN (0, 3)");
  if (!cancel) return cancel.error();
  return DeliveryTable{*std::move(insert), *std::move(update), *std::move(act), *std::move(cancel)};
}

Result<void, Failure> DeliveryTable::insert(const Delivery& delivery) {
  const bool own_json = delivery.seq == 0 && delivery.json;
  insert_.bind(1, static_cast<std::int64_t>(delivery.number)).bind(2, std::string_view{delivery.sink});
  insert_.bind(3, static_cast<std::int64_t>(delivery.purpose)).bind_blob(4, bytes_of(delivery.id));
  insert_.bind_blob(5, bytes_of(delivery.episode)).bind(6, static_cast<std::int64_t>(delivery.severity));
  insert_.bind(7, static_cast<std::int64_t>(delivery.seq));
  insert_.bind(8, own_json ? std::string_view{*delivery.json} : std::string_view{});
  insert_.bind(9, to_ns(delivery.created)).bind(10, to_ns(delivery.due)).bind(11, delivery.delay.count());
  return insert_.bind(12, std::int64_t{delivery.escalation}).run();
}

Result<void, Failure> DeliveryTable::update(const DeliveryChange& change) {
  update_.bind(1, static_cast<std::int64_t>(change.number)).bind(2, static_cast<std::int64_t>(change.state));
  update_.bind(3, std::int64_t{change.attempts}).bind(4, to_ns(change.at)).bind(5, to_ns(change.due));
  return update_.bind(6, change.delay.count()).bind(7, std::string_view{change.detail}).run();
}

Result<void, Failure> DeliveryTable::insert(const Action& action) {
  act_.bind(1, to_ns(action.at)).bind(2, std::string_view{action.kind}).bind_blob(3, bytes_of(action.id));
  act_.bind(4, std::string_view{action.author}).bind(5, std::string_view{action.reason});
  if (auto done = act_.bind(6, std::string_view{action.body}).run(); !done) return done;
  if (action.kind != "ack") return {};
  return cancel(action.id, action.at, "acknowledged");
}

Result<void, Failure> DeliveryTable::cancel(Id128 episode, Timestamp at, std::string_view why) {
  cancel_.bind_blob(1, bytes_of(episode)).bind(2, to_ns(at));
  return cancel_.bind(3, why).run();
}

Result<std::vector<Delivery>, Failure> open_deliveries(Connection& connection) {
  auto statement = connection.prepare(
      "SELECT number, sink, purpose, id, episode, severity, seq, created_ns, due_ns, delay_ns, escalation, attempts, "
      "state FROM deliveries WHERE state IN (0, 2, 3) ORDER BY number");
  if (!statement) return statement.error();
  std::vector<Delivery> all;
  for (;;) {
    const auto step = statement->step();
    if (!step) return step.error();
    if (*step == Statement::Step::kDone) return all;
    Delivery delivery;
    delivery.number = static_cast<std::uint64_t>(statement->integer(0));
    delivery.sink = statement->text(1);
    delivery.purpose = static_cast<Letter::Purpose>(std::clamp<std::int64_t>(statement->integer(2), 0, kLastPurpose));
    delivery.id = id_of(statement->text(3));
    delivery.episode = id_of(statement->text(4));
    delivery.severity = static_cast<Severity>(
        std::clamp<std::int64_t>(statement->integer(5), 0, static_cast<std::int64_t>(Severity::kCritical)));
    delivery.seq = static_cast<std::uint64_t>(statement->integer(6));
    delivery.created = timestamp_from_ns(statement->integer(7));
    delivery.due = timestamp_from_ns(statement->integer(8));
    delivery.delay = Duration{statement->integer(9)};
    delivery.escalation = statement->integer(10) != 0;
    delivery.attempts = static_cast<int>(statement->integer(11));
    delivery.state = static_cast<DeliveryState>(statement->integer(12));
    delivery.stored = true;
    all.push_back(std::move(delivery));
  }
}

Result<std::uint64_t, Failure> last_delivery(Connection& connection) {
  const auto number = connection.integer("SELECT coalesce(max(number), 0) FROM deliveries");
  if (!number) return number.error();
  return static_cast<std::uint64_t>(number->value_or(0));
}

Result<std::optional<std::string>, Failure> delivery_json(Connection& connection, std::uint64_t number) {
  // A number: safe to put into the statement.
  return connection.text(
      fmt::format("SELECT CASE WHEN d.seq = 0 THEN d.json ELSE a.json END FROM deliveries d LEFT "
                  "JOIN alerts a ON a.seq = d.seq WHERE d.number = {}",
                  number));
}

}  // namespace yagura::alerts
