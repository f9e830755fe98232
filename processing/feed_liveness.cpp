#include "processing/feed_liveness.hpp"

#include <algorithm>

#include "processing/fx_tags.hpp"

namespace yagura::processing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// An index print is due every 5 s: two may be lost before it is late, five before it is stale.
constexpr SilenceLimits kIndexLimits{seconds{12}, seconds{30}};
constexpr Duration kMostStale = seconds{120};
constexpr int kRolloverFactor = 4;

// The same price so long is no market.
constexpr std::uint32_t kFrozenPrints = 60;
constexpr Duration kFrozenTime = minutes{5};

// A held price should have been confirmed or denied by now; currencies: or three expected gaps.
constexpr Duration kIndexVerdict = seconds{12};
constexpr Duration kLeastVerdict = seconds{1};

constexpr Duration kClockBehind = milliseconds{-50};
constexpr Duration kClockAhead = seconds{2};
// Further apart than any clock goes wrong: a recording.
constexpr Duration kRecording = std::chrono::days{1};

constexpr Duration kHoleShown = seconds{60};

}  // namespace

std::string_view name_of(Liveness state) {
  static constexpr std::string_view kNames[] = {"CLOSED", "QUIET", "CONNECTING", "LIVE",
                                                "LATE",   "STALE", "FROZEN",     "SUSPECT"};
  return kNames[static_cast<std::size_t>(state)];
}

Liveness liveness_of(Expect expect, std::optional<Duration> age, Duration listening,
                     const SilenceLimits& limits) noexcept {
  if (expect == Expect::kClosed) return Liveness::kClosed;
  if (expect == Expect::kQuiet) return Liveness::kQuiet;
  if (!age) return listening > limits.stale ? Liveness::kStale : Liveness::kConnecting;
  if (*age > limits.stale) return Liveness::kStale;
  return *age > limits.late ? Liveness::kLate : Liveness::kLive;
}

void FeedLiveness::on_arrival(const Tick& tick) noexcept {
  const bool counts = !has(tick.flags, TickFlag::kFromBar) && !has(tick.flags, TickFlag::kFolded);
  const auto& stretch = due_.at(tick.ts_event);
  const bool same_stretch = heard_ && last_ >= stretch.from;
  // The index needs no learning: it is printed every 5 s.
  const bool learns = calendar_ != CalendarKind::kTse && stretch.expect == Expect::kDue;
  if (learns && counts && last_counts_ && same_stretch && !resumed_) gaps_.add(last_, tick.ts_event - last_);

  if (same_stretch && tick.price == last_price_) {
    ++same_prints_;
  } else {
    same_prints_ = 1;
    same_since_ = tick.ts_event;
    moved_at_ = tick.mono_recv;
  }
  delays_[delay_at_] = (tick.ts_recv - tick.ts_event).count();
  delay_at_ = delay_at_ + 1 == kDelays ? 0 : delay_at_ + 1;
  delay_count_ = std::min(delay_count_ + 1, kDelays);

  heard_ = true;
  resumed_ = false;
  last_counts_ = counts;
  last_ = tick.ts_event;
  last_price_ = tick.price;
}

void FeedLiveness::forget() noexcept {
  heard_ = last_counts_ = false;
  same_prints_ = 0;
}

std::optional<Silence> FeedLiveness::before(const Tick& tick) noexcept {
  const bool counts = !has(tick.flags, TickFlag::kFromBar) && !has(tick.flags, TickFlag::kFolded);
  if (!heard_ || resumed_ || !last_counts_ || !counts || tick.ts_event - last_ < kLeastLimit) return std::nullopt;
  const auto& stretch = due_.at(last_);
  if (stretch.expect != Expect::kDue) return std::nullopt;
  return Silence{last_, std::min(tick.ts_event, stretch.to)};
}

std::optional<Silence> FeedLiveness::until(Timestamp now) noexcept {
  if (!heard_ || resumed_ || !last_counts_ || now <= last_) return std::nullopt;
  const auto& stretch = due_.at(last_);
  if (stretch.expect != Expect::kDue) return std::nullopt;
  return Silence{last_, std::min(now, stretch.to)};
}

