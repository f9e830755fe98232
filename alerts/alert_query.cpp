#include "alerts/alert_query.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerts/delivery_table.hpp"
#include "alerts/journal_schema.hpp"

namespace yagura::alerts {
namespace {

using sqlite::Statement;

constexpr const char* kActionColumns = "SELECT at_ns, kind, id, author, reason, body FROM actions ";

StoredAlert alert_row(const Statement& row) {
  return {static_cast<std::uint64_t>(row.integer(0)), timestamp_from_ns(row.integer(1)), row.text(2)};
}

Action action_row(const Statement& row) {
  return {timestamp_from_ns(row.integer(0)), row.text(1), id_of(row.text(2)), row.text(3), row.text(4), row.text(5)};
}

DeliveryRow delivery_row(const Statement& row) {
  constexpr auto kLastPurpose = static_cast<std::int64_t>(Letter::Purpose::kAcknowledged);
  constexpr auto kLastState = static_cast<std::int64_t>(DeliveryState::kCancelled);
  return {.sink = row.text(0),
          .purpose = static_cast<Letter::Purpose>(std::clamp<std::int64_t>(row.integer(1), 0, kLastPurpose)),
          .created = timestamp_from_ns(row.integer(2)),
          .changed = timestamp_from_ns(row.integer(3)),
          .due = timestamp_from_ns(row.integer(4)),
          .attempts = static_cast<int>(row.integer(5)),
          .state = static_cast<DeliveryState>(std::clamp<std::int64_t>(row.integer(6), 0, kLastState)),
          .escalation = row.integer(7) != 0,
          .detail = row.text(8)};
}

// Everything from outside is bound, never part of the statement.
std::string sql_of(const AlertFilter& filter) {
  std::string sql = "SELECT seq, ts_event_ns, json FROM alerts WHERE seq > ?1";
  if (!filter.rule.empty()) sql += " AND json_extract(json, '$.rule') = ?3";
  if (!filter.instrument.empty()) sql += " AND json_extract(json, '$.instrument') = ?4";
  if (!filter.kind.empty()) sql += " AND json_extract(json, '$.kind') = ?5";
  if (filter.since) sql += " AND ts_event_ns >= ?6";
  if (filter.until) sql += " AND ts_event_ns < ?7";
  if (filter.severity) {
    sql += " AND json_extract(json, '$.severity') IN (''";
    for (auto s = static_cast<int>(*filter.severity); s <= static_cast<int>(Severity::kCritical); ++s)
      sql += fmt::format(", '{}'", name_of(static_cast<Severity>(s)));
    sql += ')';
  }
  if (filter.undelivered)
    sql += " AND seq IN (SELECT seq FROM deliveries WHERE state IN (2, 3) OR (state = 0 AND escalation = 0))";
  return sql + (filter.newest ? " ORDER BY seq DESC LIMIT ?2" : " ORDER BY seq LIMIT ?2");
}

}  // namespace

Result<AlertQuery, StateError> AlertQuery::open(const std::filesystem::path& file) {
  auto connection = sqlite::Connection::open(file, sqlite::Connection::Mode::kReadOnly);
  if (!connection)
    return StateError{StateError::Kind::kIo, fmt::format("{}: {}", file.string(), connection.error().message)};
  if (const auto known = inspect(*connection, file, false); !known) return known.error();
  const auto schema = connection->integer("SELECT value FROM meta WHERE name = 'schema'");
  if (!schema || schema->value_or(0) < kJournalSchema)
    return StateError{StateError::Kind::kBadData,
                      file.string() + ": written by an older yagura; start the monitor once to bring it up to date"};
  return AlertQuery{file, *std::move(connection)};
}

StateError AlertQuery::error(const sqlite::Failure& failure) const {
  return {StateError::Kind::kIo, fmt::format("{}: {}", file_.string(), failure.message)};
}

Result<Statement, StateError> AlertQuery::prepare(std::string_view sql) {
  auto statement = connection_.prepare(sql);
  if (!statement) return error(statement.error());
  return *std::move(statement);
}

template <class Row, class Read>
Result<std::vector<Row>, StateError> AlertQuery::rows(Statement& statement, Read read) {
  std::vector<Row> rows;
  for (;;) {
    const auto step = statement.step();
    if (!step) return error(step.error());
    if (*step == Statement::Step::kDone) return rows;
    rows.push_back(read(statement));
  }
}

Result<std::vector<StoredAlert>, StateError> AlertQuery::alerts(const AlertFilter& filter) {
  if (filter.after >= static_cast<std::uint64_t>(INT64_MAX)) return std::vector<StoredAlert>{};
  auto statement = prepare(sql_of(filter));
  if (!statement) return statement.error();
  statement->bind(1, static_cast<std::int64_t>(filter.after));
  statement->bind(2, static_cast<std::int64_t>(std::min<std::size_t>(filter.limit, INT64_MAX)));
  if (!filter.rule.empty()) statement->bind(3, std::string_view{filter.rule});
  if (!filter.instrument.empty()) statement->bind(4, std::string_view{filter.instrument});
  if (!filter.kind.empty()) statement->bind(5, std::string_view{filter.kind});
  if (filter.since) statement->bind(6, to_ns(*filter.since));
  if (filter.until) statement->bind(7, to_ns(*filter.until));
  auto found = rows<StoredAlert>(*statement, alert_row);
  if (found && filter.newest) std::ranges::reverse(*found);
  return found;
}

Result<std::optional<StoredAlert>, StateError> AlertQuery::alert(Id128 id) {
  auto statement = prepare("SELECT seq, ts_event_ns, json FROM alerts WHERE id = ?1");
  if (!statement) return statement.error();
  statement->bind_blob(1, bytes_of(id));
  auto found = rows<StoredAlert>(*statement, alert_row);
  if (!found) return found.error();
  if (found->empty()) return std::optional<StoredAlert>{};
  return std::optional<StoredAlert>{std::move(found->front())};
}

Result<std::vector<Id128>, StateError> AlertQuery::ids_beginning(std::string_view digits) {
  auto statement = prepare("SELECT id FROM alerts WHERE lower(hex(id)) LIKE ?1 || '%' LIMIT 2");
  if (!statement) return statement.error();
  if (digits.empty() || digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::vector<Id128>{};
  statement->bind(1, digits);
  return rows<Id128>(*statement, [](const Statement& row) { return id_of(row.text(0)); });
}

Result<std::vector<DeliveryRow>, StateError> AlertQuery::deliveries_of(Id128 id) {
  auto statement = prepare(
      "SELECT sink, purpose, created_ns, changed_ns, due_ns, attempts, state, escalation, detail FROM deliveries "
      "WHERE id = ?1 OR seq = (SELECT seq FROM alerts WHERE id = ?1) ORDER BY number");
  if (!statement) return statement.error();
  statement->bind_blob(1, bytes_of(id));
  return rows<DeliveryRow>(*statement, delivery_row);
}

Result<std::vector<std::string>, StateError> AlertQuery::sinks_of_episode(Id128 episode) {
  auto statement = prepare("SELECT DISTINCT sink FROM deliveries WHERE episode = ?1 AND state <> 5");
  if (!statement) return statement.error();
  statement->bind_blob(1, bytes_of(episode));
  return rows<std::string>(*statement, [](const Statement& row) { return row.text(0); });
}

Result<std::vector<std::uint64_t>, StateError> AlertQuery::undelivered() {
  auto statement =
      prepare("SELECT DISTINCT seq FROM deliveries WHERE state IN (2, 3) OR (state = 0 AND escalation = 0)");
  if (!statement) return statement.error();
  return rows<std::uint64_t>(*statement,
                             [](const Statement& row) { return static_cast<std::uint64_t>(row.integer(0)); });
}

Result<std::vector<Action>, StateError> AlertQuery::actions_of(Id128 id) {
  auto statement = prepare(std::string(kActionColumns) + "WHERE id = ?1 ORDER BY number");
  if (!statement) return statement.error();
  statement->bind_blob(1, bytes_of(id));
  return rows<Action>(*statement, action_row);
}

Result<std::vector<Action>, StateError> AlertQuery::actions_since(Timestamp since) {
  auto statement = prepare(std::string(kActionColumns) + "WHERE at_ns >= ?1 ORDER BY number");
  if (!statement) return statement.error();
  statement->bind(1, to_ns(since));
  return rows<Action>(*statement, action_row);
}

Result<std::map<std::int64_t, std::uint64_t>, StateError> AlertQuery::numbers_before_epochs() {
  auto statement = prepare("SELECT CAST(substr(name, 8) AS INTEGER), value FROM meta WHERE name LIKE 'before %'");
  if (!statement) return statement.error();
  using Entry = std::pair<std::int64_t, std::uint64_t>;
  const auto found = rows<Entry>(*statement, [](const Statement& row) {
    return Entry{row.integer(0), static_cast<std::uint64_t>(row.integer(1))};
  });
  if (!found) return found.error();
  return std::map<std::int64_t, std::uint64_t>(found->begin(), found->end());
}

Result<std::vector<processing::Candle>, StateError> AlertQuery::candles(std::string_view instrument,
                                                                        const CandleRange& range) {
  auto found = read_candles(connection_, instrument, range);
  if (!found) return error(found.error());
  return *std::move(found);
}

Result<std::vector<TickPiece>, StateError> AlertQuery::pieces(std::string_view instrument, Timestamp from, Timestamp to,
                                                              std::size_t limit) {
  auto found = read_pieces(connection_, instrument, from, to, limit);
  if (!found) return error(found.error());
  return *std::move(found);
}

}  // namespace yagura::alerts
