#include "processing/move_detector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <utility>

namespace yagura::processing {
namespace {

// Events of different windows in one direction within this time are one to a reader.
constexpr auto kMergeWithin = std::chrono::seconds{60};

// Of a rule with min_z.
constexpr double kCriticalZ = 9;

}  // namespace

MoveDetector::MoveDetector(const MoveOptions& options, Announcer announcer, SlidingExtremes& extremes,
                           Volatility& volatility)
    : announcer_(std::move(announcer)), extremes_(extremes), volatility_(volatility), min_z_(options.min_z) {
  volatility_.want();
  for (const auto& window : options.windows) {
    windows_.push_back({window.length, window.threshold, extremes.add_window(window.length), {}});
  }
  std::ranges::stable_sort(windows_, {}, &Window::length);
  for (const bool percent : {false, true}) {
    const auto smaller = [](const Window& a, const Window& b) {
      return std::pair{a.threshold.points, a.threshold.percent} < std::pair{b.threshold.points, b.threshold.percent};
    };
    auto same = windows_ | std::views::filter([&](const Window& w) { return w.threshold.is_percent == percent; });
    if (!same.empty()) least_.push_back(std::ranges::min_element(same, smaller)->threshold);
  }
}

void MoveDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  if (all_idle_ && quiet(context.tick.price)) return;  // nearly every tick
  for (auto& window : windows_) step(context, window, out);
  all_idle_ = std::ranges::all_of(windows_, [](const Window& w) { return w.state.phase == Phase::kIdle; });
}

// The smallest threshold is not reached even from the furthest price that any window knows: then no
// window's is, whose extremes lie within.
bool MoveDetector::quiet(Price price) const noexcept {
  const Price low = extremes_.lowest();
  const Price high = extremes_.highest();
  return std::ranges::none_of(least_, [&](const Band& threshold) {
    return threshold.reached_by(price - low, low) || threshold.reached_by(high - price, high);
  });
}

void MoveDetector::step(const TickContext& context, Window& window, SignalBuffer& out) noexcept {
  const auto extremes = extremes_.at(window.handle);
  if (window.state.phase == Phase::kIdle) return idle(context, window, extremes, out);
  // Calm again: neither side of the window is half a threshold away.
  const Price p = context.tick.price;
  static constexpr auto kHalf = std::numeric_limits<std::int64_t>::max() / 2;  // a broken feed's distance may exceed it
  const auto twice = [](PriceDelta d) { return PriceDelta::from_raw(2 * std::min(d.raw(), kHalf)); };
  if (!window.threshold.reached_by(twice(p - extremes.low.price), extremes.low.price) &&
      !window.threshold.reached_by(twice(extremes.high.price - p), extremes.high.price)) {
    window.state.phase = Phase::kIdle;
    return;
  }
  active(context, window, out);
}

void MoveDetector::idle(const TickContext& context, Window& window, const SlidingExtremes::Extremes& extremes,
                        SignalBuffer& out) noexcept {
  const Price p = context.tick.price;
  const PriceDelta up = p - extremes.low.price;
  const PriceDelta down = extremes.high.price - p;
  const bool up_reached = window.threshold.reached_by(up, extremes.low.price);
  const bool down_reached = window.threshold.reached_by(down, extremes.high.price);
  if (!up_reached && !down_reached) return;
  const bool upward = up_reached && (!down_reached || up >= down);
  const auto& from = upward ? extremes.low : extremes.high;
  const auto z = size(context, window, from.price);
  if (min_z_ > 0 && z && z->z < min_z_) return;
  auto& state = window.state;
  state.phase = upward ? Phase::kUp : Phase::kDown;
  state.origin = from.price;
  state.origin_ts = from.time;
  announce(context, window, Event::kMove, z, out);
}

