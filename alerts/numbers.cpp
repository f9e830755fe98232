#include "alerts/numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "core/digits.hpp"

namespace yagura::alerts {
namespace {

constexpr auto kScale = static_cast<std::uint64_t>(Price::kScale);
constexpr std::size_t kLongestGrouped = 40;  // "-9,223,372,036.854775807" and what eight digits at a time touch

constexpr std::array<std::uint32_t, 7> kPowersOfTen = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

constexpr std::uint64_t magnitude_of(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
}

constexpr Duration offset_of(CalendarKind calendar) {
  return calendar == CalendarKind::kAlways ? Duration{0} : std::chrono::hours{9};
}

// "57,337" of a number below 10,000,000,000.
char* write_thousands(char* out, std::uint64_t whole) {
  if (whole < 1'000) return write_small(out, static_cast<std::uint32_t>(whole));
  out = write_thousands(out, whole / 1'000);
  *out = ',';
  return write_padded(out + 1, static_cast<std::uint32_t>(whole % 1'000), 3);
}

struct Ratio {
  bool negative;
  UInt128 rounded;  // in units of the last decimal, half away from zero
};

Ratio ratio_of(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals) {
  const Int128 numerator = static_cast<Int128>(part) * factor * kPowersOfTen[static_cast<std::size_t>(decimals)];
  const auto top = static_cast<UInt128>(numerator < 0 ? -numerator : numerator);
  const auto bottom = magnitude_of(whole);
  return {(numerator < 0) != (whole < 0), (2 * top + bottom) / (2 * static_cast<UInt128>(bottom))};
}

void add_wide(TextBuffer& out, UInt128 value) {
  constexpr std::uint64_t kSplit = 100'000'000;
  if (value <= UINT64_MAX) return out.add(static_cast<std::uint64_t>(value));
  add_wide(out, value / kSplit);
  out.close(write_padded(out.room(8), static_cast<std::uint32_t>(value % kSplit), 8));
}

[[gnu::noinline, gnu::cold]] void add_long_scaled(TextBuffer& out, UInt128 value, int decimals) {
  const std::uint32_t scale = kPowersOfTen[static_cast<std::size_t>(decimals)];
  add_wide(out, value / scale);
  if (decimals == 0) return;
  out.add('.');
  const auto fraction = static_cast<std::uint32_t>(static_cast<std::uint64_t>(value % scale));
  out.close(write_padded(out.room(8), fraction, decimals));
}

// A number given in units of its last decimal: its digits, then the decimals moved behind a point.
void add_scaled(TextBuffer& out, UInt128 value, int decimals) {
  if (value >= 100'000'000) [[unlikely]]
    return add_long_scaled(out, value, decimals);
  const auto small = static_cast<std::uint32_t>(static_cast<std::uint64_t>(value));
  char* end = write_padded(out.room(2 * kMaxIntegerChars), small, std::max(digits_of(small), decimals + 1));
  if (decimals != 0) {
    char* const point = end - decimals;
    std::uint64_t moved = 0;
    std::memcpy(&moved, point, sizeof moved);
    std::memcpy(point + 1, &moved, sizeof moved);
    *point = '.';
    ++end;
  }
  out.close(end);
}

}  // namespace

void add_grouped(TextBuffer& out, std::int64_t raw, int min_decimals) {
  const auto magnitude = magnitude_of(raw);
  char* at = out.room(kLongestGrouped);
  if (raw < 0) *at++ = '-';
  at = write_thousands(at, magnitude / kScale);
  const auto fraction = static_cast<std::uint32_t>(magnitude % kScale);
  const int keep = std::clamp(min_decimals, 0, Price::kDecimals);
  out.close(fraction == 0 && keep == 0 ? at : write_fraction(at, fraction, keep));
}

std::string grouped(std::int64_t raw, int min_decimals) {
  return written([=](TextBuffer& out) { add_grouped(out, raw, min_decimals); });
}

std::string price_text(Price price, const InstrumentInfo& instrument) {
  return grouped(price.raw(), instrument.decimals());
}

void add_level(TextBuffer& out, Price level) { add_grouped(out, level.raw(), 0); }
std::string level_text(Price level) { return grouped(level.raw(), 0); }

PriceDelta whole_ticks(PriceDelta d, PriceDelta tick) {
  return tick.raw() > 0 ? PriceDelta::from_raw(d.raw() - d.raw() % tick.raw()) : d;
}

void add_ratio(TextBuffer& out, std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals) {
  const auto ratio = ratio_of(part, whole, factor, decimals);
  if (ratio.negative && ratio.rounded != 0) out.add('-');
  add_scaled(out, ratio.rounded, decimals);
}

std::string fixed_ratio(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals) {
  return written([=](TextBuffer& out) { add_ratio(out, part, whole, factor, decimals); });
}

void add_tenths(TextBuffer& out, std::int64_t part, std::int64_t whole, std::int64_t factor) {
  add_ratio(out, part, whole, factor, 1);
  if (out.view().ends_with(".0")) out.truncate(out.size() - 2);
}

// A double is a whole number times a power of two, so its decimals are exact in 128 bits.
void add_fixed(TextBuffer& out, double value, int decimals) {
  constexpr double kLargest = 4503599627370496;  // 2^52: beyond it nothing is left of the point
  if (!(std::abs(value) < kLargest)) {
    constexpr std::size_t kLongest = 350;
    char* const at = out.room(kLongest);
    return out.close(std::to_chars(at, at + kLongest, value, std::chars_format::fixed, decimals).ptr);
  }
  constexpr int kFractionBits = 52;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto exponent = static_cast<int>(bits >> kFractionBits & 0x7ff);
  const auto fraction = bits & ((std::uint64_t{1} << kFractionBits) - 1);
  const auto mantissa = exponent == 0 ? fraction : fraction | std::uint64_t{1} << kFractionBits;
  const int shift = 1075 - std::max(exponent, 1);  // value = mantissa / 2^shift, and shift > 0
  UInt128 rounded = 0;
  if (shift < 100) {  // else it is far below half of the last decimal
    const UInt128 scaled = static_cast<UInt128>(mantissa) * kPowersOfTen[static_cast<std::size_t>(decimals)];
    const UInt128 rest = scaled & ((static_cast<UInt128>(1) << shift) - 1);
    const UInt128 half = static_cast<UInt128>(1) << (shift - 1);
    rounded = scaled >> shift;
    if (rest > half || (rest == half && (rounded & 1) != 0)) ++rounded;
  }
  if (std::signbit(value)) out.add('-');
  add_scaled(out, rounded, decimals);
}

void add_short(TextBuffer& out, double value) {
  constexpr std::size_t kLongest = 32;
  constexpr int kSignificant = 6;
  char* const at = out.room(kLongest);
  out.close(std::to_chars(at, at + kLongest, value, std::chars_format::general, kSignificant).ptr);
}

void add_shortest(TextBuffer& out, double value) {
  if (!std::isfinite(value)) return out.add("null");
  constexpr std::size_t kLongest = 40;
  char* const at = out.room(kLongest);
  out.close(std::to_chars(at, at + kLongest, value).ptr);
}

void add_percent(TextBuffer& out, PriceDelta part, Price whole) {
  const bool small = static_cast<Int128>(part.abs().raw()) * 100 < whole.raw();
  const int decimals = small ? 2 : 1;
  const auto ratio = ratio_of(part.raw(), whole.raw(), 100, decimals);
  if (part.raw() > 0 && !(small && ratio.rounded == 0)) out.add('+');
  if (ratio.negative && ratio.rounded != 0) out.add('-');
  add_scaled(out, ratio.rounded, decimals);
}

void add_percent(TextBuffer& out, Percent percent) {
  add_grouped(out, percent.units() * (Price::kScale / 1'000'000), 0);
}

void add_window(TextBuffer& out, Duration window) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(window).count();
  if (ms >= 3'600'000 && ms % 3'600'000 == 0) return out.write<"{} h">(ms / 3'600'000);
  if (ms > 60'000 && ms % 60'000 == 0) return out.write<"{} min">(ms / 60'000);
  if (ms >= 1'000 && ms % 1'000 == 0) return out.write<"{} s">(ms / 1'000);
  out.write<"{} ms">(ms);
}

namespace {

// "5万7337", "3083", "1億": groups of four digits, those after the first padded, empty ones left out.
void add_by_man(TextBuffer& out, std::uint64_t whole) {
  constexpr std::uint32_t kMan = 10'000;
  const auto start = out.size();
  const auto add_group = [&](std::uint32_t group, std::string_view name) {
    if (group == 0) return;
    if (out.size() == start)
      out.add(group);
    else
      out.close(write_padded(out.room(8), group, 4));
    out.add(name);
  };
  if (whole >= kMan) {
    add_group(static_cast<std::uint32_t>(whole / kMan / kMan), "億");
    add_group(static_cast<std::uint32_t>(whole / kMan % kMan), "万");
  }
  add_group(static_cast<std::uint32_t>(whole % kMan), "");
  if (whole == 0) out.add('0');
}

}  // namespace

void add_yen_ja(TextBuffer& out, std::int64_t raw, int min_decimals) {
  const auto magnitude = magnitude_of(raw);
  const auto whole = magnitude / kScale;
  const auto sen = static_cast<std::int64_t>(magnitude % kScale) * 100;
  const bool no_sen = sen == 0 && min_decimals < 2;
  if (raw < 0) out.add('-');
  if (whole != 0 || no_sen) {
    add_by_man(out, whole);
    out.add("円");
  }
  if (no_sen) return;
  if (whole != 0 && sen < 10 * Price::kScale) out.add('0');
  add_grouped(out, sen, 0);
  out.add("銭");
}

void add_date(TextBuffer& out, Date date) {
  const std::chrono::year_month_day day{date};
  char* at = out.room(kMaxIntegerChars);
  const int year = static_cast<int>(day.year());
  if (year < 0 || year > 9'999) return out.add(to_string(date));
  at = write_padded(at, static_cast<std::uint32_t>(year), 4);
  *at++ = '-';
  at = write_padded(at, static_cast<unsigned>(day.month()), 2);
  *at++ = '-';
  out.close(write_padded(at, static_cast<unsigned>(day.day()), 2));
}

void add_local_time(TextBuffer& out, Timestamp t, CalendarKind calendar) {
  const auto [hour, minute, second] = hms_of(local_time(t, calendar).time_of_day);
  char* at = write_padded(out.room(kMaxIntegerChars), hour, 2);
  *at++ = ':';
  at = write_padded(at, minute, 2);
  *at++ = ':';
  out.close(write_padded(at, second, 2));
  out.add(calendar == CalendarKind::kAlways ? " UTC" : " JST");
}

std::string local_time_text(Timestamp t, CalendarKind calendar) {
  return written([=](TextBuffer& out) { add_local_time(out, t, calendar); });
}

LocalTime local_time(Timestamp t, CalendarKind calendar) {
  const auto date = local_date(t, calendar);
  return {date, t + offset_of(calendar) - Timestamp{date}};
}

Hms hms_of(Duration time_of_day) {
  const auto seconds = static_cast<std::uint32_t>(time_of_day / std::chrono::seconds{1});
  return {seconds / 3'600, seconds / 60 % 60, seconds % 60};
}

Date local_date(Timestamp t, CalendarKind calendar) {
  return std::chrono::floor<std::chrono::days>(t + offset_of(calendar));
}

}  // namespace yagura::alerts
