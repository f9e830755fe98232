#include "alerts/journal_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace yagura::alerts {
namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Failure;
using sqlite::Statement;
namespace {

// "YGRA": tells a journal from any other SQLite file.
constexpr std::int64_t kApplicationId = 0x59475241;

constexpr const char* kCreate = R"(
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
static_assert(kJournalSchema == 1, "kCreate writes the number too");

// journal_size_limit: 4 MB, four times what SQLite lets the log grow to before it copies it back.
constexpr const char* kConfigure = R"(
  PRAGMA synchronous = FULL;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;)";

StateError bad_data(const fs::path& file, std::string_view why) {
  return {StateError::Kind::kBadData,
          fmt::format("{}: {}; nothing was changed. Restore a copy, or move the file away to start without history",
                      file.string(), why)};
}

// An I/O error or a full disk may pass; anything else says that the file is not what it should be.
StateError describe(const fs::path& file, const Failure& failure) {
  const int code = failure.primary();
  if (code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY || code == SQLITE_NOMEM) {
    return {StateError::Kind::kIo, fmt::format("{}: {}", file.string(), failure.message)};
  }
  return bad_data(file, code == SQLITE_CANTOPEN || code == SQLITE_PERM ? "cannot be read: " + failure.message
                                                                       : "damaged: " + failure.message);
}

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

// Catches a bit that flipped inside the blob, which SQLite does not look at.
std::string sum_of(const Snapshot& snapshot) {
  return bytes_of(Fnv128{}
                      .number(static_cast<std::uint64_t>(snapshot.version))
                      .number(static_cast<std::uint64_t>(snapshot.position))
                      .number(snapshot.blob.size())
                      .bytes(snapshot.blob)
                      .value());
}

fs::path beside(const fs::path& file, std::string_view suffix) { return file.string().append(suffix); }

void remove_draft(const fs::path& draft) {
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink(beside(draft, suffix).c_str());
}

Result<void, Failure> fill(const fs::path& draft) {
  auto connection = Connection::open(draft, Connection::Mode::kCreate);
  if (!connection) return connection.error();
  ::chmod(draft.c_str(), 0600);  // SQLite gives its log the same mode
  return connection->run(kCreate);
}  // closing the only connection copies the log back and removes it

// Builds the journal under another name; the rename makes it real.
Result<void, StateError> create(const fs::path& file) {
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

// Looks at an existing file without a connection that could write to it.
Result<void, StateError> inspect_file(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed) return bad_data(file, "cannot be read: " + failed.message());
  if (size == 0) return bad_data(file, "damaged: the file is empty");
  auto connection = Connection::open(file, Connection::Mode::kReadOnly);
  if (!connection) return describe(file, connection.error());
  return inspect(*connection, file, true);
}

}  // namespace

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
  if (*check != "ok") return bad_data(file, "damaged: " + check->value_or("no answer"));
  for (const auto* table :
       {"SELECT seq, id, ts_event_ns, json FROM alerts LIMIT 1", "SELECT value FROM meta LIMIT 1"}) {
    if (const auto readable = connection.text(table); !readable) return describe(file, readable.error());
  }
  if (const auto snapshot = read_snapshot(connection); !snapshot) return describe(file, snapshot.error());
  return {};
}

Result<std::optional<Snapshot>, Failure> read_snapshot(Connection& connection) {
  auto statement = connection.prepare("SELECT version, position, sum, blob FROM snapshot WHERE only = 1");
  if (!statement) return statement.error();
  const auto step = statement->step();
  if (!step) return step.error();
  if (*step == Statement::Step::kDone) return std::optional<Snapshot>{};
  Snapshot snapshot{statement->integer(0), statement->integer(1), statement->text(3)};
  if (statement->text(2) != sum_of(snapshot)) return Failure{SQLITE_CORRUPT, "the snapshot does not match its sum"};
  return std::optional{std::move(snapshot)};
}

Result<JournalStore, StateError> JournalStore::open(const fs::path& file) {
  std::error_code failed;
  const bool exists = fs::exists(fs::symlink_status(file, failed));
  if (const auto ready = exists ? inspect_file(file) : create(file); !ready) return ready.error();
  auto connection = Connection::open(file, Connection::Mode::kReadWrite);
  if (!connection) return describe(file, connection.error());
  JournalStore store{file, *std::move(connection)};
  if (const auto done = store.configure(); !done) return describe(file, done.error());
  if (const auto done = store.begin_epoch(); !done) return describe(file, done.error());
  return store;
}

