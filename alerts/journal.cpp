#include "alerts/journal.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/thread_name.hpp"

namespace yagura::alerts {
namespace {

// Longest sleep of an idle storage thread, which shows that it lives; a post or a poke ends it at once.
constexpr auto kIdle = std::chrono::milliseconds{250};
constexpr std::size_t kMostSnapshots = 2;
constexpr std::size_t kMostDispatches = 1'000;  // of what is no new alert
// Closing with a disk that refuses: three tries in half a second, well within a service's time to stop.
constexpr int kLastTries = 3;
// Age is looked at so often, and while something goes, again after a breath: deleting never keeps an
// alert waiting for longer than one bite takes.
constexpr auto kForgetEvery = std::chrono::hours{1};
constexpr auto kForgetAgain = std::chrono::milliseconds{50};
constexpr std::size_t kForgetBite = 500;
// Of the history, while a disk refuses: 2 hours of a snapshot a second and instrument. The oldest go.
constexpr std::size_t kMostHistory = 8'192;

}  // namespace

Result<std::unique_ptr<Journal>, StateError> Journal::open(const StateDir& dir, Options options) {
  if (const auto made = dir.create(); !made) return made.error();
  auto lock = StateLock::acquire(dir);
  if (!lock) return lock.error();
  auto store = JournalStore::open(dir.journal_file());
  if (!store) return store.error();
  std::unique_ptr<Journal> journal{
      new Journal{dir.journal_file(), *std::move(lock), *std::move(store), std::move(options)}};
  if (const auto loaded = journal->load(); !loaded) {
    return StateError{StateError::Kind::kIo, fmt::format("{}: {}", journal->file_.string(), loaded.error().message)};
  }
  journal->worker_ = std::jthread{[self = journal.get()](const std::stop_token& stop) { self->run(stop); }};
  return journal;
}

Journal::Journal(std::filesystem::path file, StateLock lock, JournalStore store, Options options)
    : file_(std::move(file)),
      options_(std::move(options)),
      clock_(options_.clock == nullptr ? real_clock_ : *options_.clock),
      lock_(std::move(lock)),
      epoch_(store.epoch()),
      seq_of_(options_.remembered_ids),
      mailbox_(options_.capacity + kMostSnapshots + kMostDispatches),
      store_(std::move(store)) {}

Journal::~Journal() { static_cast<void>(close()); }

Result<void, sqlite::Failure> Journal::load() {
  const auto last = store_->last_seq();
  if (!last) return last.error();
  last_seq_ = *last;
  auto snapshot = store_->load_snapshot();
  if (!snapshot) return snapshot.error();
  loaded_ = *std::move(snapshot);
  auto open = store_->open_deliveries();
  if (!open) return open.error();
  open_deliveries_ = *std::move(open);
  const auto last_delivery = store_->last_delivery();
  if (!last_delivery) return last_delivery.error();
  last_delivery_ = *last_delivery;
  if (loaded_) stored_position_ = loaded_->position;
  const auto ids = store_->newest_ids(options_.remembered_ids);
  if (!ids) return ids.error();
  for (const auto& [id, seq] : *ids) seq_of_.put(id, seq);
  return {};
}

Journal::Number Journal::number(Id128 id) {
  if (const auto* const known = seq_of_.find(id)) return {*known, true};
  const auto seq = last_seq_.load(std::memory_order_relaxed) + 1;
  last_seq_.store(seq, std::memory_order_relaxed);
  seq_of_.put(id, seq);
  return {seq, false};
}

std::vector<Delivery> Journal::deliveries_of(Id128 id, std::uint64_t seq, const Ways& ways,
                                             const std::shared_ptr<const std::string>& json) const {
  std::vector<Delivery> deliveries;
  deliveries.reserve(ways.routes.size());
  const auto now = clock_.now();
  for (const auto& route : ways.routes) {
    Delivery delivery;
    delivery.sink = options_.sinks.at(route.sink);
    delivery.purpose = route.purpose;
    delivery.id = id;
    delivery.episode = ways.episode;
    delivery.severity = ways.severity;
    delivery.seq = seq;
    delivery.json = json;
    delivery.created = now;
    delivery.handed = clock_.mono();
    delivery.due = now + route.delay;
    delivery.delay = route.delay;
    delivery.escalation = route.escalation;
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

bool Journal::append(std::uint64_t seq, Id128 id, Timestamp ts_event, std::string json, const Ways& ways) {
  if (seq > last_seq_.load(std::memory_order_relaxed)) last_seq_.store(seq, std::memory_order_relaxed);
  const bool room = queued_.fetch_add(1, std::memory_order_relaxed) < options_.capacity;
  if (room) {
    auto shared = std::make_shared<const std::string>(std::move(json));
    const auto over = ways.over ? std::optional{ways.episode} : std::nullopt;
    JournalRow row{seq, id, ts_event, shared, deliveries_of(id, seq, ways, shared)};
    if (mailbox_.post(Handed{std::move(row), {}, over})) return true;
    json = *shared;
  }
  queued_.fetch_sub(1, std::memory_order_relaxed);
  refused_.fetch_add(1, std::memory_order_relaxed);
  hole_ = true;
  // Sinks get it all the same.
  static_cast<void>(dispatch(id, 0, ways, std::move(json)));
  return false;
}

bool Journal::dispatch(Id128 id, std::uint64_t seq, const Ways& ways, std::string json) {
  auto deliveries = deliveries_of(id, seq, ways, std::make_shared<const std::string>(std::move(json)));
  if (deliveries.empty() && !ways.over) return true;
  const auto over = ways.over ? std::optional{ways.episode} : std::nullopt;
  if (mailbox_.post(Handed{std::nullopt, std::move(deliveries), over})) return true;
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

void Journal::on_deliveries(OnDeliveries take) {
  const std::scoped_lock guard{mutex_};
  take_ = std::move(take);
}

void Journal::change(DeliveryChange change) {
  {
    const std::scoped_lock guard{mutex_};
    requests_.changes.push_back(std::move(change));
  }
  mailbox_.poke();
}

void Journal::fold(std::vector<DeliveryChange> folded, Delivery summary) {
  {
    const std::scoped_lock guard{mutex_};
    std::ranges::move(folded, std::back_inserter(requests_.changes));
    requests_.deliveries.push_back(std::move(summary));
  }
  mailbox_.poke();
}

void Journal::act(Action action, OnStored done) {
  {
    const std::scoped_lock guard{mutex_};
    requests_.actions.push_back({std::move(action), std::move(done)});
  }
  mailbox_.poke();
}

void Journal::send(std::vector<Delivery> deliveries) {
  {
    const std::scoped_lock guard{mutex_};
    std::ranges::move(deliveries, std::back_inserter(requests_.deliveries));
  }
  mailbox_.poke();
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
  name_this_thread("storage");
  const auto flush_wanted = [this] {
    const std::scoped_lock guard{mutex_};
    return flush_wanted_;
  };
  while (!stop.stop_requested()) {
    pulse_.beat();
    if (flush_wanted() == flush_done_) mailbox_.wait(retry_after_.count() == 0 ? idle() : until_retry());
    if (flush_wanted() == flush_done_ && !stop.stop_requested()) mailbox_.wait(options_.group_window);
    const auto answered = flush_wanted();
    collect();
    if (answered != flush_done_ || until_retry().count() == 0 || !actions_.empty()) commit();
    hand_on();
    answer();
    forget_old();
    {
      const std::scoped_lock guard{mutex_};
      flush_done_ = answered;
    }
    flushed_.notify_all();
  }
  pulse_.rest();
}

// How long a failed commit still has to wait for its next try; zero when a commit may be tried now.
Duration Journal::until_retry() const {
  if (retry_after_.count() == 0) return Duration{0};
  return std::max(Duration{retry_at_ - std::chrono::steady_clock::now()}, Duration{0});
}

// Until the next look at what is too old.
Duration Journal::idle() const {
  if (options_.keep == Duration{0}) return kIdle;
  return std::clamp<Duration>(forget_at_ - std::chrono::steady_clock::now(), Duration{0}, kIdle);
}

void Journal::collect() {
  mailbox_.drain([this](Item&& item) {
    if (auto* handed = std::get_if<Handed>(&item)) {
      if (handed->row) {
        give_numbers(handed->row->deliveries);
        batch_.rows.push_back(*std::move(handed->row));
      }
      give_numbers(handed->deliveries);
      // A disk that refuses for long: what is more goes out and is not stored.
      if (batch_.deliveries.size() < options_.capacity)
        std::ranges::move(handed->deliveries, std::back_inserter(batch_.deliveries));
      if (!handed->over) return;
      batch_.over.push_back(*handed->over);
      over_.push_back(*handed->over);
    } else if (auto* snapshot = std::get_if<Snapshot>(&item)) {
      snapshots_.fetch_sub(1, std::memory_order_relaxed);
      collect_history(std::exchange(snapshot->history, {}));
      batch_.snapshot = std::move(*snapshot);  // the older one is of no use any more
    }
  });
  collect_requests();
}

// An older snapshot is of no use beside a newer one; what it adds to the history is.
void Journal::collect_history(std::vector<HistoryRows> rows) {
  std::ranges::move(rows, std::back_inserter(batch_.history));
  if (batch_.history.size() <= kMostHistory) return;
  const auto lost = batch_.history.size() - kMostHistory;
  batch_.history.erase(batch_.history.begin(), batch_.history.begin() + static_cast<std::ptrdiff_t>(lost));
  const std::scoped_lock guard{mutex_};
  status_.lost_history += lost;
}

void Journal::collect_requests() {
  Requests requests;
  {
    const std::scoped_lock guard{mutex_};
    requests = std::exchange(requests_, {});
  }
  give_numbers(requests.deliveries);
  std::ranges::move(requests.changes, std::back_inserter(batch_.changes));
  std::ranges::move(requests.deliveries, std::back_inserter(batch_.deliveries));
  std::ranges::move(requests.actions, std::back_inserter(actions_));
}

void Journal::give_numbers(std::vector<Delivery>& deliveries) {
  for (auto& delivery : deliveries) {
    delivery.number = ++last_delivery_;
    fresh_.push_back(delivery);
  }
}

// Actions go in with the rest; one that was refused is not tried again: whoever asked is told.
void Journal::commit() {
  if (batch_.empty() && actions_.empty()) return;
  if (!store_->is_open()) static_cast<void>(store_->reopen());  // what went wrong then may be over
  for (const auto& promised : actions_) batch_.actions.push_back(promised.action);
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = store_->commit(batch_, clock_.now());
  batch_.actions.clear();
  if (outcome)
    on_stored(std::chrono::steady_clock::now() - start);
  else
    on_failed(outcome.error());
  for (auto& promised : std::exchange(actions_, {})) answers_.emplace_back(std::move(promised.done), bool(outcome));
}

// After what the same transaction stored was handed on: an acknowledgement must find what it ends.
void Journal::answer() {
  for (const auto& [done, stored] : std::exchange(answers_, {}))
    if (done) done(stored);
}

void Journal::hand_on() {
  if (fresh_.empty() && over_.empty()) return;
  OnDeliveries take;
  {
    const std::scoped_lock guard{mutex_};
    take = take_;
  }
  if (!take) return;  // nobody sends yet
  const bool stored = storage_ok();
  for (auto& delivery : fresh_) delivery.stored = stored;
  auto fresh = std::exchange(fresh_, {});
  take(std::move(fresh), std::exchange(over_, {}));
}

void Journal::forget_old() {
  const auto now = std::chrono::steady_clock::now();
  if (options_.keep == Duration{0} || now < forget_at_ || !storage_ok()) return;
  auto gone = store_->forget(clock_.now() - options_.keep, kForgetBite);
  const auto history =
      store_->forget_history(clock_.now(), {.minutes = options_.keep_minutes, .rest = options_.keep}, kForgetBite);
  if (gone && history) *gone += *history;
  forget_at_ = now + (gone && *gone != 0 ? Duration{kForgetAgain} : Duration{kForgetEvery});
  if (!gone) return;
  const std::scoped_lock guard{mutex_};
  status_.forgotten += *gone;
}

void Journal::on_stored(Duration took) {
  const auto count = batch_.rows.size();
  if (batch_.snapshot) stored_position_.store(batch_.snapshot->position, std::memory_order_relaxed);
  batch_.clear();
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
  std::string reason = fmt::format("{}: {}, {} alerts wait", file_.string(), failure.message, batch_.rows.size());
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
  answer();
  store_.reset();
  { const StateLock released = std::move(lock_); }
  flushed_.notify_all();
  if (batch_.rows.empty()) return {};
  return StateError{StateError::Kind::kIo,
                    fmt::format("{}: {} alerts could not be stored", file_.string(), batch_.rows.size())};
}

}  // namespace yagura::alerts
