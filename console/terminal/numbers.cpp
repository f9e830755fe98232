#include "console/terminal/numbers.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ctime>
#include <string_view>

namespace yagura::console::terminal {
namespace {

using std::chrono::floor;

std::string grouped(std::string_view digits) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

// "-57337.07" with at least `decimals` digits behind the point.
std::string decimal(std::string_view exact, int decimals) {
  std::string text;
  if (exact.starts_with('-')) {
    text = "-";
    exact.remove_prefix(1);
  }
  const auto point = exact.find('.');
  text += grouped(exact.substr(0, point));
  std::string fraction{point == std::string_view::npos ? std::string_view{} : exact.substr(point + 1)};
  if (fraction.size() < static_cast<std::size_t>(decimals)) fraction.resize(static_cast<std::size_t>(decimals), '0');
  return fraction.empty() ? text : text + '.' + fraction;
}

std::tm local_time(Timestamp t) {
  const auto seconds = static_cast<std::time_t>(floor<std::chrono::seconds>(t).time_since_epoch().count());
  std::tm broken{};
  localtime_r(&seconds, &broken);
  return broken;
}

Timestamp in_zone(Timestamp t, Zone zone) {
  switch (zone) {
    case Zone::kMarket: return t + std::chrono::hours{9};  // Tokyo, without daylight saving
    case Zone::kLocal: return t + std::chrono::seconds{local_time(t).tm_gmtoff};
    case Zone::kUtc: break;
  }
  return t;
}

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kDaysJa{"日", "月", "火", "水", "木", "金", "土"};

std::chrono::year_month_day ymd_of(Timestamp t, Zone zone) { return floor<std::chrono::days>(in_zone(t, zone)); }

}  // namespace

std::string price_text(Price price, int decimals) { return decimal(to_string(price), decimals); }

std::string short_price(Price price, int decimals) {
  return price_text(price, price.raw() % Price::kScale == 0 ? 0 : decimals);
}

std::string signed_text(PriceDelta delta, int decimals) {
  return (delta.raw() > 0 ? "+" : "") + decimal(to_string(delta), decimals);
}

std::string count_text(std::uint64_t count) { return grouped(std::to_string(count)); }

std::string real_text(double value, int decimals) {
  if (std::abs(value) >= 1e9) return fmt::format("{:.0e}", value);
  auto text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.starts_with('-')) text.erase(0, 1);  // no -0.00
  return text;
}

std::string signed_real(double value, int decimals) {
  auto text = real_text(value, decimals);
  return text.starts_with('-') || text.find_first_not_of("0.") == std::string::npos ? text : "+" + text;
}

std::string percent_text(double percent) { return signed_real(percent, 2) + " %"; }

std::string micro_text(double us) {
  if (us >= 10'000'000) return real_text(us / 1e6, 0) + " s";
  if (us >= 1000) return real_text(us / 1000, 1) + " ms";
  return real_text(us, us < 10 ? 1 : 0) + " µs";
}

std::string length_text(Duration length, Lang lang) {
  const bool ja = lang == Lang::kJapanese;
  const double s = std::chrono::duration<double>(length).count();
  if (s < 10) return real_text(s, 1) + (ja ? "秒" : " s");
  const auto whole = floor<std::chrono::seconds>(length).count();
  if (whole < 120) return std::to_string(whole) + (ja ? "秒" : " s");
  if (whole < 7'200) return std::to_string(whole / 60) + (ja ? "分" : " min");
  if (whole < 48 * 3'600) return std::to_string(whole / 3'600) + (ja ? "時間" : " h");
  return count_text(static_cast<std::uint64_t>(whole / 86'400)) + (ja ? "日" : " d");
}

std::string span_text(Duration span, Lang lang) {
  const auto s = std::max<std::int64_t>(0, floor<std::chrono::seconds>(span).count());
  const auto days = s / 86'400, rest = s % 86'400;
  const auto clock = s < 3'600 ? fmt::format("{}:{:02}", rest / 60, rest % 60)
                               : fmt::format("{}:{:02}:{:02}", rest / 3'600, rest / 60 % 60, rest % 60);
  if (days == 0) return clock;
  const bool ja = lang == Lang::kJapanese;
  return fmt::format("{}{} {}{}", days, ja ? "日" : " d", rest / 3'600, ja ? "時間" : " h");
}

std::string clock_text(Timestamp t, Zone zone) {
  const auto local = in_zone(t, zone);
  const std::chrono::hh_mm_ss time{floor<std::chrono::seconds>(local - floor<std::chrono::days>(local))};
  return fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string day_text(Timestamp t, Zone zone, Lang lang) {
  const auto ymd = ymd_of(t, zone);
  const auto month = static_cast<unsigned>(ymd.month()), day = static_cast<unsigned>(ymd.day());
  if (lang == Lang::kJapanese) return fmt::format("{}/{}", month, day);
  return fmt::format("{:2} {}", day, kMonths[month - 1]);
}

std::string date_text(Timestamp t, Zone zone, Lang lang) {
  const auto ymd = ymd_of(t, zone);
  const auto weekday = std::chrono::weekday{ymd}.c_encoding();
  const int year = static_cast<int>(ymd.year());
  if (lang == Lang::kJapanese)
    return fmt::format("{}/{}/{}({})", year, static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                       kDaysJa[weekday]);
  return fmt::format("{} {} {} {}", kDays[weekday], static_cast<unsigned>(ymd.day()),
                     kMonths[static_cast<unsigned>(ymd.month()) - 1], year);
}

std::string zone_text(Timestamp t, Zone zone) {
  if (zone == Zone::kMarket) return "JST";
  if (zone == Zone::kUtc) return "UTC";
  const auto broken = local_time(t);
  return broken.tm_zone == nullptr ? "local" : broken.tm_zone;
}

}  // namespace yagura::console::terminal
