#include "alerts/journal_schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "alerts/journal_store.hpp"

namespace yagura::alerts {
namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Failure;
namespace {

// "YGRA": tells a journal from any other SQLite file.
constexpr std::int64_t kApplicationId = 0x59475241;

// auto_vacuum has to be said before the first table: pages of what is deleted are given back in bites.
constexpr const char* kCreate = R"(
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA application_id = 0x59475241;
  PRAGMA journal_mode = WAL;
  BEGIN;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('schema', 1), ('epoch', 0);
  CREATE TABLE alerts (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, ts_event_ns INTEGER NOT NULL,
                       json TEXT NOT NULL);
  CREATE TABLE snapshot (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL,
                         position INTEGER NOT NULL, sum BLOB NOT NULL, blob BLOB NOT NULL);
  COMMIT;)";

// stored_ns is our clock: alerts of a replayed past are not too old to keep.
constexpr const char* kToSchema2 = R"(
  ALTER TABLE alerts ADD COLUMN stored_ns INTEGER NOT NULL DEFAULT 0;
  UPDATE alerts SET stored_ns = unixepoch() * 1000000000;
  CREATE TABLE deliveries (number INTEGER PRIMARY KEY, sink TEXT NOT NULL, purpose INTEGER NOT NULL, id BLOB NOT NULL,
                           episode BLOB NOT NULL, severity INTEGER NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
                           created_ns INTEGER NOT NULL, due_ns INTEGER NOT NULL, delay_ns INTEGER NOT NULL,
                           escalation INTEGER NOT NULL, attempts INTEGER NOT NULL, state INTEGER NOT NULL,
                           changed_ns INTEGER NOT NULL, detail TEXT NOT NULL);
  CREATE INDEX deliveries_open ON deliveries (number) WHERE state IN (0, 2, 3);
  CREATE INDEX deliveries_of_episode ON deliveries (episode);
  CREATE TABLE actions (number INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL,
                        author TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX actions_of_id ON actions (id);
  UPDATE meta SET value = 2 WHERE name = 'schema';)";

// Prices in 1e-9 of the quote currency, times in UTC.
constexpr const char* kToSchema3 = R"(
  CREATE TABLE candles (instrument TEXT NOT NULL, step_s INTEGER NOT NULL, from_s INTEGER NOT NULL,
                        open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
                        ticks INTEGER NOT NULL, PRIMARY KEY (instrument, step_s, from_s)) WITHOUT ROWID;
  CREATE TABLE ticks (number INTEGER PRIMARY KEY, instrument TEXT NOT NULL, from_ns INTEGER NOT NULL,
                      to_ns INTEGER NOT NULL, stored_ns INTEGER NOT NULL, blob BLOB NOT NULL);
  CREATE UNIQUE INDEX ticks_of_instrument ON ticks (instrument, from_ns);
  UPDATE meta SET value = 3 WHERE name = 'schema';)";

// By the schema they start from, 1 first; each writes its number.
constexpr const char* kSteps[] = {kToSchema2, kToSchema3};
static_assert(kJournalSchema == 1 + std::size(kSteps));

StateError bad_data(const fs::path& file, std::string_view why) {
  return {StateError::Kind::kBadData,
          fmt::format("{}: {}; nothing was changed. Restore a copy, or move the file away to start without history",
                      file.string(), why)};
}

fs::path beside(const fs::path& file, std::string_view suffix) { return file.string().append(suffix); }

void remove_draft(const fs::path& draft) {
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink(beside(draft, suffix).c_str());
}

Result<void, Failure> fill(const fs::path& draft) {
  auto connection = Connection::open(draft, Connection::Mode::kCreate);
  if (!connection) return connection.error();
  ::chmod(draft.c_str(), 0600);  // SQLite gives its log the same mode
  if (auto made = connection->run(kCreate); !made) return made;
  return migrate(*connection);
}  // closing the only connection copies the log back and removes it

}  // namespace

