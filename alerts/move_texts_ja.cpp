#include <fmt/format.h>

#include <array>
#include <string>

#include "alerts/kind_texts.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

// "（-0.17%）"; empty when there is nothing to compare with.
std::string share_text(const Signal& signal) {
  const auto& move = signal.move;
  if (move.reference.raw() <= 0) return {};
  return fmt::format("（{}）", percent_text_ja(move.change, move.reference));
}

std::string move_title(const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  const std::string size = say.amount(move.change);
  const std::string share = share_text(signal);
  switch (signal.event) {
    case Event::kExtended: return fmt::format("{}、{}幅が{}に拡大{}", say.name(), up ? "上昇" : "下落", size, share);
    case Event::kReversal:
      return fmt::format("{}、{}から{}{}{}", say.name(), say.price(move.reference), size, up ? "反発" : "反落", share);
    default:
      return fmt::format("{}、{}で{}{}{}", say.name(), window_text_ja(move.window), size, up ? "上昇" : "下落", share);
  }
}

// "60秒で25銭（-0.17%）下落し".
std::string move_headline(const Signal& signal, const PhrasesJa& say) {
  const bool up = signal.direction == Direction::kUp;
  const std::string size = say.amount(signal.move.change) + share_text(signal);
  switch (signal.event) {
    case Event::kExtended: return fmt::format("{}幅を{}に広げ", up ? "上昇" : "下落", size);
    case Event::kReversal: return fmt::format("{}{}し", size, up ? "反発" : "反落");
    default: return fmt::format("{}で{}{}し", window_text_ja(signal.move.window), size, up ? "上昇" : "下落");
  }
}

std::string threshold_text(const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const std::string window = window_text_ja(move.window);
  if (move.threshold_pct.units() == 0) return fmt::format("基準は{}で{}", window, say.amount(move.threshold));
  return fmt::format("基準は{}で{}（ここでは{}）", window, percent_text_ja(move.threshold_pct),
                     say.threshold(move.threshold));
}

// "この時間帯の通常の5分の値動きの7.2倍". Only of rules that go by it.
std::string usual_text(const Signal& signal) {
  const auto& move = signal.move;
  if (!move.scaled) return {};
  if (!move.has_z) return "通常の値動きはまだ不明";
  return fmt::format("この時間帯の通常の{}の値動きの{:.1f}倍{}", window_text_ja(move.window), move.z,
                     move.seeded ? "（過去の取引日に基づく）" : "");
}

}  // namespace

Texts move_texts_ja(const Signal& signal, const PhrasesJa& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  const std::array evidence{
      fmt::format("起点は{}の{}{}", say.moment(move.reference_ts), up ? "安値" : "高値", say.price(move.reference)),
      usual_text(signal), threshold_text(signal, say), say.previous_close(), say.confirmed()};
  return {move_title(signal, say), fmt::format("{}は{}、{}をつけた{}。{}", say.name(), move_headline(signal, say),
                                               say.price(signal.price), say.aside(), sentence_ja(evidence))};
}

}  // namespace yagura::alerts
