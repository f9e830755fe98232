#include <string_view>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

std::string_view reason_text(StaleReason reason) {
  switch (reason) {
    case StaleReason::kNoData: return "接続はあるがデータが来ない";
    case StaleReason::kSocketClosed: return "接続が切れている";
    case StaleReason::kAuth: return "配信元が認証を拒否";
    case StaleReason::kSequenceGap: return "連番に欠落あり";
    case StaleReason::kClock: return "時計が合わない";
    case StaleReason::kFrozen: return "値が動かない";
  }
  return "";
}

}  // namespace

void stale_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& stale = signal.stale;
  const auto silence = silence_text_ja(stale.silence);
  const std::string_view reason = reason_text(stale.reason);
  if (signal.event == Event::kRecovered) {
    draft.title<"{}、{}ぶりにデータ再開">(say.name(), silence);
    return draft.text<"{}のデータが{}ぶりに再開し、値は{}{}。{}">(
        say.name(), silence, say.price(signal.price), say.aside(),
        sentence_ja(say.price_before(), when(stale.reason == StaleReason::kSequenceGap, reason)));
  }
  const bool ever = to_ns(signal.previous_ts) != 0;
  const auto last = text<"最後の値は{}（{}）">(say.price(signal.price), say.moment(signal.previous_ts));
  draft.title<"{}、{}データなし">(say.name(), silence);
  // A backtest knows nothing of connections.
  draft.text<"{}のデータが取引時間中にもかかわらず{}途絶えている。{}再開すれば通知する。">(
      say.name(), silence,
      sentence_ja(when(ever, last), when(!ever, "値はまだ一度も来ていない"),
                  when(stale.reason != StaleReason::kNoData, reason)));
}

}  // namespace yagura::alerts