StateError describe(const fs::path& file, const Failure& failure) {
  const int code = failure.primary();
  if (code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY || code == SQLITE_NOMEM) {
    return {StateError::Kind::kIo, fmt::format("{}: {}", file.string(), failure.message)};
  }
  return bad_data(file, code == SQLITE_CANTOPEN || code == SQLITE_PERM ? "cannot be read: " + failure.message
                                                                       : "damaged: " + failure.message);
}

// The rename makes it real.
Result<void, StateError> create_journal(const fs::path& file) {
  if (fs::exists(beside(file, "-wal")))
    return bad_data(file, "missing, but its log " + file.string() + "-wal is there");
  const fs::path draft = beside(file, ".new");
  remove_draft(draft);
  if (const auto filled = fill(draft); !filled) return describe(draft, filled.error());
  if (fs::exists(beside(draft, "-wal"))) {
    return StateError{StateError::Kind::kIo, fmt::format("{}: the new journal could not be finished", draft.string())};
  }
  if (::rename(draft.c_str(), file.c_str()) != 0) {
    return StateError{StateError::Kind::kIo, fmt::format("{}: cannot be created", file.string())};
  }
  return sync_directory(file.parent_path());
}

Result<void, StateError> inspect_journal(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed) return bad_data(file, "cannot be read: " + failed.message());
  if (size == 0) return bad_data(file, "damaged: the file is empty");
  auto connection = Connection::open(file, Connection::Mode::kReadOnly);
  if (!connection) return describe(file, connection.error());
  return inspect(*connection, file, true);
}

Result<void, Failure> migrate(Connection& connection) {
  const auto schema = connection.integer("SELECT value FROM meta WHERE name = 'schema'");
  if (!schema) return schema.error();
  const auto from = schema->value_or(0);
  if (from >= kJournalSchema) return {};
  if (from < 1) return Failure{SQLITE_CORRUPT, "no schema number"};
  auto done = connection.run("BEGIN IMMEDIATE");
  for (auto at = static_cast<std::size_t>(from - 1); done && at < std::size(kSteps); ++at)
    done = connection.run(kSteps[at]);
  if (done) done = connection.run("COMMIT");
  if (!done && connection.in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
  return done;
}

Result<void, StateError> inspect(Connection& connection, const fs::path& file, bool deep) {
  const auto application = connection.integer("PRAGMA application_id");
  if (!application) return describe(file, application.error());
  if (*application != kApplicationId) return bad_data(file, "damaged, or not a journal of yagura");
  const auto schema = connection.integer("SELECT value FROM meta WHERE name = 'schema'");
  if (!schema) return describe(file, schema.error());
  if (!schema->has_value()) return bad_data(file, "damaged: no schema number");
  if (**schema > kJournalSchema) {
    return bad_data(file,
                    fmt::format("written by a newer yagura (schema {}, this one knows {})", **schema, kJournalSchema));
  }
  if (!deep) return {};
  const auto check = connection.text("PRAGMA quick_check(1)");
  if (!check) return describe(file, check.error());
  if (*check != "ok") {
    auto what = check->value_or("no answer");
    std::ranges::replace(what, '\n', ' ');
    return bad_data(file, "damaged: " + what);
  }
  for (const auto* table : {"SELECT seq, id, ts_event_ns, json FROM alerts LIMIT 1", "SELECT value FROM meta LIMIT 1",
                            **schema >= 2 ? "SELECT number, sink, detail FROM deliveries LIMIT 1" : "SELECT 1",
                            **schema >= 2 ? "SELECT number, kind, body FROM actions LIMIT 1" : "SELECT 1",
                            **schema >= 3 ? "SELECT from_s, ticks FROM candles LIMIT 1" : "SELECT 1",
                            **schema >= 3 ? "SELECT number, from_ns FROM ticks LIMIT 1" : "SELECT 1"}) {
    if (const auto readable = connection.text(table); !readable) return describe(file, readable.error());
  }
  if (const auto snapshot = read_snapshot(connection); !snapshot) return describe(file, snapshot.error());
  return {};
}

}  // namespace yagura::alerts
