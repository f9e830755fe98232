#include <fmt/format.h>

#include <array>
#include <string>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "年初来", "6カ月前比", "30日前比".
std::string span_text(const Signal::Period& period) {
  if (period.months == 12) return "1年前比";
  if (period.months != 0) return fmt::format("{}カ月前比", period.months);
  return period.days != 0 ? fmt::format("{}日前比", period.days) : "年初来";
}

}  // namespace

Texts period_texts_ja(const Signal& signal, const PhrasesJa& say) {
  const auto& period = signal.period;
  const bool up = signal.direction == Direction::kUp;
  const Percent size = Percent::from_units((up ? period.steps : -period.steps) * period.step.units());
  // A rising dollar is a weakening yen, and that is what the desk talks of.
  const std::string_view side = say.against_yen() ? (up ? "の円安" : "の円高") : (up ? "高" : "安");
  const std::string what = fmt::format("{}{}{}", span_text(period), percent_text_ja(size), side);
  const std::array evidence{
      fmt::format("基準は{}の{}で、騰落率は{}", say.date(period.reference_date), say.price(period.reference),
                  percent_text_ja(signal.price - period.reference, period.reference)),
      say.previous_close(), say.confirmed()};
  return {fmt::format("{}、{}に", say.name(), what),
          fmt::format("{}は{}となり、{}をつけた{}。{}", say.name(), what, say.price(signal.price), say.aside(),
                      sentence_ja(evidence))};
}

}  // namespace yagura::alerts
