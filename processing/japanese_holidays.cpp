// The Act on National Holidays as in force since 2022.
#include <algorithm>
#include <array>

#include "processing/calendar.hpp"

namespace yagura::processing {
namespace {

using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year_month_day;

// n-th given weekday of a month.
bool is_nth(Date date, const year_month_day& ymd, unsigned month, weekday day, unsigned n) {
  const auto d = static_cast<unsigned>(ymd.day());
  return static_cast<unsigned>(ymd.month()) == month && weekday{date} == day && (d - 1) / 7 + 1 == n;
}

// Equinox days, the usual approximation for 1980-2099.
unsigned equinox_day(int year, double base) {
  const int y = year - 1980;
  return static_cast<unsigned>(static_cast<int>(base + 0.242194 * y) - y / 4);
}

// Holidays by the act itself, before substitutes.
bool is_act_holiday(Date date) {
  const year_month_day ymd{date};
  const auto month = static_cast<unsigned>(ymd.month());
  const auto day = static_cast<unsigned>(ymd.day());
  static constexpr std::array<std::pair<unsigned, unsigned>, 10> kFixed = {
      {{1, 1}, {2, 11}, {2, 23}, {4, 29}, {5, 3}, {5, 4}, {5, 5}, {8, 11}, {11, 3}, {11, 23}}};
  if (std::ranges::find(kFixed, std::pair{month, day}) != kFixed.end()) return true;
  const auto monday = std::chrono::Monday;
  if (is_nth(date, ymd, 1, monday, 2) || is_nth(date, ymd, 7, monday, 3) || is_nth(date, ymd, 9, monday, 3) ||
      is_nth(date, ymd, 10, monday, 2)) {
    return true;
  }
  const int year = static_cast<int>(ymd.year());
  return (month == 3 && day == equinox_day(year, 20.8431)) || (month == 9 && day == equinox_day(year, 23.2488));
}

// The first day after a holiday on a Sunday that is no holiday itself.
bool is_substitute(Date date) {
  if (is_act_holiday(date)) return false;
  for (Date back = date - days{1}; is_act_holiday(back); back -= days{1}) {
    if (weekday{back} == std::chrono::Sunday) return true;
  }
  return false;
}

}  // namespace

bool japanese_holiday(Date date) {
  if (is_act_holiday(date) || is_substitute(date)) return true;
  // A day between two holidays is one.
  return weekday{date} != std::chrono::Sunday && is_act_holiday(date - days{1}) && is_act_holiday(date + days{1});
}

}  // namespace yagura::processing
