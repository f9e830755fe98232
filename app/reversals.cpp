#include "app/reversals.hpp"

#include <algorithm>
#include <variant>

namespace yagura::app {
namespace {

// How long a crossing has to prove itself: long enough for the flicker around a number to end.
constexpr auto kCrossingWindow = std::chrono::minutes{15};

const processing::CrossingOptions* crossing_of(const processing::RuleOptions& rule) {
  if (const auto* milestone = std::get_if<processing::MilestoneOptions>(&rule.kind)) return &milestone->crossing;
  if (const auto* level = std::get_if<processing::LevelOptions>(&rule.kind)) return &level->crossing;
  return nullptr;
}

// The smallest distance from `level` that reaches the band.
PriceDelta least_reaching(const processing::Band& band, Price level) {
  const auto rounded_down = band.at(level);
  return band.reached_by(rounded_down, level) ? rounded_down : rounded_down + PriceDelta::from_raw(1);
}

Timestamp end_of(Timestamp from, Duration window) {
  return from > Timestamp::max() - window ? Timestamp::max() : from + window;
}

OpenAlert open_crossing(const Signal& signal, const processing::CrossingOptions& crossing) {
  const bool up = signal.direction == Direction::kUp;
  const auto level = signal.levels.level;
  const auto band = least_reaching(crossing.rearm, level);
  const auto one = PriceDelta::from_raw(1);
  OpenAlert alert{.rule = signal.rule,
                  .direction = signal.direction,
                  .reversed_at = up ? level - band : level + band,
                  .cleared_at = up ? level + band : level - band,
                  .reversed_once_cleared = up ? level - one : level,
                  .until = end_of(signal.ts_event, kCrossingWindow)};
  const bool cleared = up ? signal.price >= *alert.cleared_at : signal.price <= *alert.cleared_at;
  if (cleared) {
    alert.reversed_at = alert.reversed_once_cleared;
    alert.cleared_at.reset();
  }
  return alert;
}

}  // namespace

std::optional<OpenAlert> open_alert(const Signal& signal, const processing::RuleOptions& rule) {
  switch (signal.event) {
    case Event::kReached:
    case Event::kLost:
      if (const auto* crossing = crossing_of(rule)) return open_crossing(signal, *crossing);
      return std::nullopt;
    case Event::kMove:
    case Event::kExtended:
    case Event::kReversal:
      if (signal.kind != RuleKind::kMove) return std::nullopt;
      return OpenAlert{.rule = signal.rule,
                       .direction = signal.direction,
                       .reversed_at = signal.move.reference,
                       .cleared_at = std::nullopt,
                       .reversed_once_cleared = {},
                       .until = end_of(signal.ts_event, signal.move.window)};
    default: return std::nullopt;
  }
}

ReversalWatch::Fate ReversalWatch::look(OpenAlert& alert, Timestamp t, Price price) {
  if (t > alert.until) return Fate::kExpired;
  const bool up = alert.direction == Direction::kUp;
  if (up ? price <= alert.reversed_at : price >= alert.reversed_at) return Fate::kReversed;
  if (alert.cleared_at && (up ? price >= *alert.cleared_at : price <= *alert.cleared_at)) {
    alert.reversed_at = alert.reversed_once_cleared;
    alert.cleared_at.reset();
  }
  return Fate::kOpen;
}

void ReversalWatch::add(const OpenAlert& alert) {
  open_.push_back(alert);
  include(alert);
}

void ReversalWatch::include(const OpenAlert& alert) {
  const bool up = alert.direction == Direction::kUp;
  if (up || alert.cleared_at) floor_ = std::max(floor_, up ? alert.reversed_at : *alert.cleared_at);
  if (!up || alert.cleared_at) ceiling_ = std::min(ceiling_, up ? *alert.cleared_at : alert.reversed_at);
  next_expiry_ = std::min(next_expiry_, alert.until);
}

void ReversalWatch::update_bounds() {
  floor_ = Price::from_raw(INT64_MIN);
  ceiling_ = Price::from_raw(INT64_MAX);
  next_expiry_ = Timestamp::max();
  for (const auto& alert : open_) include(alert);
}

}  // namespace yagura::app
