// The journal's file: what is on disk and in which transaction. One thread at a time; every call
// may wait for the disk. Journal puts a queue and a thread in front of it.
//
// A file that cannot be trusted is never written: opening checks it through a read-only connection
// first. A new one appears under its name only when complete, so an empty or half-made journal is
// damage, never a reason to start from nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/delivery_table.hpp"
#include "alerts/dispatch.hpp"
#include "alerts/history_table.hpp"
#include "alerts/journal_schema.hpp"
#include "alerts/sqlite.hpp"
#include "alerts/state_dir.hpp"
#include "core/hash128.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

struct JournalRow {
  std::uint64_t seq = 0;
  Id128 id;
  Timestamp ts_event;
  std::shared_ptr<const std::string> json;
  std::vector<Delivery> deliveries;  // not stored when the alert was there before
};

// State of the detectors and how far into their input it reaches. Opaque here.
struct Snapshot {
  std::int64_t version = 0;   // of the blob's layout; the owner's business
  std::int64_t position = 0;  // in the input
  std::string blob;
  // What belongs to it and is kept for good. Of a snapshot that a newer one replaced, too.
  std::vector<HistoryRows> history{};
};

// What one transaction stores: all of it or nothing.
struct JournalBatch {
  std::vector<JournalRow> rows;
  std::vector<Delivery> deliveries;  // of what is no alert, or of one stored before
  std::vector<Id128> over;           // episodes that have ended: what would escalate of them is cancelled
  std::vector<DeliveryChange> changes;
  std::vector<Action> actions;
  std::vector<HistoryRows> history;
  std::optional<Snapshot> snapshot;

  [[nodiscard]] bool empty() const {
    return rows.empty() && deliveries.empty() && over.empty() && changes.empty() && actions.empty() &&
           history.empty() && !snapshot;
  }
  void clear() {
    rows.clear();
    deliveries.clear();
    over.clear();
    changes.clear();
    actions.clear();
    history.clear();
    snapshot.reset();
  }
};

class JournalStore {
 public:
  // Creates the file when there is none, else checks it and brings it up to date. Counts the epoch up.
  static Result<JournalStore, StateError> open(const std::filesystem::path& file);

  // One transaction: all of it is on the disk afterwards, or nothing. Rows whose id is there
  // already are left as they are and counted in skipped(). Fails at once after a reopen() that failed.
  Result<void, sqlite::Failure> commit(const JournalBatch& batch, Timestamp now);

  // Removes alerts stored before `limit`, and deliveries that nothing has come of since, a bite of at most `rows` of
  // each; gives pages back to the file system. How many rows went. The newest alert always stays:
  // numbers go on from it.
  Result<std::uint64_t, sqlite::Failure> forget(Timestamp limit, std::size_t rows);
  // The same of candles and ticks, see history_table.hpp.
  Result<std::uint64_t, sqlite::Failure> forget_history(Timestamp now, const HistoryKeep& keep, std::size_t rows);

  // After an I/O error the connection is not believed any more: close, check the file, open again.
  Result<void, StateError> reopen();

  [[nodiscard]] bool is_open() const { return connection_.has_value(); }
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
  Result<std::uint64_t, sqlite::Failure> last_seq();
  Result<std::uint64_t, sqlite::Failure> last_delivery() { return alerts::last_delivery(*connection_); }
  Result<std::vector<Delivery>, sqlite::Failure> open_deliveries() { return alerts::open_deliveries(*connection_); }
  Result<std::optional<Snapshot>, sqlite::Failure> load_snapshot();
  // Ids and seqs of the newest `limit` alerts, oldest first.
  Result<std::vector<std::pair<Id128, std::uint64_t>>, sqlite::Failure> newest_ids(std::size_t limit);

 private:
  JournalStore(std::filesystem::path file, sqlite::Connection connection)
      : file_(std::move(file)), connection_(std::move(connection)) {}
  Result<void, sqlite::Failure> configure();
  void release();
  Result<void, sqlite::Failure> begin_epoch();
  Result<void, sqlite::Failure> insert(const JournalRow& row, Timestamp now);
  Result<void, sqlite::Failure> store(const Snapshot& snapshot);
  Result<void, sqlite::Failure> store(const JournalBatch& batch, Timestamp now);

  std::filesystem::path file_;
  std::optional<sqlite::Connection> connection_;
  std::optional<sqlite::Statement> insert_;
  std::optional<sqlite::Statement> replace_;  // the snapshot
  std::optional<DeliveryTable> deliveries_;
  std::optional<HistoryTable> history_;
  std::int64_t epoch_ = 0;
  std::uint64_t skipped_ = 0;
};

// The stored snapshot; an error when its sum does not match.
Result<std::optional<Snapshot>, sqlite::Failure> read_snapshot(sqlite::Connection& connection);

}  // namespace yagura::alerts
