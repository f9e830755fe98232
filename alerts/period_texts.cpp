#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/kind_texts.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

// "six months"; figures beyond twelve.
std::string count_text(std::int32_t count, std::string_view unit) {
  static constexpr std::string_view kWords[] = {"two",   "three", "four", "five",   "six",   "seven",
                                                "eight", "nine",  "ten",  "eleven", "twelve"};
  const auto word = static_cast<std::size_t>(count) - 2;
  return fmt::format("{} {}s", word < std::size(kWords) ? std::string{kWords[word]} : std::to_string(count), unit);
}

// "a month", "six months", "30 days".
std::string span_text(const Signal::Period& period) {
  if (period.months == 12) return "a year";
  const auto count = period.months != 0 ? period.months : period.days;
  const std::string_view unit = period.months != 0 ? "month" : "day";
  return count == 1 ? fmt::format("a {}", unit) : count_text(count, unit);
}

// "up 15 % this year", "down 5 % in six months".
std::string change_text(const Signal& signal) {
  const auto& period = signal.period;
  const bool up = signal.direction == Direction::kUp;
  const Percent size = Percent::from_units((up ? period.steps : -period.steps) * period.step.units());
  const bool this_year = period.months == 0 && period.days == 0;
  return fmt::format("{} {} {}", up ? "up" : "down", percent_text(size),
                     this_year ? std::string{"this year"} : "in " + span_text(period));
}

// A rising dollar is a weakening yen, and the yen is what the desk talks of: "the yen is 5 % weaker than six months
// ago". The percentage is that of the quoted price.
std::string yen_text(const Signal& signal) {
  const auto& period = signal.period;
  const bool up = signal.direction == Direction::kUp;
  const Percent size = Percent::from_units((up ? period.steps : -period.steps) * period.step.units());
  const bool this_year = period.months == 0 && period.days == 0;
  return fmt::format("the yen is {} {} {}", percent_text(size), up ? "weaker" : "stronger",
                     this_year ? std::string{"this year"} : "than " + span_text(period) + " ago");
}

}  // namespace

Texts period_texts(const Signal& signal, const Phrases& say) {
  const auto& period = signal.period;
  const std::string what = say.against_yen() ? fmt::format("{}: {}", say.name(), yen_text(signal))
                                             : fmt::format("{} is {}", say.name(), change_text(signal));
  std::string day = say.on_the_day();
  if (!day.empty()) day = say.previous_close() + day;
  const std::array evidence{fmt::format("change {}", percent_text(signal.price - period.reference, period.reference)),
                            day, say.confirmed()};
  return {say.against_yen() ? what : fmt::format("{} {}", say.name(), change_text(signal)),
          fmt::format("{}: {} against {} on {}{}.{}", what, say.price(signal.price), say.price(period.reference),
                      say.date(period.reference_date), say.circumstances(), sentence(evidence))};
}

}  // namespace yagura::alerts
