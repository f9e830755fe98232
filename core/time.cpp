#include "core/time.hpp"

#include <charconv>
#include <cstdio>
#include <limits>

namespace yagura {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `count` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

// Offset of the zone from UTC: "Z", "+09:00", "-0500".
std::optional<minutes> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes{0};
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const auto offset = hours{*hour} + minutes{*minute};
  return east ? offset : -offset;
}

}  // namespace

std::optional<Timestamp> timestamp_from_ms(std::int64_t ms) noexcept {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  if (ms > kLimit || ms < -kLimit) return std::nullopt;
  return timestamp_from_ns(ms * 1'000'000);
}

std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept {
  const auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, ' '))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t fraction_ns = 0;
  if (take(text, '.')) {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    for (std::int64_t unit = 100'000'000; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10) {
      fraction_ns += unit * (text.front() - '0');
    }
  }
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  const auto whole = *date + hours{*hour} + minutes{*minute} + seconds{*second} - *zone;
  constexpr auto kFirst = std::chrono::sys_days{std::chrono::year{1678} / 1 / 1};
  constexpr auto kLast = std::chrono::sys_days{std::chrono::year{2262} / 1 / 1};
  if (whole < kFirst || whole >= kLast) return std::nullopt;
  return Timestamp{whole} + Duration{fraction_ns};
}

std::optional<Date> parse_date(std::string_view text) noexcept {
  const auto date = take_date(text);
  if (!text.empty()) return std::nullopt;
  return date;
}

std::string to_string(Date date) {
  const std::chrono::year_month_day ymd{date};
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                                 static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return {text, static_cast<std::size_t>(size)};
}

std::optional<Duration> parse_duration(std::string_view text) noexcept {
  struct Unit {
    std::string_view name;
    std::int64_t ns;
  };
  // Longer names first: "ms" ends in "s".
  static constexpr Unit kUnits[] = {{"ns", 1},
                                    {"us", 1'000},
                                    {"ms", 1'000'000},
                                    {"s", 1'000'000'000},
                                    {"m", 60'000'000'000},
                                    {"h", 3'600'000'000'000},
                                    {"d", 86'400'000'000'000}};
  for (const auto& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    std::int64_t whole = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc{} || text.empty() || !is_digit(text.front())) return std::nullopt;
    if (whole > std::numeric_limits<std::int64_t>::max() / unit.ns) return std::nullopt;
    std::int64_t ns = whole * unit.ns;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (take(text, '.')) {
      if (text.empty()) return std::nullopt;
      std::int64_t part = unit.ns;
      for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        part /= 10;
        if (__builtin_add_overflow(ns, part * (text.front() - '0'), &ns)) return std::nullopt;
      }
    }
    if (!text.empty()) return std::nullopt;
    return Duration{ns};
  }
  return std::nullopt;
}

std::string format_duration(Duration duration) {
  struct Unit {
    const char* name;
    std::int64_t ns;
  };
  static constexpr Unit kUnits[] = {{"d", 86'400'000'000'000}, {"h", 3'600'000'000'000}, {"m", 60'000'000'000},
                                    {"s", 1'000'000'000},      {"ms", 1'000'000},        {"us", 1'000}};
  for (const auto& unit : kUnits) {
    if (duration.count() != 0 && duration.count() % unit.ns == 0)
      return std::to_string(duration.count() / unit.ns) + unit.name;
  }
  return duration.count() == 0 ? "0s" : std::to_string(duration.count()) + "ns";
}

std::string format_utc(Timestamp t) {
  const auto day = floor<days>(t);
  const auto us = floor<std::chrono::microseconds>(t - day).count();
  char text[32];
  const int size = std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%06dZ", static_cast<int>(us / 3'600'000'000),
                                 static_cast<int>(us / 60'000'000 % 60), static_cast<int>(us / 1'000'000 % 60),
                                 static_cast<int>(us % 1'000'000));
  return to_string(Date{day}) + std::string(text, static_cast<std::size_t>(size));
}

}  // namespace yagura
