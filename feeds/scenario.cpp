#include "feeds/scenario.hpp"

#include <algorithm>

#include "feeds/price_path.hpp"

namespace yagura::feeds {
namespace {

// Finds the first problem of one instrument; empty when there is none.
class Checker {
 public:
  explicit Checker(const ScenarioInstrument& instrument) : instrument_(instrument), grid_(instrument.spacing) {}

  std::string problem() {
    check_settings();
    for (const auto& day : instrument_.days) check_day(day);
    for (const auto& fast : instrument_.fast) {
      if (fast.from >= fast.to || fast.spacing <= Duration{0})
        say(fast.from, "a fast time needs from < to and a spacing");
    }
    return problem_;
  }

 private:
  void say(std::string_view what) {
    if (problem_.empty()) problem_ = instrument_.symbol + ": " + std::string{what};
  }
  void say(Timestamp at, std::string_view what) { say(format_utc(at) + ": " + std::string{what}); }

  void check_settings() {
    const auto unit = instrument_.tick.raw();
    if (unit <= 0) return say("tick must be above 0");
    if (instrument_.days.empty()) return say("at least one day is needed");
    if (instrument_.kind != ScenarioKind::kFx) return;
    const auto least = instrument_.spread_min.raw();
    const auto most = instrument_.spread_max.raw();
    if (least < unit || most < least || least % unit != 0 || most % unit != 0) {
      say("spread_min and spread_max must be multiples of the tick, 0 < min <= max");
    }
  }

  void check_day(const ScenarioDay& day) {
    if (!problem_.empty()) return;
    check_point(day.open);
    for (const auto* point : {&day.high, &day.low, &day.close}) {
      if (*point) check_point(**point);
    }
    for (const auto& point : day.points) check_point(point);
    for (const auto& leg : legs_of(day)) check_leg(leg, day);
    if (day.close && last_ != day.close->at) say(day.close->at, "the close must be the day's last point");
  }

  void check_point(const ScenarioPoint& point) {
    const auto unit = instrument_.tick.raw();
    const auto price = point.price.raw();
    if (price <= 0 || price % unit != 0) {
      say(point.at,
          "price " + to_string(point.price) + " must be a multiple of the tick " + to_string(instrument_.tick));
    }
    if (point.floor && point.ceiling && point.ceiling->raw() - point.floor->raw() < 4 * unit) {
      say(point.at,
          "floor " + to_string(*point.floor) + " and ceiling " + to_string(*point.ceiling) + " leave no room");
    }
    if (instrument_.kind == ScenarioKind::kIndex && !grid_.print_at(point.at)) {
      say(point.at, "the index has no print at this time");
    }
    if (instrument_.kind == ScenarioKind::kFx && !fx_is_open(point.at))
      say(point.at, "the market is closed at this time");
  }

  // Legs come in order of time within a day; days must do so too.
  void check_leg(const Leg& leg, const ScenarioDay& day) {
    const bool first = leg.end == day.open.at;
    if (leg.end <= last_) say(leg.end, "points must follow each other, the open before all others of its day");
    if (leg.jump && !first) say(leg.end, "is before the day's open");
    if (instrument_.kind == ScenarioKind::kIndex && tokyo_date(leg.end) != tokyo_date(day.open.at)) {
      say(leg.end, "is on another day than the open");
    }
    if (leg.price < leg.floor || leg.price > leg.ceiling) {
      say(leg.end,
          "price " + to_string(Price::from_raw(leg.price)) + " is beyond the floor, the ceiling or the day's range");
    }
    last_ = leg.end;
  }

  const ScenarioInstrument& instrument_;
  PrintGrid grid_;
  Timestamp last_ = Timestamp::min();
  std::string problem_;
};

}  // namespace

Result<void> check_scenario(const ScenarioOptions& options) {
  if (options.instruments.empty()) return Error{"a scenario needs at least one instrument"};
  for (const auto& instrument : options.instruments) {
    if (instrument.spacing < std::chrono::milliseconds{1}) {
      return Error{instrument.symbol + ": spacing must be at least 1ms"};
    }
    if (auto problem = Checker{instrument}.problem(); !problem.empty()) return Error{std::move(problem)};
  }
  return {};
}

}  // namespace yagura::feeds
