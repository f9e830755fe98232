#include "alerts/kind_texts.hpp"

namespace yagura::alerts {

void cusum_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& drift = signal.cusum;
  const bool up = signal.direction == Direction::kUp;
  const auto size = [&](TextBuffer& out) {
    out.add(say.amount(drift.change));
    if (drift.from.raw() > 0) out.write<"（{}）">(percent_part_ja(drift.change, drift.from));
  };
  draft.title<"{}、じり{}：{}から{}">(say.name(), up ? "高" : "安", say.moment(drift.since), size);
  draft.text<"{}は{}からじりじりと{}し、{}から{}まで{}{}{}。{}">(
      say.name(), say.moment(drift.since), up ? "上昇" : "下落", say.price(drift.from), say.price(signal.price), size,
      up ? "上げた" : "下げた", say.aside(),
      sentence_ja(text<"小さな動きの累積は{}で、基準は{}">(fixed(drift.statistic, 1), short_number(drift.limit)),
                  say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
