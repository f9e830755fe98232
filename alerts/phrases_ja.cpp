#include "alerts/phrases_ja.hpp"

#include <fmt/format.h>

#include <utility>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostLevelsListed = 6;

std::string without_blank(std::string percent) {
  percent.erase(percent.size() - 2, 1);
  return percent;
}

int decimals_of(PriceDelta step) {
  InstrumentInfo scale;
  scale.tick = step;
  return scale.decimals();
}

}  // namespace

PhrasesJa::PhrasesJa(const Signal& signal, const InstrumentInfo& instrument)
    : signal_(signal), instrument_(instrument), quote_(quote_of(instrument)) {}

// The Nikkei average and its futures are quoted in yen in Japan, other indices in points.
PhrasesJa::Quote PhrasesJa::quote_of(const InstrumentInfo& instrument) {
  const bool tokyo = instrument.calendar == CalendarKind::kTse || instrument.calendar == CalendarKind::kOse;
  if (instrument.symbol.ends_with("JPY"))
    return instrument.calendar == CalendarKind::kFx ? Quote::kYenPair : Quote::kYen;
  if (!tokyo) return Quote::kNumber;
  return instrument.name_ja.starts_with("日経") ? Quote::kYen : Quote::kPoints;
}

std::string PhrasesJa::name() const {
  const auto& own = instrument_.name_ja.empty() ? instrument_.name : instrument_.name_ja;
  return printable(own.empty() ? instrument_.symbol : own, kLongestName);
}

bool PhrasesJa::against_yen() const { return quote_ == Quote::kYenPair; }

std::string PhrasesJa::price(Price price) const {
  if (quote_ == Quote::kYen) return yen_text_ja(price.raw(), instrument_.decimals());
  return price_text(price, instrument_) + (quote_ == Quote::kYenPair ? "円" : "");
}

std::string PhrasesJa::level(Price level) const {
  if (quote_ == Quote::kYen) return yen_text_ja(level.raw(), 0);
  if (quote_ != Quote::kYenPair) return level_text(level);
  const bool whole = level.raw() % Price::kScale == 0;
  return grouped(level.raw(), whole ? 0 : decimals_of(instrument_.pip)) + "円";
}

std::string PhrasesJa::amount(PriceDelta d) const {
  const auto raw = d.abs().raw();
  if (quote_ == Quote::kYen) return yen_text_ja(raw, 0);
  if (quote_ == Quote::kYenPair) {
    if (raw >= Price::kScale) return grouped(raw, decimals_of(instrument_.pip)) + "円";
    std::string sen = fixed_ratio(raw, Price::kScale, 100, 1);
    if (sen.ends_with(".0")) sen.resize(sen.size() - 2);
    return sen + "銭";
  }
  if (quote_ == Quote::kPoints) return grouped(raw, 0) + "ポイント";
  const bool pair = instrument_.calendar == CalendarKind::kFx && instrument_.pip.raw() > 0;
  if (!pair) return grouped(raw, 0);
  return fmt::format("{}（{}pips）", grouped(raw, decimals_of(instrument_.pip)),
                     fixed_ratio(raw, instrument_.pip.raw(), 1, 1));
}

std::string PhrasesJa::threshold(PriceDelta d) const { return amount(whole_ticks(d, instrument_)); }

std::string PhrasesJa::day() const {
  if (!signal_.has_previous_close || signal_.previous_close.raw() <= 0) return {};
  const PriceDelta change = signal_.price - signal_.previous_close;
  if (change.raw() == 0) return "前営業日比変わらず";
  return "前営業日比" + percent_text_ja(change, signal_.previous_close);
}

std::string PhrasesJa::circumstances() const {
  if (signal_.while_down) return "Yagura停止中の動き";
  if (signal_.feed_gap > Duration{0}) return silence_text_ja(signal_.feed_gap) + "のデータ途絶をはさむ";
  return signal_.after_gap ? "データ欠落後" : "";
}

std::string PhrasesJa::aside() const {
  std::string parts = day();
  const std::string how = circumstances();
  if (!parts.empty() && !how.empty()) parts += "、";
  parts += how;
  return parts.empty() ? parts : "（" + parts + "）";
}

std::string PhrasesJa::moment(Timestamp t) const {
  const auto local = local_time(t, instrument_.calendar);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(local.time_of_day).count();
  const bool today = local.date == local_date(signal_.ts_event, instrument_.calendar);
  return fmt::format("{}{}時{:02}分{:02}秒{}", today ? std::string{} : date(local.date), seconds / 3600,
                     seconds / 60 % 60, seconds % 60, instrument_.calendar == CalendarKind::kAlways ? "（UTC）" : "");
}

std::string PhrasesJa::date(Date date) const {
  const std::chrono::year_month_day day{date};
  const std::chrono::year_month_day today{signal_.trading_date};
  std::string text = fmt::format("{}月{}日", static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return day.year() == today.year() ? text : fmt::format("{}年{}", static_cast<int>(day.year()), text);
}

std::string PhrasesJa::previous_close() const {
  return signal_.has_previous_close ? "前営業日終値は" + price(signal_.previous_close) : "";
}

std::string PhrasesJa::price_before() const {
  if (!signal_.has_previous || to_ns(signal_.previous_ts) == 0) return {};
  return fmt::format("直前は{}（{}）", price(signal_.previous), moment(signal_.previous_ts));
}

std::string PhrasesJa::confirmed() const { return signal_.confirmed ? "異常値の疑いで保留した後、続く値で確認" : ""; }

std::string PhrasesJa::next(Price milestone) const {
  const PriceDelta distance = milestone - signal_.price;
  return fmt::format("次の節目は{}、あと{}（{}{}%）。", level(milestone), amount(distance),
                     distance.raw() > 0 ? "+" : "", fixed_ratio(distance.raw(), signal_.price.raw(), 100, 2));
}

std::string PhrasesJa::levels(std::span<const Price> levels) const {
  if (levels.size() > kMostLevelsListed)
    return fmt::format("{}から{}までの{}水準", level(levels.front()), level(levels.back()), levels.size());
  std::string out;
  for (const Price each : levels) {
    if (!out.empty()) out += "・";
    out += level(each);
  }
  return out;
}

std::string window_text_ja(Duration window) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(window).count();
  if (ms >= 3'600'000 && ms % 3'600'000 == 0) return fmt::format("{}時間", ms / 3'600'000);
  if (ms > 60'000 && ms % 60'000 == 0) return fmt::format("{}分", ms / 60'000);
  if (ms >= 1'000 && ms % 1'000 == 0) return fmt::format("{}秒", ms / 1'000);
  return fmt::format("{}ミリ秒", ms);
}

std::string silence_text_ja(Duration silence) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto count = [&](auto unit) { return std::chrono::floor<decltype(unit)>(silence).count(); };
  if (silence < seconds{1}) return window_text_ja(std::chrono::floor<std::chrono::milliseconds>(silence));
  if (silence < minutes{2}) return fmt::format("{}秒", count(seconds{}));
  if (silence < hours{2}) return fmt::format("{}分", count(minutes{}));
  return fmt::format("{}時間", count(hours{}));
}

std::string percent_text_ja(PriceDelta part, Price whole) { return without_blank(percent_text(part, whole)); }
std::string percent_text_ja(Percent percent) { return without_blank(percent_text(percent)); }

std::string sentence_ja(std::span<const std::string> parts) {
  std::string out;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += "、";
    out += part;
  }
  return out.empty() ? out : out + "。";
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
