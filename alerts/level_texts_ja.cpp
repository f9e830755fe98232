#include <string>
#include <string_view>

#include "alerts/kind_texts.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

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
void add_several(TextBuffer& out, const Signal& signal, std::span<const Price> levels, const PhrasesJa& say) {
  if (levels.size() < 2) return;
  const bool crossed = signal.event == Event::kReached || signal.event == Event::kLost;
  if (closed(signal)) return out.write<"前営業日終値からまたいだ水準は{}">(say.levels(levels));
  if (crossed) return out.write<"1回の値で通過した水準は{}">(say.levels(levels));
  out.write<"同時に該当した水準は{}">(say.levels(levels));
}

// "70円12銭上の", before the price.
void add_distance(TextBuffer& out, const Signal& signal, std::span<const Price> levels, const PhrasesJa& say) {
  const PriceDelta d = signal.price - signal.levels.level;
  const bool crossing = signal.event == Event::kReached || signal.event == Event::kLost || closed(signal);
  if (levels.size() > 1 || crossing || d.raw() == 0) return;
  out.write<"{}{}の">(say.amount(d), d.raw() > 0 ? "上" : "下");
}

// "初めて5万7000円", "160円（介入警戒水準）".
void add_where(TextBuffer& out, const Signal& signal, const std::string* note, const PhrasesJa& say) {
  const bool first = signal.kind == RuleKind::kMilestone &&
                     (signal.event == Event::kClosedAbove ? signal.levels.first_close_ever : signal.levels.first_ever);
  if (first) out.add("初めて");
  out.add(say.level(signal.levels.level));
  if (note != nullptr) out.write<"（{}）">([&](TextBuffer& to) { add_printable(to, *note, kLongestNoteSaid); });
}

}  // namespace

void level_texts_ja(Draft& draft, const Signal& signal, const About& about, const PhrasesJa& say) {
  const Predicate predicate = predicate_of(signal);
  const auto where = [&](TextBuffer& out) { add_where(out, signal, about.note, say); };
  const auto several = [&](TextBuffer& out) { add_several(out, signal, about.levels, say); };
  const auto distance = [&](TextBuffer& out) { add_distance(out, signal, about.levels, say); };
  draft.title<"{}、{}{}">(say.name(), where, predicate.headline);
  if (closed(signal)) {
    draft.text<"{}の終値は{}{}で、{}{}。">(say.name(), say.price(signal.price), say.aside(), where, predicate.sentence);
  } else {
    draft.text<"{}は{}{}、{}{}をつけた{}。">(say.name(), where, predicate.sentence, distance, say.price(signal.price),
                                             say.aside());
  }
  draft.more(sentence_ja(several, when(!closed(signal), say.price_before()), say.previous_close(), say.confirmed(),
                         when(signal.levels.gone, "1回限りの設定につきこの水準の監視は終了")));
}

}  // namespace yagura::alerts
