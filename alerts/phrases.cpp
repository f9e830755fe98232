#include "alerts/phrases.hpp"

#include <fmt/format.h>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostLevelsListed = 6;

int decimals_of(PriceDelta step) {
  InstrumentInfo scale;
  scale.tick = step;
  return scale.decimals();
}

// What a difference of prices is counted in: index points, or yen per unit of the other side.
std::string_view unit_of(const InstrumentInfo& instrument) {
  if (instrument.symbol.ends_with("JPY")) return " yen";
  return instrument.calendar == CalendarKind::kTse ? " points" : "";
}

}  // namespace

std::string Phrases::name() const {
  return printable(instrument_.name.empty() ? instrument_.symbol : instrument_.name, kLongestName);
}

bool Phrases::against_yen() const {
  return instrument_.calendar == CalendarKind::kFx && instrument_.symbol.ends_with("JPY");
}

std::string Phrases::price(Price price) const { return price_text(price, instrument_); }

std::string Phrases::points(PriceDelta d) const {
  const bool pair = instrument_.calendar == CalendarKind::kFx;
  const bool whole = d.raw() % Price::kScale == 0;
  const int decimals = pair ? decimals_of(instrument_.pip) : whole ? 0 : instrument_.decimals();
  return grouped(d.raw(), decimals).append(unit_of(instrument_));
}

std::string Phrases::pips(PriceDelta d) const {
  if (instrument_.calendar != CalendarKind::kFx || instrument_.pip.raw() <= 0) return {};
  std::string count = fixed_ratio(d.raw(), instrument_.pip.raw(), 1, 1);
  if (count.ends_with(".0")) count.resize(count.size() - 2);
  return count + (count == "1" || count == "-1" ? " pip" : " pips");
}

std::string Phrases::amount(PriceDelta d) const {
  const std::string in_pips = pips(d);
  return in_pips.empty() ? points(d) : fmt::format("{} ({})", points(d), in_pips);
}

std::string Phrases::size(PriceDelta d) const {
  std::string in_pips = pips(d.abs());
  return in_pips.empty() ? points(d.abs()) : in_pips;
}

std::string Phrases::threshold(PriceDelta d) const { return amount(whole_ticks(d, instrument_)); }

std::string Phrases::date(Date date) const {
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day day{date};
  std::string text =
      fmt::format("{} {}", static_cast<unsigned>(day.day()), kMonths[static_cast<unsigned>(day.month()) - 1]);
  if (day.year() == std::chrono::year_month_day{signal_.trading_date}.year()) return text;
  return fmt::format("{} {}", text, static_cast<int>(day.year()));
}

std::string Phrases::on_the_day() const {
  if (!signal_.has_previous_close || signal_.previous_close.raw() <= 0) return {};
  const PriceDelta change = signal_.price - signal_.previous_close;
  if (change.raw() == 0) return ", unchanged on the day";
  return fmt::format(", {} on the day", percent_text(change, signal_.previous_close));
}

std::string Phrases::circumstances() const {
  if (signal_.while_down) return ", while Yagura was down";
  if (signal_.feed_gap > Duration{0}) return ", across a feed gap of " + silence_text(signal_.feed_gap);
  return signal_.after_gap ? ", after a gap in the feed" : "";
}

std::string Phrases::moment(Timestamp t) const {
  const auto calendar = instrument_.calendar;
  std::string text = local_time_text(t, calendar);
  if (local_date(t, calendar) != local_date(signal_.ts_event, calendar)) {
    text += " on " + date(local_date(t, calendar));
  }
  return text;
}

std::string Phrases::previous_close() const {
  return signal_.has_previous_close ? "previous close " + price(signal_.previous_close) : "";
}

std::string Phrases::price_before() const {
  if (!signal_.has_previous || to_ns(signal_.previous_ts) == 0) return {};
  return fmt::format("price before {} at {}", price(signal_.previous), moment(signal_.previous_ts));
}

std::string Phrases::confirmed() const {
  return signal_.confirmed ? "the print looked odd and was held until others confirmed it" : "";
}

std::string Phrases::next(Price milestone) const {
  const PriceDelta distance = milestone - signal_.price;
  const bool above = distance.raw() > 0;
  return fmt::format(" Next: {}, {} {} ({}{} %).", level_text(milestone), size(distance), above ? "above" : "below",
                     above ? "+" : "", fixed_ratio(distance.raw(), signal_.price.raw(), 100, 2));
}

std::string silence_text(Duration silence) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto count = [&](auto unit) { return std::chrono::floor<decltype(unit)>(silence).count(); };
  if (silence < seconds{1}) return window_text(std::chrono::floor<std::chrono::milliseconds>(silence));
  if (silence < minutes{2}) return fmt::format("{} s", count(seconds{}));
  if (silence < hours{2}) return fmt::format("{} min", count(minutes{}));
  return fmt::format("{} h", count(hours{}));
}

std::string list_of(std::span<const Price> levels) {
  if (levels.size() > kMostLevelsListed) {
    return fmt::format("{} levels from {} to {}", levels.size(), level_text(levels.front()), level_text(levels.back()));
  }
  std::vector<std::string> words;
  for (const Price level : levels) words.push_back(level_text(level));
  return join_words(words);
}

std::string join_words(std::span<const std::string> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

std::string sentence(std::span<const std::string> parts) {
  std::string out;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    out += out.empty() ? " " : "; ";
    out += part;
  }
  if (out.empty()) return out;
  if (out[1] >= 'a' && out[1] <= 'z') out[1] = static_cast<char>(out[1] - 'a' + 'A');
  return out + ".";
}

}  // namespace yagura::alerts
