#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "年初来", "6カ月前比", "30日前比".
void add_span(TextBuffer& out, const Signal::Period& period) {
  if (period.months == 12) return out.add("1年前比");
  if (period.months != 0) return out.write<"{}カ月前比">(period.months);
  if (period.days != 0) return out.write<"{}日前比">(period.days);
  out.add("年初来");
}

}  // namespace

void period_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& period = signal.period;
  const bool up = signal.direction == Direction::kUp;
  const Percent size = Percent::from_units((up ? period.steps : -period.steps) * period.step.units());
  // A rising dollar is a weakening yen, and that is what the desk talks of.
  const std::string_view side = say.against_yen() ? (up ? "の円安" : "の円高") : (up ? "高" : "安");
  const auto span = [&](TextBuffer& out) { add_span(out, period); };
  const auto what = text<"{}{}{}">(span, percent_part_ja(size), side);
  draft.title<"{}、{}に">(say.name(), what);
  draft.text<"{}は{}となり、{}をつけた{}。{}">(
      say.name(), what, say.price(signal.price), say.aside(),
      sentence_ja(
          text<"基準は{}の{}で、騰落率は{}">(say.date(period.reference_date), say.price(period.reference),
                                             percent_part_ja(signal.price - period.reference, period.reference)),
          say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
