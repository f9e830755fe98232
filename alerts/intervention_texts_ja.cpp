#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// A push upwards sells the yen.
bool rises(const Signal& signal) { return signal.intervention.furthest > signal.intervention.start; }

std::string percent(double share) { return fmt::format("{}%", static_cast<int>(std::lround(share * 100))); }

// "15分以内に1円63銭下落", "値動きの98%が一方向".
std::string item_text(Suspicion item, const Signal& signal, const PhrasesJa& say) {
  const auto& watch = signal.intervention;
  const std::string_view went = rises(signal) ? "上昇" : "下落";
  switch (item) {
    case Suspicion::kSize15m: return fmt::format("15分以内に{}{}", say.amount(watch.change_15m), went);
    case Suspicion::kSize60m: return fmt::format("1時間以内に{}", say.amount(watch.change_60m));
    case Suspicion::kSpeed: return fmt::format("5分の動きが標準偏差の{:.1f}倍", watch.z);
    case Suspicion::kOneSided:
      return fmt::format("値動きの{}が一方向で戻りは最大{}", percent(watch.one_sided), percent(watch.rebound));
    case Suspicion::kLevel: return fmt::format("52週{}圏または警戒水準から", rises(signal) ? "安値" : "高値");
    case Suspicion::kThin: return "薄商いの時間帯または休日";
    case Suspicion::kYenAlone: return "他のクロス円も連動しユーロドルはほぼ動かず";
    case Suspicion::kNews: return "ただし予定された発表と重なる";
    case Suspicion::kRepeat: return "48時間以内で2回目";
  }
  return {};
}

// Every item that counted, with its points.
std::string items_text(const Signal& signal, const PhrasesJa& say) {
  std::string all;
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    const int points = signal.intervention.points[i];
    if (points == 0) continue;
    if (!all.empty()) all += "、";
    all += fmt::format("{}（{}{}）", item_text(static_cast<Suspicion>(i), signal, say), points > 0 ? "+" : "", points);
  }
  return all;
}

std::string_view suspicion(Event event) {
  switch (event) {
    case Event::kStrong: return "介入の疑い濃厚";
    case Event::kSuspected: return "介入の疑い";
    default: return "介入に警戒";
  }
}

Texts reverted_texts(const Signal& signal, const PhrasesJa& say) {
  const auto& watch = signal.intervention;
  return {
      fmt::format("{}、一時的な急変動で元に戻る", say.name()),
      fmt::format("{}の急変動は一時的で、{}から{}までの動きの{}を30分以内に戻して{}{}。介入の採点は{}点中{}点だった。",
                  say.name(), say.price(watch.start), say.price(watch.furthest), percent(watch.rebound),
                  say.price(signal.price), say.aside(), watch.most, watch.score)};
}

}  // namespace

Texts intervention_texts_ja(const Signal& signal, const PhrasesJa& say) {
  if (signal.event == Event::kReverted) return reverted_texts(signal, say);
  const auto& watch = signal.intervention;
  const std::string score = fmt::format("{}（{}点中{}点）", suspicion(signal.event), watch.most, watch.score);
  const std::array evidence{items_text(signal, say), std::string{watch.wide_spread ? "スプレッド拡大" : ""},
                            say.previous_close(), say.confirmed()};
  return {
      fmt::format("{}、{}", say.name(), score),
      fmt::format("{}は{}の{}から{}{}へ{}、{}。{}", say.name(), say.moment(watch.start_ts), say.price(watch.start),
                  say.price(signal.price), say.aside(), rises(signal) ? "上昇" : "下落", score, sentence_ja(evidence))};
}

}  // namespace yagura::alerts
