#include <fmt/format.h>

#include <array>
#include <string>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {

Texts cusum_texts_ja(const Signal& signal, const PhrasesJa& say) {
  const auto& drift = signal.cusum;
  const bool up = signal.direction == Direction::kUp;
  std::string size = say.amount(drift.change);
  if (drift.from.raw() > 0) size += fmt::format("（{}）", percent_text_ja(drift.change, drift.from));
  const std::array evidence{fmt::format("小さな動きの累積は{:.1f}で、基準は{:g}", drift.statistic, drift.limit),
                            say.previous_close(), say.confirmed()};
  return {fmt::format("{}、じり{}：{}から{}", say.name(), up ? "高" : "安", say.moment(drift.since), size),
          fmt::format("{}は{}からじりじりと{}し、{}から{}まで{}{}{}。{}", say.name(), say.moment(drift.since),
                      up ? "上昇" : "下落", say.price(drift.from), say.price(signal.price), size,
                      up ? "上げた" : "下げた", say.aside(), sentence_ja(evidence))};
}

}  // namespace yagura::alerts
