#include "alerts/journal_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yagura::alerts {

Result<JournalReader, StateError> JournalReader::open(const std::filesystem::path& file) {
  auto connection = sqlite::Connection::open(file, sqlite::Connection::Mode::kReadOnly);
  if (!connection) {
    return StateError{StateError::Kind::kIo, fmt::format("{}: {}", file.string(), connection.error().message)};
  }
  if (const auto known = inspect(*connection, file, false); !known) return known.error();
  return JournalReader{file, *std::move(connection)};
}

StateError JournalReader::error(const sqlite::Failure& failure) const {
  return {StateError::Kind::kIo, fmt::format("{}: {}", file_.string(), failure.message)};
}

Result<std::vector<StoredAlert>, StateError> JournalReader::read(std::string_view sql, std::int64_t first,
                                                                 std::size_t limit) {
  auto statement = connection_.prepare(sql);
  if (!statement) return error(statement.error());
  statement->bind(1, first).bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
  std::vector<StoredAlert> alerts;
  for (;;) {
    const auto step = statement->step();
    if (!step) return error(step.error());
    if (*step == sqlite::Statement::Step::kDone) return alerts;
    alerts.push_back({static_cast<std::uint64_t>(statement->integer(0)), timestamp_from_ns(statement->integer(1)),
                      statement->text(2)});
  }
}

Result<std::vector<StoredAlert>, StateError> JournalReader::read_after(std::uint64_t seq, std::size_t limit) {
  if (seq >= static_cast<std::uint64_t>(INT64_MAX)) return std::vector<StoredAlert>{};
  return read("SELECT seq, ts_event_ns, json FROM alerts WHERE seq > ?1 ORDER BY seq LIMIT ?2",
              static_cast<std::int64_t>(seq), limit);
}

Result<std::vector<StoredAlert>, StateError> JournalReader::read_newest(std::size_t limit) {
  auto alerts = read("SELECT seq, ts_event_ns, json FROM alerts WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2", 0, limit);
  if (alerts) std::reverse(alerts->begin(), alerts->end());
  return alerts;
}

Result<std::optional<std::string>, StateError> JournalReader::find(Id128 id) {
  // The id is 32 hexadecimal digits that we made: safe to put into the statement.
  auto json = connection_.text(fmt::format("SELECT json FROM alerts WHERE id = x'{}'", to_string(id)));
  if (!json) return error(json.error());
  return *std::move(json);
}

Result<std::uint64_t, StateError> JournalReader::last_seq() {
  const auto seq = connection_.integer("SELECT coalesce(max(seq), 0) FROM alerts");
  if (!seq) return error(seq.error());
  return static_cast<std::uint64_t>(seq->value_or(0));
}

Result<std::int64_t, StateError> JournalReader::epoch() {
  const auto epoch = connection_.integer("SELECT value FROM meta WHERE name = 'epoch'");
  if (!epoch) return error(epoch.error());
  return epoch->value_or(0);
}

Result<std::optional<Snapshot>, StateError> JournalReader::load_snapshot() {
  auto snapshot = read_snapshot(connection_);
  if (!snapshot) return error(snapshot.error());
  return *std::move(snapshot);
}

}  // namespace yagura::alerts
