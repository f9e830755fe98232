#include "alerts/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace yagura::alerts {
namespace {

constexpr Duration offset_of(CalendarKind calendar) {
  return calendar == CalendarKind::kAlways ? Duration{0} : std::chrono::hours{9};
}

}  // namespace

std::string grouped(std::int64_t raw, int min_decimals) {
  const auto magnitude = raw < 0 ? ~static_cast<std::uint64_t>(raw) + 1 : static_cast<std::uint64_t>(raw);
  constexpr auto kScale = static_cast<std::uint64_t>(Price::kScale);
  // Backwards into a buffer: "-9,223,372,036.854775807" is the longest.
  char text[32];
  char* const end = text + sizeof text;
  char* at = end;
  auto fraction = magnitude % kScale;
  const int keep = std::clamp(min_decimals, 0, Price::kDecimals);
  int decimals = Price::kDecimals;
  for (; decimals > keep && fraction % 10 == 0; --decimals) fraction /= 10;
  if (decimals > 0) {
    for (int i = 0; i < decimals; ++i, fraction /= 10) *--at = static_cast<char>('0' + fraction % 10);
    *--at = '.';
  }
  auto whole = magnitude / kScale;
  for (int digits = 0; digits == 0 || whole != 0; ++digits, whole /= 10) {
    if (digits != 0 && digits % 3 == 0) *--at = ',';
    *--at = static_cast<char>('0' + whole % 10);
  }
  if (raw < 0) *--at = '-';
  return {at, end};
}

std::string price_text(Price price, const InstrumentInfo& instrument) {
  return grouped(price.raw(), instrument.decimals());
}

std::string level_text(Price level) { return grouped(level.raw(), 0); }

PriceDelta whole_ticks(PriceDelta d, const InstrumentInfo& instrument) {
  return instrument.tick.raw() > 0 ? PriceDelta::from_raw(d.raw() - d.raw() % instrument.tick.raw()) : d;
}

std::string fixed_ratio(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals) {
  Int128 scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  Int128 numerator = static_cast<Int128>(part) * factor * scale;
  Int128 denominator = whole;
  const bool negative = (numerator < 0) != (denominator < 0);
  if (numerator < 0) numerator = -numerator;
  if (denominator < 0) denominator = -denominator;
  const Int128 rounded = (2 * numerator + denominator) / (2 * denominator);
  const Int128 integer = rounded / scale;
  const auto fraction = static_cast<std::uint64_t>(rounded % scale);
  const char* sign = negative && rounded != 0 ? "-" : "";
  if (decimals == 0) return fmt::format("{}{}", sign, integer);
  return fmt::format("{}{}.{:0{}}", sign, integer, fraction, decimals);
}

std::string percent_text(PriceDelta part, Price whole) {
  const bool small = static_cast<Int128>(part.abs().raw()) * 100 < whole.raw();
  const std::string number = fixed_ratio(part.raw(), whole.raw(), 100, small ? 2 : 1);
  const bool rose = part.raw() > 0 && number != "0.00";
  return fmt::format("{}{} %", rose ? "+" : "", number);
}

std::string percent_text(Percent percent) { return grouped(percent.units() * (Price::kScale / 1'000'000), 0) + " %"; }

std::string window_text(Duration window) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(window).count();
  if (ms >= 3'600'000 && ms % 3'600'000 == 0) return fmt::format("{} h", ms / 3'600'000);
  if (ms > 60'000 && ms % 60'000 == 0) return fmt::format("{} min", ms / 60'000);
  if (ms >= 1'000 && ms % 1'000 == 0) return fmt::format("{} s", ms / 1'000);
  return fmt::format("{} ms", ms);
}

namespace {

// "5万7337", "3083", "1億": groups of four digits, those after the first padded, empty ones left out.
std::string grouped_by_man(std::uint64_t whole) {
  constexpr std::string_view kNames[] = {"", "万", "億"};
  std::string out;
  for (std::size_t i = std::size(kNames); i-- > 0;) {
    std::uint64_t unit = 1;
    for (std::size_t k = 0; k < i; ++k) unit *= 10'000;
    const auto group = whole / unit % (i + 1 == std::size(kNames) ? UINT64_MAX : 10'000);
    if (group == 0) continue;
    out += fmt::format("{:0{}}{}", group, out.empty() ? 1 : 4, kNames[i]);
  }
  return out.empty() ? "0" : out;
}

}  // namespace

std::string yen_text_ja(std::int64_t raw, int min_decimals) {
  constexpr auto kScale = static_cast<std::uint64_t>(Price::kScale);
  const auto magnitude = raw < 0 ? ~static_cast<std::uint64_t>(raw) + 1 : static_cast<std::uint64_t>(raw);
  const auto whole = magnitude / kScale;
  const auto sen = static_cast<std::int64_t>(magnitude % kScale) * 100;
  std::string out = raw < 0 ? "-" : "";
  if (whole != 0 || (sen == 0 && min_decimals < 2)) out += grouped_by_man(whole) + "円";
  if (sen == 0 && min_decimals < 2) return out;
  if (whole != 0 && sen < 10 * Price::kScale) out += '0';
  return out + grouped(sen, 0) + "銭";
}

std::string local_time_text(Timestamp t, CalendarKind calendar) {
  const auto local = t + offset_of(calendar);
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(local - std::chrono::floor<std::chrono::days>(local)).count();
  return fmt::format("{:02}:{:02}:{:02} {}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     calendar == CalendarKind::kAlways ? "UTC" : "JST");
}

LocalTime local_time(Timestamp t, CalendarKind calendar) {
  const auto date = local_date(t, calendar);
  return {date, t + offset_of(calendar) - Timestamp{date}};
}

Date local_date(Timestamp t, CalendarKind calendar) {
  return std::chrono::floor<std::chrono::days>(t + offset_of(calendar));
}

}  // namespace yagura::alerts
