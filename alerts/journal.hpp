// The journal: every alert, and the state of the detectors, on disk before long and never waited
// for. Alerts and snapshots go into a bounded queue; one thread commits them in groups.
//
// A snapshot is never newer than its alerts and their deliveries: it is committed with everything
// handed over before it, in one transaction. After `kill -9` the file is an exact beginning of what
// was handed over.
//
// Deliveries are handed on when they are on the disk, or when the disk has refused once: then they go
// out and are stored when it works again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "alerts/bounded_map.hpp"
#include "alerts/journal_store.hpp"
#include "alerts/mailbox.hpp"
#include "core/clock.hpp"
#include "core/pulse.hpp"

namespace yagura::alerts {

class Journal {
 public:
  struct Options {
    Duration group_window = std::chrono::milliseconds{5};   // how long a first alert waits for company
    Duration retry_after = std::chrono::milliseconds{250};  // first pause after a failed commit; doubles
    Duration longest_retry = std::chrono::seconds{2};
    std::size_t capacity = 10'000;        // alerts on the way to the disk, waiting out a full one included
    std::size_t remembered_ids = 65'536;  // newest alerts whose repeat is recognised
    std::vector<std::string> sinks;       // names, by Route::sink
    Duration keep{0};                     // alerts, deliveries and history older than this are removed; 0: never
    Duration keep_minutes = std::chrono::days{60};  // one-minute candles, where `keep` removes anything
    const Clock* clock = nullptr;                   // outlives it; null: the real one
  };
  // With the episodes that have ended meanwhile, whose escalations are no more.
  using OnDeliveries = std::function<void(std::vector<Delivery>, std::vector<Id128> over)>;
  using OnStored = std::function<void(bool)>;

  struct Status {
    bool ok = true;
    std::string reason;              // why not, in a line that names the file; empty when ok
    std::uint64_t queued = 0;        // alerts not yet on the disk
    std::uint64_t committed = 0;     // alerts stored since open
    std::uint64_t refused = 0;       // alerts that found the queue full: shown and sent, not stored
    std::uint64_t skipped = 0;       // alerts the file had already
    std::uint64_t forgotten = 0;     // removed for their age since open
    std::uint64_t lost_history = 0;  // parts of the history that found too many waiting for the disk
    std::uint64_t commits = 0;
    Duration commit_total{0};  // time spent in commits
    Duration commit_max{0};
  };

  // Makes the directory, takes its lock, checks or creates the journal, counts the epoch up.
  static Result<std::unique_ptr<Journal>, StateError> open(const StateDir& dir, Options options);
  static Result<std::unique_ptr<Journal>, StateError> open(const StateDir& dir) { return open(dir, Options{}); }
  ~Journal();

  // -- The alert thread, one at a time. None of these waits, for a disk or for a lock; what is handed over
  //    gets to the disk after the next wake(), or within 250 ms.

  // The number of an alert. One that is stored already (decided again after a crash) keeps its
  // first number: show it if you like, append() will not store it twice. It allocates nothing.
  struct Number {
    std::uint64_t seq = 0;
    bool repeat = false;
  };
  Number number(Id128 id);
  [[nodiscard]] bool knows(Id128 id) const { return seq_of_.find(id) != nullptr; }

  // false: the queue is full and the alert was counted as refused.
  bool append(std::uint64_t seq, Id128 id, Timestamp ts_event, std::string json, const Ways& ways = {});

  // The ways of what is no alert, or of one that was stored before. false: full, not taken, counted.
  bool dispatch(Id128 id, std::uint64_t seq, const Ways& ways, std::string json);

  // false: not taken, because two are on the way already or an alert before it was refused. An
  // older snapshot on disk only makes a restart repeat alerts, so the next one will do.
  bool put_snapshot(Snapshot snapshot);

  // Once for all that was handed over; a system call when the storage thread sleeps.
  void wake() noexcept { mailbox_.wake(); }

  // -- Any thread. These take a lock that no disk is waited for under.

  // Who sends them; called on the storage thread. Before the first alert.
  void on_deliveries(OnDeliveries take);
  // Stored with the next transaction. Never refused: who calls has at most one for each letter.
  void change(DeliveryChange change);
  // Letters replaced by one that lists them: in one transaction.
  void fold(std::vector<DeliveryChange> folded, Delivery summary);
  // `done` is called on the storage thread: true once it is on the disk, false when the disk refused
  // (then nothing is stored). An action is never done before that.
  void act(Action action, OnStored done);
  // Further deliveries: what was acknowledged, what is sent again.
  void send(std::vector<Delivery> deliveries);

