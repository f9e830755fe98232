#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/kind_texts.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestNote = 80;

// How a headline ends and how the sentence goes on after it: "5万7000円に到達" and "5万7000円を上回り、".
struct Predicate {
  std::string_view headline;
  std::string_view sentence;
};

Predicate predicate_of(const Signal& signal) {
  switch (signal.event) {
    case Event::kReached: return {"に到達", signal.price > signal.levels.level ? "を上回り" : "に到達し"};
    case Event::kLost: return {"を割り込む", "を割り込み"};
    case Event::kCleared: return {"を明確に上抜け", "を明確に上抜け"};
    case Event::kRejected: return {"で押し返される", "で押し返され"};
    case Event::kBroken: return {"を明確に下抜け", "を明確に下抜け"};
    case Event::kRegained: return {"を回復", "を回復し"};
    case Event::kNear: return {"に接近", "に接近し"};
    case Event::kClosedAbove: return {"を上回って終了", "を上回った"};
    case Event::kClosedBelow: return {"を下回って終了", "を下回った"};
    default: return {"に位置", "にあり"};
  }
}

bool closed(const Signal& signal) { return signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow; }

// "1回の値で通過した水準は5万5000円・5万6000円・5万7000円": what a print did to several levels.
std::string several(const Signal& signal, std::span<const Price> levels, const PhrasesJa& say) {
  if (levels.size() < 2) return {};
  const bool crossed = signal.event == Event::kReached || signal.event == Event::kLost;
  const std::string_view which = closed(signal) ? "前営業日終値からまたいだ水準は"
                                 : crossed      ? "1回の値で通過した水準は"
                                                : "同時に該当した水準は";
  return std::string{which} + say.levels(levels);
}

// "70円12銭上の", before the price.
std::string distance(const Signal& signal, std::span<const Price> levels, const PhrasesJa& say) {
  const PriceDelta d = signal.price - signal.levels.level;
  const bool crossing = signal.event == Event::kReached || signal.event == Event::kLost || closed(signal);
  if (levels.size() > 1 || crossing || d.raw() == 0) return {};
  return fmt::format("{}{}の", say.amount(d), d.raw() > 0 ? "上" : "下");
}

}  // namespace

Texts level_texts_ja(const Signal& signal, std::span<const Price> levels, const Catalog& catalog,
                     const PhrasesJa& say) {
  const auto* note = catalog.note(signal);
  const bool first = signal.kind == RuleKind::kMilestone &&
                     (signal.event == Event::kClosedAbove ? signal.levels.first_close_ever : signal.levels.first_ever);
  const std::string where = fmt::format("{}{}", say.level(signal.levels.level),
                                        note ? fmt::format("（{}）", printable(*note, kLongestNote)) : "");
  const Predicate predicate = predicate_of(signal);
  const std::string_view once = first ? "初めて" : "";
  const std::array evidence{several(signal, levels, say), closed(signal) ? std::string{} : say.price_before(),
                            say.previous_close(), say.confirmed(),
                            std::string{signal.levels.gone ? "1回限りの設定につきこの水準の監視は終了" : ""}};
  const std::string what = closed(signal)
                               ? fmt::format("{}の終値は{}{}で、{}{}{}", say.name(), say.price(signal.price),
                                             say.aside(), once, where, predicate.sentence)
                               : fmt::format("{}は{}{}{}、{}{}をつけた{}", say.name(), once, where, predicate.sentence,
                                             distance(signal, levels, say), say.price(signal.price), say.aside());
  return {fmt::format("{}、{}{}{}", say.name(), once, where, predicate.headline),
          fmt::format("{}。{}", what, sentence_ja(evidence))};
}

}  // namespace yagura::alerts
