#include "app/live_monitor.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>  // exchange

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "alerts/journal_reader.hpp"
#include "app/commands.hpp"
#include "app/liveness_view.hpp"
#include "app/log.hpp"
#include "app/machine.hpp"
#include "app/sinks.hpp"
#include "app/snapshot_blob.hpp"
#include "app/start_up.hpp"
#include "app/version.hpp"
#include "config/load.hpp"

namespace yagura::app {
namespace {

// What is due when we are told to stop still goes out; what takes longer waits for the next start.
constexpr auto kLastDeliveries = std::chrono::seconds{2};
constexpr auto kNoTicks = ~std::uint64_t{0};

// Below this many cores a spinning detector would starve the feed and the browser.
constexpr unsigned kCoresToSpin = 4;
constexpr auto kSpinAfterTraffic = std::chrono::microseconds{50};
// While spinning, the console's sockets are looked at every so many turns, or reads of a feed: each look
// is a system call.
constexpr std::uint64_t kServeEvery = 32;
constexpr std::uint64_t kTurnsOfRead = 8;
// An alert's way is gone through so often, so that it is known when one comes. It takes 7 us: of a hundred and fifty
// ticks one has to wait for part of that.
constexpr auto kRehearseEvery = std::chrono::milliseconds{1};
// When the state is stored behind an alert, while the crash ring has what came since: out of the way of what
// follows the alert, but still in the journal's transaction that stores it (Journal::Options::group_window).
// In a storm it follows a little later, that being what a power cut may cost.
constexpr auto kSnapshotBehindAlert = std::chrono::milliseconds{3};
constexpr auto kSnapshotsApart = std::chrono::milliseconds{20};
// Behind a batch the console waits so long before it is looked at, a system call: a tick right behind an alert
// need not wait for that. It does while an alert is on its way to the last of many clients.
constexpr auto kServeAfter = std::chrono::microseconds{50};
// So long the console is served in one turn, and so long while ticks or a snapshot wait for theirs.
constexpr auto kTurnOfConsole = std::chrono::milliseconds{10};
constexpr auto kShareOfConsole = std::chrono::microseconds{50};

}  // namespace

LiveMonitor::LiveMonitor(Options options)
    : options_(std::move(options)), settings_(options_.settings), started_(clock_.now()), config_loaded_(started_) {
  using config::WaitMode;
  auto& wait = settings_.pipeline.wait;
  if (wait == WaitMode::kAuto)
    wait = std::thread::hardware_concurrency() >= kCoresToSpin ? WaitMode::kYield : WaitMode::kBlock;
  if (wait == WaitMode::kYield) spin_for_ = kSpinAfterTraffic;
}

LiveMonitor::~LiveMonitor() {
  if (feeds_) feeds_->stop();
}

// -- The detector thread -----------------------------------------------------------------------

int LiveMonitor::run() {
  supervisor_->start();
  say_missing(hold_memory(settings_.pipeline));
  say_missing(take_place(PathThread::kDetector, settings_.pipeline));
  loop();
  shut_down();
  return journal_->storage_ok() ? kDone : kFailed;
}

void LiveMonitor::stop() {
  boost::asio::post(io_, [this] { stopping_ = true; });
}

void LiveMonitor::loop() {
  while (!stopping_) {
    pulse_.beat();
    try {
      if (pipeline_->drain() != 0) {
        last_traffic_ = clock_.mono();
        if (last_traffic_ - served_ >= kServeAfter || (console_ && console_->busy())) serve();
      } else {
        wait_for_work();
      }
      // With workers = 0 ticks were decided as they were read.
      if (spin_for_ > Duration{0} && std::exchange(ticks_seen_, pipeline_->ticks()) != pipeline_->ticks())
        last_traffic_ = clock_.mono();
      // After the batch that fired, not between a decision and the next tick; and long before the ring
      // runs over what no snapshot has.
      const bool filling = ring_ && ring_->last() - snapshot_entry_ >= ring_->capacity() / 2;
      if (snapshot_due_ = snapshot_due_ || filling; snapshot_due_) store_snapshot();
    } catch (const std::exception& error) {
      spdlog::error("detector thread: {}", error.what());
    }
  }
}

// What the console and the timers have to do, until ticks wait for a decision or an alert for its snapshot: a
// crowd of clients is written to in many short handlers. Under a flood of ticks there is a share for them all
// the same. False when there was nothing to do.
bool LiveMonitor::serve() {
  const auto began = clock_.mono();
  served_ = began;
  bool any = false;
  for (; io_.poll_one() != 0; any = true) {
    const bool pressed = pipeline_->queue().depth() != 0 || snapshot_due_;
    if (clock_.mono() - began >= (pressed ? Duration{kShareOfConsole} : Duration{kTurnOfConsole})) return true;
  }
  return any;
}

void LiveMonitor::wait_for_work() {
  const bool spin = spins() || (spin_for_ > Duration{0} && clock_.mono() - last_traffic_ < spin_for_);
  if (spin) return turn_of_spin();
  if (settings_.pipeline.workers == 0) feeds_->park();
  wakeup_.prepare();
  if (pipeline_->queue().depth() == 0 && !stopping_) io_.run_one();
  wakeup_.finish();
}

void LiveMonitor::turn_of_spin() {
  const bool feeds_here = settings_.pipeline.workers == 0;
  const bool read = feeds_here && feeds_->poll();
  spins_ += read ? kTurnsOfRead : 1;
  if (spins_ < kServeEvery && !(feeds_here && feeds_->context_too())) return pause_();
  spins_ = 0;
  if (!serve() && !read) rehearse();
}

// Only while it spins and nothing else is to be done: a thread that sleeps gives its caches away with its core.
void LiveMonitor::rehearse() {
  if (served_ - rehearsed_ < kRehearseEvery || pipeline_->queue().depth() != 0 || snapshot_due_) return;
  rehearsed_ = served_;
  desk_->rehearse();
}

void LiveMonitor::show(const processing::InstrumentMonitor& instrument, MonoTime decided) {
  const Tick& tick = *instrument.last_tick();
  recent_->push(tick.symbol, tick.ts_event, tick.price);
  prices_->on_told(tick.symbol);
  if (!console_ || console_->clients() == 0) return;
  console::LiveTick live{.instrument = index_of(tick.symbol),
                         .price = tick.price,
                         .bid = {},
                         .ask = {},
                         .ts_event = tick.ts_event,
                         .source = {}};
  if (has(tick.flags, TickFlag::kHasBid)) live.bid = tick.bid;
  if (has(tick.flags, TickFlag::kHasAsk)) live.ask = tick.ask;
  const int feed = pipeline_->speaking_feed(tick.symbol);
  if (feed >= 0) live.source = settings_.feeds[static_cast<std::size_t>(feed)].name;
  console_->publish_tick(live, decided);
}

void LiveMonitor::on_second() {
  pipeline_->on_second();
  watch_->on_second();
  sink_log_.on_second(outbox_->status());
  clock_watch_.look();
  tell_manager();
  snapshot_due_ = snapshot_due_ || prices_->due();
  if (clock_.mono() - stored_at_ >= settings_.journal.snapshot_every) store_snapshot();
  second_.expires_after(std::min<Duration>(std::chrono::seconds{1}, settings_.journal.snapshot_every));
  second_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_second();
  });
}

