#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "0.60%", "1.2%".
std::string size_text(double percent) {
  return fmt::format("{:.{}f}%", std::abs(percent), std::abs(percent) < 1 ? 2 : 1);
}
std::string signed_text(double percent) { return (percent < 0 ? "-" : "+") + size_text(percent); }

// A rise of a yen pair is a fall of the yen: "ドル円は0.60%の円安".
std::string change_text(const PhrasesJa& say, double percent) {
  const bool down = percent < 0;
  if (say.against_yen()) return fmt::format("{}は{}の{}", say.name(), size_text(percent), down ? "円高" : "円安");
  return fmt::format("{}は{}{}", say.name(), size_text(percent), down ? "下落" : "上昇");
}

Texts diverged(const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  const std::array evidence{fmt::format("モデルからのずれは標準偏差の{:.1f}倍", std::abs(d.z)),
                            fmt::format("ベータ{:.2f}、相関{:.2f}", d.beta, d.rho),
                            other.name() + other.price(d.other_price)};
  return {fmt::format("{}、{}から乖離：{}、モデルは{}", say.name(), other.name(), signed_text(d.change_pct),
                      signed_text(d.model_pct)),
          fmt::format("{}で{}、{}となり、モデルの{}から外れた。値は{}{}。{}", window_text_ja(d.window),
                      change_text(other, d.other_change_pct), change_text(say, d.change_pct), signed_text(d.model_pct),
                      say.price(signal.price), say.aside(), sentence_ja(evidence))};
}

Texts decoupled(const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  const bool turned = d.rho * d.rho_long < 0;
  const bool closer = std::abs(d.rho) > std::abs(d.rho_long);
  const std::string what = turned ? "との関係が逆転" : closer ? "との連動が強まる" : "との連動が弱まる";
  const std::array evidence{fmt::format("15分間、通常から標準偏差の{:.1f}倍離れた状態", std::abs(d.z))};
  return {fmt::format("{}、{}{}", say.name(), other.name(), what),
          fmt::format("{}は{}{}。相関は直近{:.2f}、過去の取引日では{:.2f}で、値は{}{}。{}", say.name(), other.name(),
                      what, d.rho, d.rho_long, say.price(signal.price), say.aside(), sentence_ja(evidence))};
}

Texts joint(const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  const std::array evidence{
      fmt::format("{}の標準偏差の{:.1f}倍と{:.1f}倍", window_text_ja(d.window), std::abs(d.own_z), std::abs(d.other_z)),
      other.name() + other.price(d.other_price)};
  return {
      fmt::format("{}と{}が同時に動く：{}と{}", say.name(), other.name(), signed_text(d.change_pct),
                  signed_text(d.other_change_pct)),
      fmt::format("{}で{}、{}となった。値は{}{}。{}", window_text_ja(d.window), change_text(say, d.change_pct),
                  change_text(other, d.other_change_pct), say.price(signal.price), say.aside(), sentence_ja(evidence))};
}

}  // namespace

Texts divergence_texts_ja(const Signal& signal, const Catalog& catalog, const PhrasesJa& say) {
  const PhrasesJa other{signal, catalog.instruments[index_of(signal.divergence.other)]};
  if (signal.event == Event::kDecoupled) return decoupled(signal, say, other);
  return signal.event == Event::kJoint ? joint(signal, say, other) : diverged(signal, say, other);
}

}  // namespace yagura::alerts
