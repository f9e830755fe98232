#include "alerts/journal.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace yagura::alerts {
namespace {

// Longest sleep of an idle storage thread; a post or a poke ends it at once.
constexpr auto kIdle = std::chrono::seconds{10};
constexpr std::size_t kMostSnapshots = 2;
// Closing with a disk that refuses: three tries in half a second, well within a service's time to stop.
constexpr int kLastTries = 3;

}  // namespace

Result<std::unique_ptr<Journal>, StateError> Journal::open(const StateDir& dir, Options options) {
  if (const auto made = dir.create(); !made) return made.error();
  auto lock = StateLock::acquire(dir);
  if (!lock) return lock.error();
  auto store = JournalStore::open(dir.journal_file());
  if (!store) return store.error();
  std::unique_ptr<Journal> journal{new Journal{dir.journal_file(), *std::move(lock), *std::move(store), options}};
  if (const auto loaded = journal->load(); !loaded) {
    return StateError{StateError::Kind::kIo, fmt::format("{}: {}", journal->file_.string(), loaded.error().message)};
  }
  journal->worker_ = std::jthread{[self = journal.get()](const std::stop_token& stop) { self->run(stop); }};
  return journal;
}

Journal::Journal(std::filesystem::path file, StateLock lock, JournalStore store, Options options)
    : file_(std::move(file)),
      options_(options),
      lock_(std::move(lock)),
      epoch_(store.epoch()),
      mailbox_(options.capacity + kMostSnapshots),
      store_(std::move(store)) {
  rows_.reserve(options.capacity);
}

Journal::~Journal() { static_cast<void>(close()); }

Result<void, sqlite::Failure> Journal::load() {
  const auto last = store_->last_seq();
  if (!last) return last.error();
  last_seq_ = *last;
  auto snapshot = store_->load_snapshot();
  if (!snapshot) return snapshot.error();
  loaded_ = *std::move(snapshot);
  const auto ids = store_->newest_ids(options_.remembered_ids);
  if (!ids) return ids.error();
  for (const auto& [id, seq] : *ids) remember(id, seq);
  return {};
}

void Journal::remember(Id128 id, std::uint64_t seq) {
  seq_of_.emplace(id, seq);
  remembered_.push_back(id);
  if (remembered_.size() <= options_.remembered_ids) return;
  seq_of_.erase(remembered_.front());
  remembered_.pop_front();
}

Journal::Number Journal::number(Id128 id) {
  if (const auto known = seq_of_.find(id); known != seq_of_.end()) return {known->second, true};
  const auto seq = last_seq_.load(std::memory_order_relaxed) + 1;
  last_seq_.store(seq, std::memory_order_relaxed);
  remember(id, seq);
  return {seq, false};
}

bool Journal::append(std::uint64_t seq, Id128 id, Timestamp ts_event, std::string json) {
  if (seq > last_seq_.load(std::memory_order_relaxed)) last_seq_.store(seq, std::memory_order_relaxed);
  const bool room = queued_.fetch_add(1, std::memory_order_relaxed) < options_.capacity;
  if (room && mailbox_.post(JournalRow{seq, id, ts_event, std::move(json)})) return true;
  queued_.fetch_sub(1, std::memory_order_relaxed);
  refused_.fetch_add(1, std::memory_order_relaxed);
  hole_ = true;
  return false;
}

