// The whole path of a tick on one page.
//
//   vendor's frame
//     -> FeedSession::on_frame        feeds/session.cpp     stamps the moment the frame was complete
//     -> Codec::decode                feeds/vendors/*.cpp   bytes to prices
//     -> Pipeline::from_feed          here                  which feed speaks; into the queue
//   ------------------------------------------------------- queue: bounded, lock-free, folds when full; none with
//     -> Pipeline::drain              here                  detector thread                           workers = 0
//     -> Shards::run                  processing/           alone, or each worker its instruments
//     -> Pipeline::decide             here                  on the thread of the tick's instrument
//     -> IntegrityFilter::push        processing/           duplicates, order, hours, outliers
//     -> Detector::on_tick            processing/           records, levels, moves -> Signal; then the ticks of series
//     -> Pipeline::hand_out           here                  detector thread, in the ticks' order
//     -> CrashRing::append            alerts/               outlives a kill -9, see Pipeline::run_again
//     -> outlets_.alerts              app/alert_desk.cpp    words and JSON, straight into the clients' sockets
//   ------------------------------------------------------- the alert is out; what follows delays later ticks alone
//     -> outlets_.settle              app/alert_desk.cpp    journal, sinks, screen: into the queues of their threads
//     -> outlets_.rest                app/live_monitor      behind the batch: wakes those threads
//
// From the complete frame to outlets_.alerts nothing allocates, locks, formats, logs, waits for a
// disk or throws (tests/app/hot_path_test.cpp counts).
#include "app/pipeline.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <utility>  // exchange