std::optional<Silence> FeedLiveness::unheard(Timestamp now) noexcept {
  if (!listening_since_) listening_since_ = now;
  const auto& stretch = due_.at(now);
  if (stretch.expect != Expect::kDue || (heard_ && !last_counts_)) return std::nullopt;
  if (heard_ && !resumed_ && last_ >= stretch.from) return std::nullopt;
  return Silence{std::max(stretch.from, *listening_since_), now, false};
}

SilenceLimits FeedLiveness::limits(Timestamp since) noexcept {
  if (calendar_ == CalendarKind::kTse) return kIndexLimits;
  const Duration q = gaps_.expected(since);
  SilenceLimits limits{2 * q, std::clamp<Duration>(4 * q, kLeastStale, kMostStale)};
  limits.late = std::min(limits.late, limits.stale);
  if (calendar_ == CalendarKind::kFx && (fx_tags(since).rollover || fx_tags(since + limits.stale).rollover)) {
    limits.late *= kRolloverFactor;
    limits.stale *= kRolloverFactor;
  }
  return limits;
}

bool FeedLiveness::frozen() noexcept {
  if (due_.at(last_).expect != Expect::kDue) return false;
  if (calendar_ == CalendarKind::kTse) return same_prints_ >= kFrozenPrints;
  if (calendar_ == CalendarKind::kFx && fx_tags(last_).thin) return false;
  return same_prints_ > 1 && last_ - same_since_ >= kFrozenTime;
}

bool FeedLiveness::clock_is_off() const noexcept {
  if (delay_count_ < kDelays) return false;
  auto delays = delays_;
  auto* const middle = delays.data() + kDelays / 2;
  std::nth_element(delays.data(), middle, delays.data() + kDelays);
  const Duration median{*middle};
  return (median < kClockBehind || median > kClockAhead) && median < kRecording && median > -kRecording;
}

FeedLiveness::Condition FeedLiveness::condition(Timestamp now, MonoTime mono, bool suspect, bool others_move) noexcept {
  Condition condition;
  const auto& stretch = due_.at(now);
  const bool own = heard_ && !resumed_;
  // Only silence in this stretch counts: the night was not the feed's.
  const Timestamp listening = std::max(listening_since_.value_or(now), stretch.from);
  const Timestamp since = own ? std::max(last_, stretch.from) : listening;
  condition.limits = limits(since);
  condition.silence = std::max<Duration>(now - (own ? last_ : listening), Duration{0});
  std::optional<Duration> age;
  if (own) age = now - since;
  condition.state = last_counts_ || !heard_ || resumed_
                        ? liveness_of(stretch.expect, age, now - listening, condition.limits)
                        : liveness_of(stretch.expect, Duration{0}, {}, condition.limits);  // bars have no age
  const auto verdict =
      calendar_ == CalendarKind::kTse ? kIndexVerdict : std::max(kLeastVerdict, condition.limits.late * 3 / 2);
  const bool talks = condition.state == Liveness::kLive || condition.state == Liveness::kLate;
  if (talks && suspect && age.value_or(Duration{0}) > verdict) condition.state = Liveness::kSuspect;
  if (condition.state == Liveness::kLive && others_move && frozen()) condition.state = Liveness::kFrozen;

  if (condition.state == Liveness::kFrozen)
    condition.reason = StaleReason::kFrozen;
  else if (condition.state == Liveness::kStale || condition.state == Liveness::kLate ||
           condition.state == Liveness::kSuspect)
    condition.reason = StaleReason::kNoData;
  else if (own && clock_is_off())
    condition.reason = StaleReason::kClock;
  else if (hole_at_ != MonoTime{} && mono - hole_at_ < kHoleShown)
    condition.reason = StaleReason::kSequenceGap;
  return condition;
}

void FeedLiveness::state(StateIo& io) { io(gaps_, heard_, resumed_, last_counts_, last_, last_price_); }

}  // namespace yagura::processing
