#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "（-0.17%）"; empty when there is nothing to compare with.
void add_share(TextBuffer& out, const Signal& signal) {
  const auto& move = signal.move;
  if (move.reference.raw() > 0) out.write<"（{}）">(percent_part_ja(move.change, move.reference));
}

void add_title(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  const auto size = say.amount(move.change);
  const auto share = [&](TextBuffer& out) { add_share(out, signal); };
  switch (signal.event) {
    case Event::kExtended: return draft.title<"{}、{}幅が{}に拡大{}">(say.name(), up ? "上昇" : "下落", size, share);
    case Event::kReversal:
      return draft.title<"{}、{}から{}{}{}">(say.name(), say.price(move.reference), size, up ? "反発" : "反落", share);
    default:
      return draft.title<"{}、{}で{}{}{}">(say.name(), window_text_ja(move.window), size, up ? "上昇" : "下落", share);
  }
}

// "60秒で25銭（-0.17%）下落し".
void add_headline(TextBuffer& out, const Signal& signal, const PhrasesJa& say) {
  const bool up = signal.direction == Direction::kUp;
  const auto size = [&](TextBuffer& to) {
    to.add(say.amount(signal.move.change));
    add_share(to, signal);
  };
  switch (signal.event) {
    case Event::kExtended: return out.write<"{}幅を{}に広げ">(up ? "上昇" : "下落", size);
    case Event::kReversal: return out.write<"{}{}し">(size, up ? "反発" : "反落");
    default: return out.write<"{}で{}{}し">(window_text_ja(signal.move.window), size, up ? "上昇" : "下落");
  }
}

void add_threshold(TextBuffer& out, const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const auto window = window_text_ja(move.window);
  if (move.threshold_pct.units() == 0) return out.write<"基準は{}で{}">(window, say.amount(move.threshold));
  out.write<"基準は{}で{}（ここでは{}）">(window, percent_part_ja(move.threshold_pct), say.threshold(move.threshold));
}

// "この時間帯の通常の5分の値動きの7.2倍". Only of rules that go by it.
void add_usual(TextBuffer& out, const Signal& signal) {
  const auto& move = signal.move;
  if (!move.scaled) return;
  if (!move.has_z) return out.add("通常の値動きはまだ不明");
  out.write<"この時間帯の通常の{}の値動きの{}倍{}">(window_text_ja(move.window), fixed(move.z, 1),
                                                    move.seeded ? "（過去の取引日に基づく）" : "");
}

}  // namespace

void move_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  const auto headline = [&](TextBuffer& out) { add_headline(out, signal, say); };
  const auto usual = [&](TextBuffer& out) { add_usual(out, signal); };
  const auto threshold = [&](TextBuffer& out) { add_threshold(out, signal, say); };
  add_title(draft, signal, say);
  draft.text<"{}は{}、{}をつけた{}。{}">(
      say.name(), headline, say.price(signal.price), say.aside(),
      sentence_ja(
          text<"起点は{}の{}{}">(say.moment(move.reference_ts), up ? "安値" : "高値", say.price(move.reference)), usual,
          threshold, say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