namespace yagura::app {

using processing::Decision;

namespace {

// Ticks taken from the queue at once. An alert of a shared batch leaves when the batch is decided, so
// that may not be long either; but one that waits for a helper to wake up must be worth it.
constexpr std::size_t kBatch = 256;
constexpr std::size_t kSharedBatch = 1024;

}  // namespace

Pipeline::Pipeline(Options options, processing::Monitor& monitor, const Clock& clock, Outlets outlets)
    : options_(options),
      monitor_(&monitor),
      clock_(clock),
      outlets_(std::move(outlets)),
      selector_(monitor.options().instruments, options.feeds),
      queue_(options.queue_capacity),
      producer_(queue_, options.when_full, monitor.size(), [this] { return make_room(); }),
      batch_(options.workers > 1 ? kSharedBatch : kBatch),
      market_(monitor.size()),
      due_since_(monitor.size()),
      shards_(
          {.workers = options.workers, .batch = batch_.size(), .spin_for = options.helpers_spin}, monitor.groups(),
          {.decide = [this](const Tick& tick, Decision& decision, SignalBuffer& out) { decide(tick, decision, out); },
           .hand_out = [this](const Tick& tick, const Decision& decision,
                              SignalBuffer& signals) { hand_out(tick, decision, signals); }}) {}

// -- Feed's thread -----------------------------------------------------------------------------

void Pipeline::from_feed(const Tick& arrived, int feed, int priority) noexcept {
  const auto choice = selector_.choose(arrived, feed, priority);
  if (choice == SourceSelector::Choice::kStandby) return;
  Tick tick = arrived;
  if (choice == SourceSelector::Choice::kSwitched) tick.flags |= TickFlag::kAfterGap | TickFlag::kSourceSwitch;
  parsed_ = clock_.mono();
  const auto delay = (parsed_ - tick.mono_recv).count() / 64;
  tick.enqueue_delay_64ns =
      static_cast<std::uint16_t>(std::clamp<std::int64_t>(delay, 0, std::numeric_limits<std::uint16_t>::max()));
  // A read may bring hundreds: an alert among the first does not wait for the parsing of all.
  if (options_.on_feed_thread)
    run({&tick, 1});
  else
    producer_.push(tick);
}

void Pipeline::batch_end() noexcept {
  if (options_.on_feed_thread) return rest();
  if (producer_.folding()) outlets_.folding();
  if (parsed_ != MonoTime{})
    enqueued_ns_.store((clock_.mono() - std::exchange(parsed_, {})).count(), std::memory_order_relaxed);
  outlets_.wake();
}

void Pipeline::flush_folded() noexcept {
  producer_.flush();
  batch_end();  // asks again while something is left
}

// The queue is full and the feed is to wait: read no further until there is room.
bool Pipeline::make_room() noexcept {
  outlets_.wake();
  std::this_thread::sleep_for(std::chrono::microseconds{20});
  return !stopping_.load(std::memory_order_relaxed);
}

// -- Detector thread ---------------------------------------------------------------------------

std::size_t Pipeline::drain() noexcept {
  if (options_.on_feed_thread) return 0;
  const auto count = queue_.drain(batch_);
  if (count != 0) {
    if (const auto ns = enqueued_ns_.exchange(0, std::memory_order_relaxed); ns != 0)
      latency_.on_enqueued(Duration{ns});
  }
  run(std::span{batch_}.first(count));
  rest();
  return count;
}

void Pipeline::run(std::span<const Tick> ticks) noexcept {
  shards_.run(ticks);
  ticks_ += ticks.size();
}

// Touches nothing but the tick's own instrument: several of these may run at once.
void Pipeline::decide(const Tick& tick, Decision& decision, SignalBuffer& out) noexcept {
  auto& instrument = monitor_->instrument(tick.symbol);
  if (options_.future_limit && tick.ts_event - tick.ts_recv > *options_.future_limit) {
    instrument.count_reject(processing::Reject::kFuture);
    decision.refused = true;
    return;
  }
  decision.taken = options_.on_feed_thread ? parsed_ : clock_.mono();
  const auto accepted_before = instrument.filter().counts().accepted;
  const auto said_before = out.signals().size();
  instrument.on_tick(tick, out);
  for (auto& signal : out.signals().subspan(said_before)) {
    const bool of_price =
        signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel || signal.kind == RuleKind::kRecord;
    if (of_price && signal.ts_event == tick.ts_event) signal.feed_gap = instrument.feed_gap();
  }
  decision.accepted = instrument.filter().counts().accepted != accepted_before;
  decision.decided = clock_.mono();
}

void Pipeline::hand_out(const Tick& tick, const Decision& decision, SignalBuffer& signals) noexcept {
  note(alerts::RingEntry::Kind::kTick, tick);
  if (decision.refused) return;
  if (!signals.empty()) {
    for (auto& signal : signals.signals()) signal.mono_decided = decision.decided;
    const auto written = say(signals);
    latency_.on_alert(tick, decision.decided, written, clock_.mono());
  }
  auto& market = market_[index_of(tick.symbol)];
  if (tick.ts_event >= market.newest) market = {tick.ts_event, tick.mono_recv};
  latency_.on_tick(tick, decision.taken, decision.decided);
  if (!decision.accepted) return;
  outlets_.accepted(monitor_->instrument(tick.symbol), decision.decided);
  for (const auto series : monitor_->series_with(tick.symbol)) {
    const auto& made = monitor_->instrument(series);
    if (made.last_tick() != nullptr && made.last_tick()->mono_recv == tick.mono_recv)
      outlets_.accepted(made, decision.decided);
  }
}

// First to the clients, then the rest; the moment between them.
MonoTime Pipeline::say(SignalBuffer& signals) noexcept {
  outlets_.alerts(signals);
  const auto written = clock_.mono();
  if (outlets_.settle) outlets_.settle(signals);
  said_ = true;
  return written;
}

void Pipeline::rest() noexcept {
  if (said_ && outlets_.rest) outlets_.rest();
  said_ = false;
}

void Pipeline::replace(processing::Monitor& monitor) {
  monitor_ = &monitor;
  shards_.assign(monitor.groups());
}

Timestamp Pipeline::market_time(SymbolId symbol, MonoTime now) const {
  // Of a series, what the leg that is furthest behind says: a later tick of the others ends no session.
  if (const auto* series = monitor_->options().series_of(symbol)) {
    auto earliest = Timestamp::max();
    for (const auto leg : series->expression.legs) earliest = std::min(earliest, market_time(leg, now));
    return earliest;
  }
  const auto& market = market_[index_of(symbol)];
  return market.newest == Timestamp{} ? Timestamp{} : market.newest + (now - market.seen);
}

void Pipeline::on_second() noexcept {
  const auto now = clock_.mono();
  Tick moment{};
  moment.ts_recv = clock_.now();
  moment.mono_recv = now;
  for (std::size_t i = 0; i < monitor_->size(); ++i) {
    moment.symbol = SymbolId{static_cast<std::uint16_t>(i)};
    moment.ts_event = market_time(moment.symbol, now);
    if (moment.ts_event == Timestamp{}) continue;
    monitor_->on_clock(moment.symbol, moment.ts_event, signals_);
    note(alerts::RingEntry::Kind::kClock, moment);
    hand_out_by_clock(now);
    if (outlets_.clock) outlets_.clock(moment.symbol, moment.ts_event);
  }
  rest();
}

void Pipeline::note(alerts::RingEntry::Kind kind, const Tick& moment, StaleReason reason) noexcept {
  if (ring_ != nullptr) ring_->append(kind, moment, static_cast<std::uint8_t>(reason));
}

// What the clock alone revealed.
void Pipeline::hand_out_by_clock(MonoTime decided) noexcept {
  if (signals_.empty()) return;
  for (auto& signal : signals_.signals()) signal.mono_decided = decided;
  say(signals_);
  signals_.clear();
}

// Some instrument's time is far from ours: then ours says nothing about those not heard yet.
bool Pipeline::plays_a_recording(MonoTime mono, Timestamp wall) const noexcept {
  constexpr Duration kFar = std::chrono::hours{1};
  for (std::size_t i = 0; i < market_.size(); ++i) {
    const auto market_now = market_time(SymbolId{static_cast<std::uint16_t>(i)}, mono);
    if (market_now != Timestamp{} && (market_now < wall - kFar || market_now > wall + kFar)) return true;
  }
  return false;
}

void Pipeline::watch_silence() noexcept {
  if (queue_.depth() != 0) return;  // what waits there is no silence
  Tick moment{};
  moment.mono_recv = clock_.mono();
  moment.ts_recv = clock_.now();
  const bool recording = plays_a_recording(moment.mono_recv, moment.ts_recv);
  for (std::size_t i = 0; i < monitor_->size(); ++i) {
    moment.symbol = SymbolId{static_cast<std::uint16_t>(i)};
    moment.ts_event = market_time(moment.symbol, moment.mono_recv);
    if (moment.ts_event == Timestamp{}) {
      if (recording) continue;
      moment.ts_event = moment.ts_recv;
    }
    look_for_silence(moment);
    auto& liveness = monitor_->instrument(moment.symbol).liveness();
    const auto due = liveness.due(moment.ts_event);
    due_since_[i] =
        due ? moment.mono_recv - std::min<Duration>(moment.ts_event - *due, moment.mono_recv.time_since_epoch())
            : MonoTime::max();
    selector_.set_limit(moment.symbol, liveness.limits(moment.ts_event).stale, due_since_[i]);
  }
  rest();
}

void Pipeline::look_for_silence(const Tick& moment) noexcept {
  auto& instrument = monitor_->instrument(moment.symbol);
  instrument.watch_silence(moment.ts_event, signals_);
  StaleReason reason{};
  if (!signals_.empty() && outlets_.silence_reason) reason = outlets_.silence_reason(moment.symbol);
  for (auto& signal : signals_.signals()) {
    signal.ts_recv = moment.ts_recv;
    signal.mono_recv = moment.mono_recv;
    signal.stale.reason = reason;
  }
  auto noted = moment;  // with the one thing it depends on that a snapshot has not
  noted.seq = static_cast<std::uint64_t>(to_ns(instrument.liveness().listening_since().value_or(Timestamp{})));
  note(alerts::RingEntry::Kind::kSilence, noted, reason);
  hand_out_by_clock(moment.mono_recv);
}

// -- At the start: what the last run had taken after its last snapshot -----------------------------

void Pipeline::run_again(const alerts::RingEntry& entry) noexcept {
  using Kind = alerts::RingEntry::Kind;
  const Tick& tick = entry.tick;
  if (index_of(tick.symbol) >= monitor_->size()) return;
  auto& instrument = monitor_->instrument(tick.symbol);
  switch (entry.kind) {
    case Kind::kTick: {
      Decision decision;
      decide(tick, decision, signals_);
      break;
    }
    case Kind::kClock: monitor_->on_clock(tick.symbol, tick.ts_event, signals_); break;
    case Kind::kSilence:
      instrument.liveness().listen_since(timestamp_from_ns(static_cast<std::int64_t>(tick.seq)));
      instrument.watch_silence(tick.ts_event, signals_);
      for (auto& signal : signals_.signals()) {
        signal.ts_recv = tick.ts_recv;
        signal.mono_recv = tick.mono_recv;
        signal.stale.reason = static_cast<StaleReason>(entry.detail);
      }
      break;
    case Kind::kCancelled: static_cast<void>(instrument.on_cancelled(tick, signals_)); break;
  }
  if (!signals_.empty()) {
    // Said now, however late that is. By the wall's clock: the steady one may have begun anew.
    for (auto& signal : signals_.signals())
      signal.mono_decided = signal.mono_recv + std::max<Duration>(clock_.now() - signal.ts_recv, Duration{0});
    say(signals_);
    signals_.clear();
  }
  if (entry.kind == Kind::kClock && outlets_.clock) outlets_.clock(tick.symbol, tick.ts_event);
  rest();
}

}  // namespace yagura::app
