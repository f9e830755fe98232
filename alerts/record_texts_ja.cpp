#include <string_view>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// The record as a thing: "史上最高値", "年初来安値".
std::string_view record_noun(Horizon horizon, bool high) {
  switch (horizon) {
    case Horizon::kAllTime: return high ? "史上最高値" : "史上最安値";
    case Horizon::kSinceStart: return high ? "データ開始以来の最高値" : "データ開始以来の最安値";
    case Horizon::k52Week: return high ? "52週高値" : "52週安値";
    case Horizon::kYearToDate: return high ? "年初来高値" : "年初来安値";
    case Horizon::kWeek: return high ? "今週の高値" : "今週の安値";
    case Horizon::kSession: return high ? "当日高値" : "当日安値";
  }
  return "";
}

Horizon longest(HorizonSet horizons) {
  for (std::size_t i = 0; i < kHorizonNames; ++i) {
    if (horizons.contains(static_cast<Horizon>(i))) return static_cast<Horizon>(i);
  }
  return Horizon::kSession;
}

// "5万4782円83銭（2月3日）".
void add_old_record(TextBuffer& out, const Signal& signal, const PhrasesJa& say) {
  out.add(say.price(signal.record.record_before));
  if (signal.record.record_date == Date{}) return;
  if (signal.record.record_date == signal.trading_date) return out.add("（本日）");
  out.write<"（{}）">(say.date(signal.record.record_date));
}

}  // namespace

void record_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say) {
  const auto& record = signal.record;
  const bool high = signal.direction == Direction::kUp;
  const bool close = record.basis == Basis::kClose;
  const auto noun = text<"{}{}">(close ? "終値ベースの" : "", record_noun(longest(record.horizons), high));
  const auto old_record = [&](TextBuffer& out) { add_old_record(out, signal, say); };
  if (signal.event == Event::kWithdrawn) {
    draft.title<"{}、{}を取り消し">(say.name(), noun);
    return draft.text<"{}の{}{}は値が無効となり取り消し{}。記録は{}に戻る。">(say.name(), noun, say.price(signal.price),
                                                                              say.aside(), old_record);
  }
  draft.title<"{}、{}を更新">(say.name(), noun);
  if (close)
    draft.text<"{}の終値は{}{}で、{}を更新した。">(say.name(), say.price(signal.price), say.aside(), noun);
  else
    draft.text<"{}は{}を更新し、{}をつけた{}。">(say.name(), noun, say.price(signal.price), say.aside());
  draft.more(
      sentence_ja(text<"従来の{}は{}、更新幅は{}">(high ? "高値" : "安値", old_record, say.amount(record.margin)),
                  when(record.count_today > 1, text<"本日の更新通知は{}回目">(record.count_today)),
                  say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