  // Waits until all that was handed over before is on the disk; false if that failed or took too long.
  bool flush(Duration timeout = std::chrono::seconds{10});
  [[nodiscard]] bool storage_ok() const { return ok_.load(std::memory_order_relaxed); }
  [[nodiscard]] Status status() const;
  [[nodiscard]] const Pulse& pulse() const { return pulse_; }  // of the storage thread
  [[nodiscard]] std::size_t queued() const { return queued_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t last_seq() const { return last_seq_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  // Of the newest snapshot that is on the disk; 0 when there is none.
  [[nodiscard]] std::int64_t stored_position() const { return stored_position_.load(std::memory_order_relaxed); }

  // -- The thread that opened it.

  // What the last run left; call before the first put_snapshot(), once: it is handed out by move.
  [[nodiscard]] std::optional<Snapshot> load_snapshot() { return std::move(loaded_); }

  // Deliveries that the last run left open, once, as load_snapshot().
  [[nodiscard]] std::vector<Delivery> take_open_deliveries() { return std::move(open_deliveries_); }

  // Commits what is queued, a few tries if the disk refuses, and releases the lock. The error says
  // how many alerts could not be stored. Called by the destructor, too.
  Result<void, StateError> close();

 private:
  struct Handed {
    std::optional<JournalRow> row;  // none: deliveries alone
    std::vector<Delivery> deliveries;
    std::optional<Id128> over;
  };
  using Item = std::variant<std::monostate, Handed, Snapshot>;
  struct Promised {
    Action action;
    OnStored done;
  };
  struct Requests {  // of other threads
    std::vector<DeliveryChange> changes;
    std::vector<Delivery> deliveries;
    std::vector<Promised> actions;
  };

  Journal(std::filesystem::path file, StateLock lock, JournalStore store, Options options);
  Result<void, sqlite::Failure> load();
  [[nodiscard]] std::vector<Delivery> deliveries_of(Id128 id, std::uint64_t seq, const Ways& ways,
                                                    const std::shared_ptr<const std::string>& json) const;
  void run(const std::stop_token& stop);
  void collect();
  void collect_requests();
  void collect_history(std::vector<HistoryRows> rows);
  void commit();
  void give_numbers(std::vector<Delivery>& deliveries);
  void hand_on();
  void answer();
  void forget_old();
  [[nodiscard]] Duration until_retry() const;
  [[nodiscard]] Duration idle() const;
  void on_stored(Duration took);
  void on_failed(const sqlite::Failure& failure);

  const std::filesystem::path file_;
  const Options options_;
  const RealClock real_clock_{};
  const Clock& clock_;
  StateLock lock_;
  std::int64_t epoch_ = 0;
  std::optional<Snapshot> loaded_;
  std::vector<Delivery> open_deliveries_;

  // Alert thread.
  BoundedMap<std::uint64_t> seq_of_;
  std::atomic<std::uint64_t> last_seq_{0};
  bool hole_ = false;  // an alert was refused: no snapshot until the queue is empty again

  // Between the threads.
  Mailbox<Item> mailbox_;
  std::atomic<std::size_t> queued_{0};     // alerts
  std::atomic<std::size_t> snapshots_{0};  // in the mailbox
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<bool> ok_{true};
  std::atomic<std::int64_t> stored_position_{0};
  mutable std::mutex mutex_;
  std::condition_variable flushed_;
  std::uint64_t flush_wanted_ = 0;  // guarded by mutex_, as all that follows
  std::uint64_t flush_done_ = 0;
  Status status_;
  Requests requests_;
  OnDeliveries take_;

  // Storage thread.
  Pulse pulse_;
  std::optional<JournalStore> store_;
  JournalBatch batch_;             // not yet stored, in order
  std::vector<Delivery> fresh_;    // not yet handed on
  std::vector<Promised> actions_;  // not yet tried
  std::vector<std::pair<OnStored, bool>> answers_;
  std::vector<Id128> over_;
  std::uint64_t last_delivery_ = 0;
  MonoTime forget_at_{};
  Duration retry_after_{0};  // zero when the last commit went well
  MonoTime retry_at_{};
  bool closed_ = false;  // of the thread that opened it

  std::jthread worker_;  // last: stops before what it uses is gone
};

}  // namespace yagura::alerts