void MoveDetector::active(const TickContext& context, Window& window, SignalBuffer& out) noexcept {
  auto& state = window.state;
  const Price p = context.tick.price;
  const bool up = state.phase == Phase::kUp;
  const auto ahead = [&](Price from) { return up ? p - from : from - p; };
  if (window.threshold.reached_by(ahead(state.alerted), state.alerted)) {
    announce(context, window, Event::kExtended, size(context, window, state.origin), out);
  } else if (window.threshold.reached_by(-ahead(state.furthest), state.furthest)) {
    state.phase = up ? Phase::kDown : Phase::kUp;
    state.origin = state.furthest;
    state.origin_ts = state.furthest_ts;
    announce(context, window, Event::kReversal, size(context, window, state.origin), out);
  } else if (ahead(state.furthest) > PriceDelta{}) {
    state.furthest = p;
    state.furthest_ts = context.tick.ts_event;
  }
}

std::optional<MoveDetector::Size> MoveDetector::size(const TickContext& context, const Window& window,
                                                     Price reference) const noexcept {
  const auto usual = volatility_.over(context.tick.ts_event, window.length);
  if (!usual || reference.raw() <= 0) return std::nullopt;
  const double ratio = static_cast<double>(context.tick.price.raw()) / static_cast<double>(reference.raw());
  return Size{std::abs(std::log(ratio)) / usual->sigma, usual->seeded};
}

void MoveDetector::announce(const TickContext& context, Window& window, Event event, std::optional<Size> size,
                            SignalBuffer& out) noexcept {
  auto& state = window.state;
  const auto direction = state.phase == Phase::kUp ? Direction::kUp : Direction::kDown;
  const auto t = context.tick.ts_event;
  state.alerted = state.furthest = context.tick.price;
  state.furthest_ts = t;
  if (merged(window, direction, t)) return;

  // One step above the high of the move it extends; nothing is above critical.
  const bool far = min_z_ > 0 && size && size->z >= kCriticalZ;
  const auto severity =
      event == Event::kExtended || (event == Event::kMove && far) ? Severity::kCritical : Severity::kHigh;
  auto signal = announcer_.draft(context, event, direction, severity);
  if (event != Event::kMove) signal.parent = state.last_id;
  signal.move = {.window = window.length,
                 .change = context.tick.price - state.origin,
                 .threshold = window.threshold.at(state.origin),
                 .reference = state.origin,
                 .reference_ts = state.origin_ts,
                 .threshold_pct = window.threshold.percent,
                 .z = size ? size->z : 0,
                 .has_z = size.has_value(),
                 .seeded = size && size->seeded,
                 .scaled = min_z_ > 0};
  state.last_id = announcer_.emit(signal, window.length.count(), out);
  state.emitted[static_cast<std::size_t>(direction)] = t;
}

// Another window has just said so in the same direction.
bool MoveDetector::merged(const Window& window, Direction direction, Timestamp t) const noexcept {
  return std::ranges::any_of(windows_, [&](const Window& other) {
    const auto emitted = other.state.emitted[static_cast<std::size_t>(direction)];
    return &other != &window && emitted != Timestamp::min() && t - emitted < kMergeWithin;
  });
}

void MoveDetector::on_segment_start() noexcept {
  for (auto& window : windows_) window.state.phase = Phase::kIdle;
}

void MoveDetector::forget() noexcept {
  for (auto& window : windows_) window.state = {};
}

void MoveDetector::state(StateIo& io) {
  io(announcer_);
  for (auto& window : windows_) io(window.state);
  all_idle_ = false;
}

std::string MoveDetector::fingerprint() const {
  std::string text = min_z_ > 0 ? "move z" + std::to_string(min_z_) : "move";
  for (const auto& window : windows_) {
    text +=
        '/' + std::to_string(window.length.count()) + ':' +
        std::to_string(window.threshold.is_percent ? window.threshold.percent.units() : window.threshold.points.raw()) +
        (window.threshold.is_percent ? "%" : "");
  }
  return text;
}

}  // namespace yagura::processing
