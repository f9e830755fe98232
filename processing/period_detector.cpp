#include "processing/period_detector.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/int128.hpp"

namespace yagura::processing {
namespace {

// No market gains so many steps; keeps counts of a nonsensical reference within 64 bits.
constexpr Int128 kMostSteps = 100'000;

std::int64_t bounded(Int128 steps) { return static_cast<std::int64_t>(std::clamp<Int128>(steps, 0, kMostSteps)); }

// Distance from the reference on one side, in price units times Percent::kWhole.
Int128 distance(Price price, Price reference, bool up) {
  const auto points = static_cast<Int128>(price.raw()) - reference.raw();
  return (up ? points : -points) * Percent::kWhole;
}

// A price within the range of prices.
Price price_at(Int128 raw) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  return Price::from_raw(static_cast<std::int64_t>(std::clamp<Int128>(raw, -kMost, kMost)));
}

Int128 round_up(Int128 part, Int128 whole) { return (part + whole - 1) / whole; }

}  // namespace

Date reference_date(const PeriodOptions& options, Date today) {
  using std::chrono::year_month_day;
  if (options.days != 0) return today - std::chrono::days{options.days};
  const year_month_day ymd{today};
  if (options.months == 0) return Date{(ymd.year() - std::chrono::years{1}) / std::chrono::December / 31};
  const auto then = ymd - std::chrono::months{options.months};
  return then.ok() ? Date{then} : Date{then.year() / then.month() / std::chrono::last};
}

PeriodDetector::PeriodDetector(const PeriodOptions& options, Announcer announcer)
    : options_(options), announcer_(std::move(announcer)) {}

void PeriodDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  if (context.trading_date != date_) start_day(context);
  const Price price = context.tick.price;
  if (!known_ || (price > quiet_low_ && price < quiet_high_)) return;
  const auto held = std::pair{up_.held, down_.held};
  place(price);
  if (options_.directions.up && up_.held > held.first) speak(context, true, held.first, out);
  if (options_.directions.down && down_.held > held.second) speak(context, false, held.second, out);
}

// The reference may have moved: where the price stood before, seen from the new one, is old news.
void PeriodDetector::start_day(const TickContext& context) noexcept {
  date_ = context.trading_date;
  if (std::exchange(said_on_, date_) != date_) up_.said = down_.said = 0;
  const auto close = context.days.close_at_or_before(reference_date(options_, date_));
  known_ = close && close->price.raw() > 0;
  if (!known_) return;
  reference_ = *close;
  place(context.previous.value_or(context.tick.price));
}

void PeriodDetector::place(Price price) noexcept {
  for (auto* side : {&up_, &down_}) {
    const bool up = side == &up_;
    side->held = std::max(crossed(price, up), std::min(side->held, not_left(price, up)));
  }
  find_quiet();
}

// Multiples reached: the largest k with distance >= k steps.
std::int64_t PeriodDetector::crossed(Price price, bool up) const noexcept {
  const auto step = static_cast<Int128>(reference_.price.raw()) * options_.step.units();
  return bounded(distance(price, reference_.price, up) / step);
}

// Multiples that a price here does not re-arm: the largest k with distance > k steps - rearm.
std::int64_t PeriodDetector::not_left(Price price, bool up) const noexcept {
  const auto step = static_cast<Int128>(reference_.price.raw()) * options_.step.units();
  const auto rearm = static_cast<Int128>(reference_.price.raw()) * options_.rearm.units();
  const auto beyond = distance(price, reference_.price, up) + rearm;
  return beyond <= 0 ? 0 : bounded(round_up(beyond, step) - 1);
}

// Where the next multiple is crossed, and where the last one re-arms, on both sides.
void PeriodDetector::find_quiet() noexcept {
  const Int128 reference = reference_.price.raw();
  const Int128 step = options_.step.units();
  const auto next = [&](const Side& side) {  // distance at which another multiple is crossed
    return round_up(reference * (side.held + 1) * step, Percent::kWhole);
  };
  const auto back = [&](const Side& side) {  // distance at which the last one is left
    return (reference * (side.held * step - options_.rearm.units())) / Percent::kWhole;
  };
  quiet_high_ = price_at(reference + next(up_));
  quiet_low_ = price_at(reference - next(down_));
  if (up_.held > 0) quiet_low_ = std::max(quiet_low_, price_at(reference + back(up_)));
  if (down_.held > 0) quiet_high_ = std::min(quiet_high_, price_at(reference - back(down_)));
}

void PeriodDetector::speak(const TickContext& context, bool up, std::int64_t held_before, SignalBuffer& out) noexcept {
  auto& side = up ? up_ : down_;
  if (side.held <= side.said) return;
  side.said = side.held;
  auto signal = announcer_.draft(context, Event::kCrossed, up ? Direction::kUp : Direction::kDown, Severity::kLow);
  signal.gap = context.after_gap || side.held - held_before > 1;
  signal.period = {.months = options_.months,
                   .days = options_.days,
                   .reference = reference_.price,
                   .reference_date = reference_.date,
                   .step = options_.step,
                   .steps = up ? side.held : -side.held};
  announcer_.emit(signal, signal.period.steps * options_.step.units(), out);
}

void PeriodDetector::forget() noexcept {
  date_ = {};
  known_ = false;
  up_ = down_ = {};
}

void PeriodDetector::state(StateIo& io) {
  io(announcer_, up_, down_, said_on_);
  if (!io.reading()) return;
  for (auto* side : {&up_, &down_}) {
    side->held = bounded(side->held);
    side->said = bounded(side->said);
  }
  date_ = {};  // the next tick brings the last price with it, and history may have been imported
}

std::string PeriodDetector::fingerprint() const {
  return "period/" + std::to_string(options_.months) + 'm' + std::to_string(options_.days) + "d/" +
         std::to_string(options_.step.units()) + '/' + std::to_string(options_.rearm.units());
}

}  // namespace yagura::processing
