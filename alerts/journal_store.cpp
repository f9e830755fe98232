#include "alerts/journal_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/give_way.hpp"

namespace yagura::alerts {
namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Failure;
using sqlite::Statement;
namespace {

// wal_autocheckpoint: the log is copied back at 2 MB, so that a small disk is not filled by it; not earlier, because
// the disk is waited for twice then, and a page that changed often goes there once.
// journal_size_limit: 4 MB, what an open reader may have let it grow to.
constexpr const char* kConfigure = R"(
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 512;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;)";

constexpr std::size_t kPiece = 8'192;  // of a snapshot

// Catches a bit that flipped inside the blob, which SQLite does not look at.
std::string sum_of(const Snapshot& snapshot) {
  Fnv128 sum;
  sum.number(static_cast<std::uint64_t>(snapshot.version)).number(static_cast<std::uint64_t>(snapshot.position));
  sum.number(snapshot.blob.size());
  for (std::string_view rest = snapshot.blob; !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPiece))) {
    sum.bytes(rest.substr(0, kPiece));
    give_way();
  }
  return bytes_of(sum.value());
}

}  // namespace

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
  if (const auto ready = exists ? inspect_journal(file) : create_journal(file); !ready) return ready.error();
  auto connection = Connection::open(file, Connection::Mode::kReadWrite);
  if (!connection) return describe(file, connection.error());
  JournalStore store{file, *std::move(connection)};
  if (const auto done = migrate(*store.connection_); !done) return describe(file, done.error());
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
      "INSERT INTO alerts (seq, id, ts_event_ns, json, stored_ns) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert_.emplace(*std::move(insert));
  auto replace = connection_->prepare("INSERT OR REPLACE INTO snapshot VALUES (1, ?1, ?2, ?3, ?4)");
  if (!replace) return replace.error();
  replace_.emplace(*std::move(replace));
  auto deliveries = DeliveryTable::open(*connection_);
  if (!deliveries) return deliveries.error();
  deliveries_.emplace(*std::move(deliveries));
  auto history = HistoryTable::open(*connection_);
  if (!history) return history.error();
  history_.emplace(*std::move(history));
  return {};
}

Result<void, Failure> JournalStore::begin_epoch() {
  // With it the last number of the runs before, for clients that come back to another run.
  auto done = connection_->run(R"(
    BEGIN IMMEDIATE;
    UPDATE meta SET value = value + 1 WHERE name = 'epoch';
    INSERT INTO meta SELECT 'before ' || value, (SELECT coalesce(max(seq), 0) FROM alerts) FROM meta WHERE name = 'epoch';
    DELETE FROM meta WHERE name LIKE 'before %'
      AND CAST(substr(name, 8) AS INTEGER) < (SELECT value FROM meta WHERE name = 'epoch') - 1000;
    COMMIT;)");
  if (!done) {
    if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
    return done;
  }
  const auto epoch = connection_->integer("SELECT value FROM meta WHERE name = 'epoch'");
  if (!epoch) return epoch.error();
  if (!epoch->has_value()) return Failure{SQLITE_CORRUPT, "no epoch"};
  epoch_ = **epoch;
  return {};
}

Result<void, Failure> JournalStore::commit(const JournalBatch& batch, Timestamp now) {
  if (!connection_) return Failure{SQLITE_IOERR, "the journal is closed after an error"};
  const auto skipped_before = skipped_;
  auto outcome = connection_->run("BEGIN IMMEDIATE");
  if (outcome) outcome = store(batch, now);
  if (outcome) outcome = connection_->run("COMMIT");
  if (outcome) return {};
  if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
  skipped_ = skipped_before;
  // On a full disk the log cannot grow. What it holds may have room in the file; then it begins anew.
  if (outcome.error().primary() == SQLITE_FULL) static_cast<void>(connection_->text("PRAGMA wal_checkpoint(PASSIVE)"));
  return outcome;
}

