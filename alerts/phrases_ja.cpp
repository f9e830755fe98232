#include "alerts/phrases_ja.hpp"

#include <utility>

namespace yagura::alerts {
namespace {

constexpr std::size_t kMostLevelsListed = 6;

}  // namespace

void add_price_ja(TextBuffer& out, Price price, const InstrumentWords& instrument) {
  using Quote = InstrumentWords::Quote;
  if (instrument.quote == Quote::kYen) return add_yen_ja(out, price.raw(), instrument.decimals);
  add_grouped(out, price.raw(), instrument.decimals);
  if (instrument.quote == Quote::kYenPair) out.add("円");
}

void PhrasesJa::add_level(TextBuffer& out, Price level) const {
  if (instrument_.quote == Quote::kYen) return add_yen_ja(out, level.raw(), 0);
  if (instrument_.quote != Quote::kYenPair) return alerts::add_level(out, level);
  const bool whole = level.raw() % Price::kScale == 0;
  add_grouped(out, level.raw(), whole ? 0 : instrument_.pip_decimals);
  out.add("円");
}

void PhrasesJa::add_amount(TextBuffer& out, PriceDelta d) const {
  const auto raw = d.abs().raw();
  switch (instrument_.quote) {
    case Quote::kYen: return add_yen_ja(out, raw, 0);
    case Quote::kYenPair:
      if (raw >= Price::kScale) {
        add_grouped(out, raw, instrument_.pip_decimals);
        return out.add("円");
      }
      add_tenths(out, raw, Price::kScale, 100);
      return out.add("銭");
    case Quote::kPoints: add_grouped(out, raw, 0); return out.add("ポイント");
    case Quote::kNumber: break;
  }
  if (!instrument_.pair || instrument_.pip.raw() <= 0) return add_grouped(out, raw, 0);
  add_grouped(out, raw, instrument_.pip_decimals);
  const auto pips = [&](TextBuffer& to) { add_ratio(to, raw, instrument_.pip.raw(), 1, 1); };
  out.write<"（{}pips）">(pips);
}

void PhrasesJa::add_day(TextBuffer& out) const {
  if (!signal_.has_previous_close || signal_.previous_close.raw() <= 0) return;
  const PriceDelta change = signal_.price - signal_.previous_close;
  if (change.raw() == 0) return out.add("前営業日比変わらず");
  out.write<"前営業日比{}">(percent_part_ja(change, signal_.previous_close));
}

void PhrasesJa::add_circumstances(TextBuffer& out) const {
  if (signal_.while_down) return out.add("Yagura停止中の動き");
  if (signal_.feed_gap > Duration{0}) return out.write<"{}のデータ途絶をはさむ">(silence_text_ja(signal_.feed_gap));
  if (signal_.after_gap) out.add("データ欠落後");
}

void PhrasesJa::add_aside(TextBuffer& out) const {
  constexpr std::string_view kOpen = "（";
  const auto before = out.size();
  out.add(kOpen);
  const auto start = out.size();
  add_clause_ja(out, start, part_of<&PhrasesJa::add_day>(*this));
  add_clause_ja(out, start, part_of<&PhrasesJa::add_circumstances>(*this));
  if (out.size() == start) return out.truncate(before);
  out.add("）");
}

void PhrasesJa::add_moment(TextBuffer& out, Timestamp t) const {
  const auto [day, time_of_day] = local_time(t, instrument_.calendar);
  const auto [hour, minute, second] = hms_of(time_of_day);
  if (day != local_date(signal_.ts_event, instrument_.calendar)) add_date(out, day);
  const auto two_digits = [](std::uint32_t value) {
    return [=](TextBuffer& to) { to.close(write_padded(to.room(8), value, 2)); };
  };
  out.write<"{}時{}分{}秒">(hour, two_digits(minute), two_digits(second));
  if (instrument_.calendar == CalendarKind::kAlways) out.add("（UTC）");
}

void PhrasesJa::add_date(TextBuffer& out, Date date) const {
  const std::chrono::year_month_day day{date};
  if (day.year() != std::chrono::year_month_day{signal_.trading_date}.year())
    out.write<"{}年">(static_cast<int>(day.year()));
  out.write<"{}月{}日">(static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void PhrasesJa::add_previous_close(TextBuffer& out) const {
  if (signal_.has_previous_close) out.write<"前営業日終値は{}">(price(signal_.previous_close));
}

void PhrasesJa::add_price_before(TextBuffer& out) const {
  if (!signal_.has_previous || to_ns(signal_.previous_ts) == 0) return;
  out.write<"直前は{}（{}）">(price(signal_.previous), moment(signal_.previous_ts));
}

void PhrasesJa::add_next(TextBuffer& out, Price milestone) const {
  const PriceDelta distance = milestone - signal_.price;
  const auto share = [&](TextBuffer& to) { add_ratio(to, distance.raw(), signal_.price.raw(), 100, 2); };
  out.write<"次の節目は{}、あと{}（{}{}%）。">(level(milestone), amount(distance), distance.raw() > 0 ? "+" : "",
                                               share);
}

void PhrasesJa::add_levels(TextBuffer& out, std::span<const Price> levels) const {
  if (levels.size() > kMostLevelsListed)
    return out.write<"{}から{}までの{}水準">(level(levels.front()), level(levels.back()), levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i > 0) out.add("・");
    add_level(out, levels[i]);
  }
}

void add_window_ja(TextBuffer& out, Duration window) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(window).count();
  if (ms >= 3'600'000 && ms % 3'600'000 == 0) return out.write<"{}時間">(ms / 3'600'000);
  if (ms > 60'000 && ms % 60'000 == 0) return out.write<"{}分">(ms / 60'000);
  if (ms >= 1'000 && ms % 1'000 == 0) return out.write<"{}秒">(ms / 1'000);
  out.write<"{}ミリ秒">(ms);
}

void add_silence_ja(TextBuffer& out, Duration silence) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  if (silence < seconds{1}) return add_window_ja(out, std::chrono::floor<std::chrono::milliseconds>(silence));
  if (silence < minutes{2}) return out.write<"{}秒">(silence / seconds{1});
  if (silence < hours{2}) return out.write<"{}分">(silence / minutes{1});
  out.write<"{}時間">(silence / hours{1});
}

std::string_view event_word_ja(std::string_view event) {
  static constexpr std::pair<Event, std::string_view> kWords[] = {
      {Event::kReached, "到達"},
      {Event::kLost, "割り込み"},
      {Event::kCleared, "上抜け"},
      {Event::kRejected, "反落"},
      {Event::kBroken, "下抜け"},
      {Event::kRegained, "回復"},
      {Event::kNear, "接近"},
      {Event::kClosedAbove, "終値で上回る"},
      {Event::kClosedBelow, "終値で下回る"},
      {Event::kNewHigh, "高値更新"},
      {Event::kNewLow, "安値更新"},
      {Event::kWithdrawn, "取り消し"},
      {Event::kMove, "急変動"},
      {Event::kExtended, "値幅拡大"},
      {Event::kReversal, "反転"},
      {Event::kStale, "データ途絶"},
      {Event::kRecovered, "データ再開"},
      {Event::kDrift, "じり高・じり安"},
      {Event::kDiverged, "乖離"},
      {Event::kDecoupled, "連動の変化"},
      {Event::kJoint, "同時変動"},
      {Event::kWatch, "介入警戒"},
      {Event::kSuspected, "介入の疑い"},
      {Event::kStrong, "介入の疑い濃厚"},
      {Event::kReverted, "急変動の戻り"},
      {Event::kCrossed, "騰落率の節目"},
  };
  for (const auto& [known, word] : kWords) {
    if (yagura::name_of(known) == event) return word;
  }
  return {};
}

}  // namespace yagura::alerts
