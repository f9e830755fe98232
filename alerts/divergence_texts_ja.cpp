#include <cmath>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "0.60%", "1.2%".
void add_size(TextBuffer& out, double percent) {
  out.write<"{}%">(fixed(std::abs(percent), std::abs(percent) < 1 ? 2 : 1));
}

// "-0.60%".
auto signed_text(double percent) {
  return [=](TextBuffer& out) {
    out.add(percent < 0 ? '-' : '+');
    add_size(out, percent);
  };
}

// A rise of a yen pair is a fall of the yen: "ドル円は0.60%の円安".
auto change_text(const PhrasesJa& say, double percent) {
  return [&say, percent](TextBuffer& out) {
    const bool down = percent < 0;
    const auto size = [=](TextBuffer& to) { add_size(to, percent); };
    if (say.against_yen()) return out.write<"{}は{}の{}">(say.name(), size, down ? "円高" : "円安");
    out.write<"{}は{}{}">(say.name(), size, down ? "下落" : "上昇");
  };
}

void diverged(Draft& draft, const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  draft.title<"{}、{}から乖離：{}、モデルは{}">(say.name(), other.name(), signed_text(d.change_pct),
                                                signed_text(d.model_pct));
  draft.text<"{}で{}、{}となり、モデルの{}から外れた。値は{}{}。{}">(
      window_text_ja(d.window), change_text(other, d.other_change_pct), change_text(say, d.change_pct),
      signed_text(d.model_pct), say.price(signal.price), say.aside(),
      sentence_ja(text<"モデルからのずれは標準偏差の{}倍">(fixed(std::abs(d.z), 1)),
                  text<"ベータ{}、相関{}">(fixed(d.beta, 2), fixed(d.rho, 2)),
                  text<"{}{}">(other.name(), other.price(d.other_price))));
}

void decoupled(Draft& draft, const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  const bool turned = d.rho * d.rho_long < 0;
  const bool closer = std::abs(d.rho) > std::abs(d.rho_long);
  const std::string_view what = turned ? "との関係が逆転" : closer ? "との連動が強まる" : "との連動が弱まる";
  draft.title<"{}、{}{}">(say.name(), other.name(), what);
  draft.text<"{}は{}{}。相関は直近{}、過去の取引日では{}で、値は{}{}。{}">(
      say.name(), other.name(), what, fixed(d.rho, 2), fixed(d.rho_long, 2), say.price(signal.price), say.aside(),
      sentence_ja(text<"15分間、通常から標準偏差の{}倍離れた状態">(fixed(std::abs(d.z), 1))));
}

void joint(Draft& draft, const Signal& signal, const PhrasesJa& say, const PhrasesJa& other) {
  const auto& d = signal.divergence;
  draft.title<"{}と{}が同時に動く：{}と{}">(say.name(), other.name(), signed_text(d.change_pct),
                                            signed_text(d.other_change_pct));
  draft.text<"{}で{}、{}となった。値は{}{}。{}">(
      window_text_ja(d.window), change_text(say, d.change_pct), change_text(other, d.other_change_pct),
      say.price(signal.price), say.aside(),
      sentence_ja(text<"{}の標準偏差の{}倍と{}倍">(window_text_ja(d.window), fixed(std::abs(d.own_z), 1),
                                                   fixed(std::abs(d.other_z), 1)),
                  text<"{}{}">(other.name(), other.price(d.other_price))));
}

}  // namespace

void divergence_texts_ja(Draft& draft, const Signal& signal, const InstrumentWords& other, const PhrasesJa& say) {
  const PhrasesJa say_other{signal, other};
  switch (signal.event) {
    case Event::kDecoupled: return decoupled(draft, signal, say, say_other);
    case Event::kJoint: return joint(draft, signal, say, say_other);
    default: return diverged(draft, signal, say, say_other);
  }
}

}  // namespace yagura::alerts