Result<void, Failure> JournalStore::store(const JournalBatch& batch, Timestamp now) {
  Result<void, Failure> outcome;
  for (std::size_t i = 0; outcome && i < batch.rows.size(); ++i) outcome = insert(batch.rows[i], now);
  for (std::size_t i = 0; outcome && i < batch.deliveries.size(); ++i)
    outcome = deliveries_->insert(batch.deliveries[i]);
  for (std::size_t i = 0; outcome && i < batch.over.size(); ++i)
    outcome = deliveries_->cancel(batch.over[i], now, "over");
  for (std::size_t i = 0; outcome && i < batch.changes.size(); ++i) outcome = deliveries_->update(batch.changes[i]);
  for (std::size_t i = 0; outcome && i < batch.actions.size(); ++i) outcome = deliveries_->insert(batch.actions[i]);
  for (std::size_t i = 0; outcome && i < batch.history.size(); ++i) outcome = history_->insert(batch.history[i], now);
  if (outcome && batch.snapshot) outcome = store(*batch.snapshot);
  return outcome;
}

Result<void, Failure> JournalStore::insert(const JournalRow& row, Timestamp now) {
  insert_->bind(1, static_cast<std::int64_t>(row.seq)).bind_blob(2, bytes_of(row.id));
  insert_->bind(3, to_ns(row.ts_event)).bind(4, std::string_view{*row.json}).bind(5, to_ns(now));
  auto outcome = insert_->run();
  if (outcome && connection_->changes() == 0) {
    ++skipped_;
    return outcome;
  }
  for (std::size_t i = 0; outcome && i < row.deliveries.size(); ++i) outcome = deliveries_->insert(row.deliveries[i]);
  return outcome;
}

Result<void, Failure> JournalStore::store(const Snapshot& snapshot) {
  replace_->bind(1, snapshot.version).bind(2, snapshot.position);
  replace_->bind_blob(3, sum_of(snapshot)).bind_blob(4, snapshot.blob);
  return replace_->run();
}

void JournalStore::release() {
  insert_.reset();
  replace_.reset();
  deliveries_.reset();
  history_.reset();
  connection_.reset();
}

Result<void, StateError> JournalStore::reopen() {
  release();
  if (auto sound = inspect_journal(file_); !sound) return sound;
  auto connection = Connection::open(file_, Connection::Mode::kReadWrite);
  if (!connection) return describe(file_, connection.error());
  connection_.emplace(*std::move(connection));
  if (const auto done = configure(); !done) {
    release();
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

Result<std::uint64_t, Failure> JournalStore::forget(Timestamp limit, std::size_t rows) {
  if (!connection_) return Failure{SQLITE_IOERR, "the journal is closed after an error"};
  // Numbers of ours: safe to put into the statements. Only the oldest are looked at, so that a big
  // journal is not read through; an alert stays while a younger delivery of it is open.
  const auto old_alerts = fmt::format(
      "DELETE FROM alerts WHERE seq IN (SELECT seq FROM (SELECT seq, stored_ns FROM alerts ORDER BY seq LIMIT {1}) "
      "WHERE stored_ns < {0} AND seq NOT IN (SELECT seq FROM deliveries WHERE state IN (0, 2, 3))) "
      "AND seq < (SELECT max(seq) FROM alerts)",
      to_ns(limit), rows);
  const auto old_deliveries = fmt::format(
      "DELETE FROM deliveries WHERE number IN (SELECT number FROM (SELECT number, changed_ns FROM deliveries "
      "ORDER BY number LIMIT {1}) WHERE changed_ns < {0}) AND number < (SELECT max(number) FROM "
      "deliveries)",
      to_ns(limit), rows);
  std::uint64_t gone = 0;
  for (const auto& statement : {old_deliveries, old_alerts}) {
    if (auto done = connection_->run(statement.c_str()); !done) return done.error();
    gone += static_cast<std::uint64_t>(connection_->changes());
  }
  if (gone == 0) return gone;
  if (auto done = connection_->run("PRAGMA incremental_vacuum(256)"); !done) return done.error();
  return gone;
}

Result<std::uint64_t, Failure> JournalStore::forget_history(Timestamp now, const HistoryKeep& keep, std::size_t rows) {
  if (!connection_) return Failure{SQLITE_IOERR, "the journal is closed after an error"};
  auto gone = alerts::forget_history(*connection_, now, keep, rows);
  if (!gone || *gone == 0) return gone;
  if (auto done = connection_->run("PRAGMA incremental_vacuum(256)"); !done) return done.error();
  return gone;
}

}  // namespace yagura::alerts
