#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "six"; figures beyond twelve.
void add_count(TextBuffer& out, std::int32_t count) {
  static constexpr std::string_view kWords[] = {"two",   "three", "four", "five",   "six",   "seven",
                                                "eight", "nine",  "ten",  "eleven", "twelve"};
  const auto word = static_cast<std::size_t>(count) - 2;
  if (word < std::size(kWords)) return out.add(kWords[word]);
  out.add(count);
}

// "a month", "six months", "30 days".
void add_span(TextBuffer& out, const Signal::Period& period) {
  if (period.months == 12) return out.add("a year");
  const auto count = period.months != 0 ? period.months : period.days;
  const std::string_view unit = period.months != 0 ? "month" : "day";
  if (count == 1) return out.write<"a {}">(unit);
  out.write<"{} {}s">([=](TextBuffer& to) { add_count(to, count); }, unit);
}

// "up 15 % this year", "down 5 % in six months"; of the yen, which is what the desk talks of and weakens as the
// dollar rises: "5 % weaker than six months ago". The percentage is that of the quoted price.
void add_change(TextBuffer& out, const Signal& signal, bool against_yen) {
  const auto& period = signal.period;
  const bool up = signal.direction == Direction::kUp;
  const auto size = percent_part(Percent::from_units((up ? period.steps : -period.steps) * period.step.units()));
  const auto span = [&](TextBuffer& to) { add_span(to, period); };
  const bool this_year = period.months == 0 && period.days == 0;
  if (against_yen) {
    out.write<"{} {}">(size, up ? "weaker" : "stronger");
    if (!this_year) return out.write<" than {} ago">(span);
  } else {
    out.write<"{} {}">(up ? "up" : "down", size);
    if (!this_year) return out.write<" in {}">(span);
  }
  out.add(" this year");
}

}  // namespace

void period_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& period = signal.period;
  const auto change = [&](TextBuffer& out) { add_change(out, signal, say.against_yen()); };
  const auto figures = text<"{} against {} on {}{}.{}">(
      say.price(signal.price), say.price(period.reference), say.date(period.reference_date), say.circumstances(),
      sentence(text<"change {}">(percent_part(signal.price - period.reference, period.reference)), say.close_and_day(),
               say.confirmed()));
  if (say.against_yen()) {
    draft.title<"{}: the yen is {}">(say.name(), change);
    draft.text<"{}: the yen is {}: {}">(say.name(), change, figures);
  } else {
    draft.title<"{} {}">(say.name(), change);
    draft.text<"{} is {}: {}">(say.name(), change, figures);
  }
}

}  // namespace yagura::alerts
