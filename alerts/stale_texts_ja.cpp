#include <fmt/format.h>

#include <array>
#include <string>
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

Texts stale_texts_ja(const Signal& signal, const PhrasesJa& say) {
  const auto& stale = signal.stale;
  const std::string silence = silence_text_ja(stale.silence);
  if (signal.event == Event::kRecovered) {
    const bool gap = stale.reason == StaleReason::kSequenceGap;
    const std::array evidence{say.price_before(), std::string{gap ? reason_text(stale.reason) : std::string_view{}}};
    return {fmt::format("{}、{}ぶりにデータ再開", say.name(), silence),
            fmt::format("{}のデータが{}ぶりに再開し、値は{}{}。{}", say.name(), silence, say.price(signal.price),
                        say.aside(), sentence_ja(evidence))};
  }
  const bool ever = to_ns(signal.previous_ts) != 0;
  // A backtest knows nothing of connections.
  const std::array evidence{
      ever ? fmt::format("最後の値は{}（{}）", say.price(signal.price), say.moment(signal.previous_ts))
           : std::string{"値はまだ一度も来ていない"},
      stale.reason == StaleReason::kNoData ? std::string{} : std::string{reason_text(stale.reason)}};
  return {fmt::format("{}、{}データなし", say.name(), silence),
          fmt::format("{}のデータが取引時間中にもかかわらず{}途絶えている。{}再開すれば通知する。", say.name(), silence,
                      sentence_ja(evidence))};
}

}  // namespace yagura::alerts
