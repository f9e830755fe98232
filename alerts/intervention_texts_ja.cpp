#include <cmath>
#include <string_view>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// A push upwards sells the yen.
bool rises(const Signal& signal) { return signal.intervention.furthest > signal.intervention.start; }

auto percent(double share) { return text<"{}%">(static_cast<int>(std::lround(share * 100))); }

// "15分以内に1円63銭下落", "値動きの98%が一方向".
void add_item(TextBuffer& out, Suspicion item, const Signal& signal, const PhrasesJa& say) {
  const auto& watch = signal.intervention;
  const std::string_view went = rises(signal) ? "上昇" : "下落";
  switch (item) {
    case Suspicion::kSize15m: return out.write<"15分以内に{}{}">(say.amount(watch.change_15m), went);
    case Suspicion::kSize60m: return out.write<"1時間以内に{}">(say.amount(watch.change_60m));
    case Suspicion::kSpeed: return out.write<"5分の動きが標準偏差の{}倍">(fixed(watch.z, 1));
    case Suspicion::kOneSided:
      return out.write<"値動きの{}が一方向で戻りは最大{}">(percent(watch.one_sided), percent(watch.rebound));
    case Suspicion::kLevel: return out.write<"52週{}圏または警戒水準から">(rises(signal) ? "安値" : "高値");
    case Suspicion::kThin: return out.add("薄商いの時間帯または休日");
    case Suspicion::kYenAlone: return out.add("他のクロス円も連動しユーロドルはほぼ動かず");
    case Suspicion::kNews: return out.add("ただし予定された発表と重なる");
    case Suspicion::kRepeat: return out.add("48時間以内で2回目");
  }
}

// Every item that counted, with its points.
void add_items(TextBuffer& out, const Signal& signal, const PhrasesJa& say) {
  const auto start = out.size();
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    const int points = signal.intervention.points[i];
    if (points == 0) continue;
    if (out.size() != start) out.add("、");
    add_item(out, static_cast<Suspicion>(i), signal, say);
    out.write<"（{}{}）">(points > 0 ? "+" : "", points);
  }
}

std::string_view suspicion(Event event) {
  switch (event) {
    case Event::kStrong: return "介入の疑い濃厚";
    case Event::kSuspected: return "介入の疑い";
    default: return "介入に警戒";
  }
}

void reverted_texts(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& watch = signal.intervention;
  draft.title<"{}、一時的な急変動で元に戻る">(say.name());
  draft.text<"{}の急変動は一時的で、{}から{}までの動きの{}を30分以内に戻して{}{}。介入の採点は{}点中{}点だった。">(
      say.name(), say.price(watch.start), say.price(watch.furthest), percent(watch.rebound), say.price(signal.price),
      say.aside(), watch.most, watch.score);
}

}  // namespace

void intervention_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  if (signal.event == Event::kReverted) return reverted_texts(draft, signal, say);
  const auto& watch = signal.intervention;
  const auto score = text<"{}（{}点中{}点）">(suspicion(signal.event), watch.most, watch.score);
  const auto items = [&](TextBuffer& out) { add_items(out, signal, say); };
  draft.title<"{}、{}">(say.name(), score);
  draft.text<"{}は{}の{}から{}{}へ{}、{}。{}">(
      say.name(), say.moment(watch.start_ts), say.price(watch.start), say.price(signal.price), say.aside(),
      rises(signal) ? "上昇" : "下落", score,
      sentence_ja(items, when(watch.wide_spread, "スプレッド拡大"), say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