bool Journal::put_snapshot(Snapshot snapshot) {
  if (hole_ && queued_.load(std::memory_order_relaxed) != 0) return false;
  hole_ = false;
  const bool room = snapshots_.fetch_add(1, std::memory_order_relaxed) < kMostSnapshots;
  if (room && mailbox_.post(std::move(snapshot))) return true;
  snapshots_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

bool Journal::flush(Duration timeout) {
  std::unique_lock guard{mutex_};
  const auto wanted = ++flush_wanted_;
  mailbox_.poke();
  return flushed_.wait_for(guard, timeout, [&] { return flush_done_ >= wanted; }) && status_.ok;
}

Journal::Status Journal::status() const {
  const std::scoped_lock guard{mutex_};
  Status status = status_;
  status.queued = queued_.load(std::memory_order_relaxed);
  status.refused = refused_.load(std::memory_order_relaxed);
  return status;
}

void Journal::run(const std::stop_token& stop) {
  const auto flush_wanted = [this] {
    const std::scoped_lock guard{mutex_};
    return flush_wanted_;
  };
  while (!stop.stop_requested()) {
    if (flush_wanted() == flush_done_) mailbox_.wait(retry_after_.count() == 0 ? Duration{kIdle} : until_retry());
    if (flush_wanted() == flush_done_ && !stop.stop_requested()) mailbox_.wait(options_.group_window);
    const auto answered = flush_wanted();
    collect();
    if (answered != flush_done_ || until_retry().count() == 0) commit();
    {
      const std::scoped_lock guard{mutex_};
      flush_done_ = answered;
    }
    flushed_.notify_all();
  }
}

// How long a failed commit still has to wait for its next try; zero when a commit may be tried now.
Duration Journal::until_retry() const {
  if (retry_after_.count() == 0) return Duration{0};
  return std::max(Duration{retry_at_ - std::chrono::steady_clock::now()}, Duration{0});
}

void Journal::collect() {
  mailbox_.drain([this](Item&& item) {
    if (auto* row = std::get_if<JournalRow>(&item)) {
      rows_.push_back(std::move(*row));
    } else if (auto* snapshot = std::get_if<Snapshot>(&item)) {
      snapshots_.fetch_sub(1, std::memory_order_relaxed);
      snapshot_ = std::move(*snapshot);  // the older one is of no use any more
    }
  });
}

void Journal::commit() {
  if (rows_.empty() && !snapshot_) return;
  if (!store_->is_open()) static_cast<void>(store_->reopen());  // what went wrong then may be over
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = store_->commit(rows_, snapshot_ ? &*snapshot_ : nullptr);
  if (outcome)
    on_stored(std::chrono::steady_clock::now() - start);
  else
    on_failed(outcome.error());
}

void Journal::on_stored(Duration took) {
  const auto count = rows_.size();
  rows_.clear();
  snapshot_.reset();
  retry_after_ = Duration{0};
  const std::scoped_lock guard{mutex_};
  status_.ok = true;
  status_.reason.clear();
  status_.committed += count;
  status_.skipped = store_->skipped();
  ++status_.commits;
  status_.commit_total += took;
  status_.commit_max = std::max(status_.commit_max, took);
  ok_.store(true, std::memory_order_relaxed);
  queued_.fetch_sub(count, std::memory_order_relaxed);
}

void Journal::on_failed(const sqlite::Failure& failure) {
  std::string reason = fmt::format("{}: {}, {} alerts wait", file_.string(), failure.message, rows_.size());
  // After a full disk the connection is sound; after anything else it is not believed any more.
  if (failure.primary() != SQLITE_FULL && failure.primary() != SQLITE_BUSY) {
    if (const auto opened = store_->reopen(); !opened) reason += "; then " + opened.error().message;
  }
  retry_after_ = retry_after_.count() == 0 ? options_.retry_after : std::min(retry_after_ * 2, options_.longest_retry);
  retry_at_ = std::chrono::steady_clock::now() + retry_after_;
  const std::scoped_lock guard{mutex_};
  status_.ok = false;
  status_.reason = std::move(reason);
  ok_.store(false, std::memory_order_relaxed);
}

Result<void, StateError> Journal::close() {
  if (std::exchange(closed_, true)) return {};
  if (worker_.joinable()) {
    worker_.request_stop();
    mailbox_.poke();
    worker_.join();
  }
  collect();
  commit();
  for (int i = 1; i < kLastTries && !storage_ok(); ++i) {
    std::this_thread::sleep_for(options_.retry_after);
    commit();
  }
  store_.reset();
  { const StateLock released = std::move(lock_); }
  flushed_.notify_all();
  if (rows_.empty()) return {};
  return StateError{StateError::Kind::kIo,
                    fmt::format("{}: {} alerts could not be stored", file_.string(), rows_.size())};
}

}  // namespace yagura::alerts