void LiveMonitor::on_quarter() {
  pipeline_->watch_silence();
  quarter_.expires_after(std::chrono::milliseconds{250});
  quarter_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_quarter();
  });
}

// Behind alerts: at once where nothing else would bring back what they left behind, else one for all that
// follow closely. Saving all detectors takes longer than a hundred ticks.
void LiveMonitor::snapshot_soon() {
  if (!ring_) snapshot_due_ = true;
  if (snapshot_due_ || std::exchange(snapshot_armed_, true)) return;
  snapshot_.expires_after(std::max<Duration>(kSnapshotBehindAlert, stored_at_ + kSnapshotsApart - clock_.mono()));
  snapshot_.async_wait([this](const boost::system::error_code& error) {
    snapshot_armed_ = false;
    snapshot_due_ = snapshot_due_ || !error;
  });
}

// The state as of the last tick decided; committed together with the alerts before it.
void LiveMonitor::store_snapshot() {
  if (pipeline_->ticks() == stored_ticks_ && stored_at_ != MonoTime{} && !snapshot_due_) return;
  snapshot_due_ = false;
  stored_ticks_ = pipeline_->ticks();
  stored_at_ = clock_.mono();
  auto [ring, position] = recovery_->place();
  if (ring_) position = snapshot_entry_ = ring_->last();
  auto history = prices_->rows();
  auto blob = join(*monitor_, *delivery_, ring, *prices_, snapshot_room_);
  snapshot_room_ = blob.size() + blob.size() / 8;
  const bool taken = journal_->put_snapshot({.version = kSnapshotVersion,
                                             .position = static_cast<std::int64_t>(position),
                                             .blob = std::move(blob),
                                             .history = std::move(history)});
  if (taken) prices_->taken();
  if (!taken) stored_ticks_ = kNoTicks;  // in a second again, though no tick may come
  journal_->wake();
}

