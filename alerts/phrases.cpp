#include "alerts/phrases.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kMostLevelsListed = 6;

}  // namespace

void Phrases::add_points(TextBuffer& out, PriceDelta d) const {
  const bool whole = d.raw() % Price::kScale == 0;
  const int decimals = instrument_.pair ? instrument_.pip_decimals : whole ? 0 : instrument_.decimals;
  add_grouped(out, d.raw(), decimals);
  out.add(instrument_.unit);
}

void Phrases::add_pips(TextBuffer& out, PriceDelta d) const {
  const auto start = out.size();
  add_tenths(out, d.raw(), instrument_.pip.raw(), 1);
  const auto count = out.from(start);
  out.add(count == "1" || count == "-1" ? " pip" : " pips");
}

void Phrases::add_amount(TextBuffer& out, PriceDelta d) const {
  add_points(out, d);
  if (has_pips()) out.write<" ({})">(part_of<&Phrases::add_pips>(*this, d));
}

void Phrases::add_size(TextBuffer& out, PriceDelta d) const {
  if (has_pips()) return add_pips(out, d.abs());
  add_points(out, d.abs());
}

void Phrases::add_date(TextBuffer& out, Date date) const {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::chrono::year_month_day day{date};
  out.write<"{} {}">(static_cast<unsigned>(day.day()), kMonths.substr(3 * (static_cast<unsigned>(day.month()) - 1), 3));
  if (day.year() == std::chrono::year_month_day{signal_.trading_date}.year()) return;
  out.write<" {}">(static_cast<int>(day.year()));
}

void Phrases::add_on_the_day(TextBuffer& out) const {
  if (!signal_.has_previous_close || signal_.previous_close.raw() <= 0) return;
  const PriceDelta change = signal_.price - signal_.previous_close;
  if (change.raw() == 0) return out.add(", unchanged on the day");
  out.write<", {} on the day">(percent_part(change, signal_.previous_close));
}

void Phrases::add_circumstances(TextBuffer& out) const {
  if (signal_.while_down) return out.add(", while Yagura was down");
  if (signal_.feed_gap > Duration{0}) return out.write<", across a feed gap of {}">(silence_text(signal_.feed_gap));
  if (signal_.after_gap) out.add(", after a gap in the feed");
}

void Phrases::add_moment(TextBuffer& out, Timestamp t) const {
  add_local_time(out, t, instrument_.calendar);
  const auto day = local_date(t, instrument_.calendar);
  if (day != local_date(signal_.ts_event, instrument_.calendar)) out.write<" on {}">(date(day));
}

void Phrases::add_previous_close(TextBuffer& out) const {
  if (signal_.has_previous_close) out.write<"previous close {}">(price(signal_.previous_close));
}

void Phrases::add_close_and_day(TextBuffer& out) const {
  if (signal_.previous_close.raw() > 0) out.write<"{}{}">(previous_close(), on_the_day());
}

void Phrases::add_price_before(TextBuffer& out) const {
  if (!signal_.has_previous || to_ns(signal_.previous_ts) == 0) return;
  out.write<"price before {} at {}">(price(signal_.previous), moment(signal_.previous_ts));
}

void Phrases::add_next(TextBuffer& out, Price milestone) const {
  const PriceDelta distance = milestone - signal_.price;
  const bool above = distance.raw() > 0;
  const auto share = [&](TextBuffer& to) { add_ratio(to, distance.raw(), signal_.price.raw(), 100, 2); };
  out.write<" Next: {}, {} {} ({}{} %).">(level_part(milestone), size(distance), above ? "above" : "below",
                                          above ? "+" : "", share);
}

void add_silence(TextBuffer& out, Duration silence) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  if (silence < seconds{1}) return add_window(out, std::chrono::floor<std::chrono::milliseconds>(silence));
  if (silence < minutes{2}) return out.write<"{} s">(silence / seconds{1});
  if (silence < hours{2}) return out.write<"{} min">(silence / minutes{1});
  out.write<"{} h">(silence / hours{1});
}

void add_list(TextBuffer& out, std::span<const Price> levels) {
  if (levels.size() > kMostLevelsListed)
    return out.write<"{} levels from {} to {}">(levels.size(), level_part(levels.front()), level_part(levels.back()));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i > 0) out.add(i + 1 == levels.size() ? " and " : ", ");
    add_level(out, levels[i]);
  }
}

std::size_t Sentence::begin() {
  const auto before = out_.size();
  out_.add(before == start_ ? " " : "; ");
  return before;
}

void Sentence::end(std::size_t begun) {
  const std::size_t joint = begun == start_ ? 1 : 2;
  if (out_.size() == begun + joint) out_.truncate(begun);
}

void Sentence::close() {
  if (out_.size() == start_) return;
  char& first = out_[start_ + 1];
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
  out_.add('.');
}

}  // namespace yagura::alerts
