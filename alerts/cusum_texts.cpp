#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "-0.62 yen (-0.40 %)".
void add_change(TextBuffer& out, const Signal& signal, const Phrases& say) {
  const auto& drift = signal.cusum;
  if (drift.change.raw() > 0) out.add('+');
  out.add(say.points(drift.change));
  if (drift.from.raw() > 0) out.write<" ({})">(percent_part(drift.change, drift.from));
}

}  // namespace

void cusum_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& drift = signal.cusum;
  const std::string_view direction = signal.direction == Direction::kUp ? "up" : "down";
  const auto change = [&](TextBuffer& out) { add_change(out, signal, say); };
  draft.title<"{} drifts {}: {} since {}">(say.name(), direction, change, say.moment(drift.since));
  draft.text<"{} has been drifting {} since {}: {}, from {} to {}{}.{}">(
      say.name(), direction, say.moment(drift.since), change, say.price(drift.from), say.price(signal.price),
      say.circumstances(),
      sentence(text<"small steps that add up to {}, limit {}">(fixed(drift.statistic, 1), short_number(drift.limit)),
               say.close_and_day(), say.confirmed()));
}

}  // namespace yagura::alerts