// Entries that no snapshot on the disk contains and the ring does not hold any more: a crash now loses
// what they would have said.
std::uint64_t LiveMonitor::overwritten() const {
  if (!ring_) return 0;
  const auto kept = static_cast<std::uint64_t>(journal_->stored_position()) + ring_->capacity();
  return ring_->last() - std::min(ring_->last(), kept);
}

std::string LiveMonitor::ring_trouble() const {
  const auto lost = overwritten();
  return lost == 0 ? "" : "; the crash ring went round: a crash now loses " + grouped(lost) + " entries";
}

void LiveMonitor::report_expired() const {
  for (std::size_t i = 0; i < settings_.monitor.rules.size(); ++i) {
    if (delivery_->expired(RuleIndex{static_cast<std::uint16_t>(i)}, clock_.now())) {
      const auto& id = settings_.monitor.rules[i].id;
      log_event(spdlog::level::warn, "rule_expired", {{"rule", id}},
                "rule '" + id + "' expired " + to_string(settings_.delivery.rules[i].expires) +
                    ": it goes on, but its alerts are no longer delivered");
    }
  }
}

void LiveMonitor::shut_down() {
  supervisor_->stop();
  options_.manager.stopping();
  pipeline_->stop();
  feeds_->stop();
  while (pipeline_->drain() != 0) {
  }
  prices_->end_stretch();
  snapshot_due_ = true;
  store_snapshot();
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  second_.cancel();
  quarter_.cancel();
  snapshot_.cancel();
  end_.cancel();
  if (console_) {
    bool closed = false;
    console_->stop([&closed] { closed = true; });
    const auto until = clock_.mono() + std::chrono::seconds{2};
    while (!closed && clock_.mono() < until) io_.run_one_until(until);
  }
  if (screen_) screen_->flush(std::chrono::seconds{2});
  journal_->flush(std::chrono::seconds{2});
  outbox_->finish(kLastDeliveries);
  if (const auto stored = journal_->close(); !stored) spdlog::error("{}", stored.error().message);
}

// -- What the console asks ---------------------------------------------------------------------

void LiveMonitor::fill(console::StateSnapshot& state) {
  const auto now = clock_.now();
  const auto mono = clock_.mono();
  state.version = kVersion;
  state.epoch = journal_->epoch();
  state.started = started_;
  state.now = now;
  state.demo = options_.demo;
  state.note = options_.note;
  view_->fill_markets(*monitor_, *pipeline_, *feeds_, now, mono, state);
  view_->fill_feeds(*feeds_, *monitor_, *pipeline_, mono, state.feeds);
  StateView::fill_latency(pipeline_->latency(), state.latency);
  state.alert_count = desk_->alerts();
  state.delivered = delivery_->count(alerts::Held::kNot);
  state.held.clear();
  for (std::size_t i = 1; i < alerts::kHeldReasons; ++i) {
    const auto reason = static_cast<alerts::Held>(i);
    if (reason != alerts::Held::kPending)
      state.held.push_back({std::string(name_of(reason)), delivery_->count(reason)});
  }
  state.queue_depth = pipeline_->queue().depth();
  state.queue_capacity = pipeline_->queue().capacity();
  state.queue_folded = pipeline_->folded();
  const auto storage = journal_->status();
  state.storage_ok = storage.ok;
  state.storage_reason = storage.reason + ring_trouble();
  state.clock_reason = clock_watch_.status().reason;
}

}  // namespace yagura::app