Result<void, Failure> JournalStore::configure() {
  if (auto done = connection_->run(kConfigure); !done) return done;
  const auto mode = connection_->text("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") return Failure{SQLITE_IOERR, "the file system cannot hold SQLite's write-ahead log"};
  auto insert = connection_->prepare(
      "INSERT INTO alerts (seq, id, ts_event_ns, json) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert_.emplace(*std::move(insert));
  return {};
}

Result<void, Failure> JournalStore::begin_epoch() {
  if (auto done = connection_->run("UPDATE meta SET value = value + 1 WHERE name = 'epoch'"); !done) return done;
  const auto epoch = connection_->integer("SELECT value FROM meta WHERE name = 'epoch'");
  if (!epoch) return epoch.error();
  if (!epoch->has_value()) return Failure{SQLITE_CORRUPT, "no epoch"};
  epoch_ = **epoch;
  return {};
}

Result<void, Failure> JournalStore::commit(std::span<const JournalRow> rows, const Snapshot* snapshot) {
  if (!connection_) return Failure{SQLITE_IOERR, "the journal is closed after an error"};
  const auto skipped_before = skipped_;
  auto outcome = connection_->run("BEGIN IMMEDIATE");
  for (std::size_t i = 0; outcome && i < rows.size(); ++i) outcome = insert(rows[i]);
  if (outcome && snapshot) outcome = store(*snapshot);
  if (outcome) outcome = connection_->run("COMMIT");
  if (outcome) return {};
  if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
  skipped_ = skipped_before;
  return outcome;
}

Result<void, Failure> JournalStore::insert(const JournalRow& row) {
  insert_->bind(1, static_cast<std::int64_t>(row.seq)).bind_blob(2, bytes_of(row.id));
  auto outcome = insert_->bind(3, to_ns(row.ts_event)).bind(4, std::string_view{row.json}).run();
  if (outcome && connection_->changes() == 0) ++skipped_;
  return outcome;
}

Result<void, Failure> JournalStore::store(const Snapshot& snapshot) {
  auto statement = connection_->prepare("INSERT OR REPLACE INTO snapshot VALUES (1, ?1, ?2, ?3, ?4)");
  if (!statement) return statement.error();
  statement->bind(1, snapshot.version).bind(2, snapshot.position);
  return statement->bind_blob(3, sum_of(snapshot)).bind_blob(4, snapshot.blob).run();
}

Result<void, StateError> JournalStore::reopen() {
  insert_.reset();
  connection_.reset();
  if (auto sound = inspect_file(file_); !sound) return sound;
  auto connection = Connection::open(file_, Connection::Mode::kReadWrite);
  if (!connection) return describe(file_, connection.error());
  connection_.emplace(*std::move(connection));
  if (const auto done = configure(); !done) {
    insert_.reset();
    connection_.reset();
    return describe(file_, done.error());
  }
  return {};
}

Result<std::uint64_t, Failure> JournalStore::last_seq() {
  const auto seq = connection_->integer("SELECT coalesce(max(seq), 0) FROM alerts");
  if (!seq) return seq.error();
  return static_cast<std::uint64_t>(seq->value_or(0));
}

Result<std::optional<Snapshot>, Failure> JournalStore::load_snapshot() { return read_snapshot(*connection_); }

Result<std::vector<std::pair<Id128, std::uint64_t>>, Failure> JournalStore::newest_ids(std::size_t limit) {
  auto statement = connection_->prepare("SELECT id, seq FROM alerts ORDER BY seq DESC LIMIT ?1");
  if (!statement) return statement.error();
  statement->bind(1, static_cast<std::int64_t>(limit));
  std::vector<std::pair<Id128, std::uint64_t>> ids;
  for (;;) {
    const auto step = statement->step();
    if (!step) return step.error();
    if (*step == Statement::Step::kDone) break;
    ids.emplace_back(id_of(statement->text(0)), static_cast<std::uint64_t>(statement->integer(1)));
  }
  std::reverse(ids.begin(), ids.end());
  return ids;
}

}  // namespace yagura::alerts
