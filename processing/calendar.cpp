#include "processing/calendar.hpp"

#include <algorithm>
#include <array>

namespace yagura::processing {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr auto kTokyo = hours{9};  // no daylight saving since 1951

constexpr Date date_of(int y, unsigned m, unsigned d) {
  return Date{year_month_day{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}}};
}

// The longer afternoon and the closing auction came on this day (JPX).
constexpr Date kTseLongerDay = date_of(2024, 11, 5);
constexpr Date kHolidaysModelledFrom = date_of(2022, 1, 1);
// Days without trading that no rule foresees: the exchange's full-day outage.
constexpr std::array kAdHocClosures = {date_of(2020, 10, 1)};

bool is_weekend(Date date) {
  const weekday day{date};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

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

constexpr Timestamp tokyo(Date date, Duration time_of_day) { return Timestamp{date} + time_of_day - kTokyo; }

struct TseHours {
  Duration close;  // the closing value appears from here on
  Duration end;
};
constexpr TseHours tse_hours(Date date) {
  if (date >= kTseLongerDay) return {hours{15} + minutes{30}, hours{15} + minutes{40}};
  return {hours{15}, hours{15} + minutes{10}};
}

CalendarPiece tse_piece(Timestamp t) {
  const Date date = floor<days>(t + kTokyo);
  CalendarPiece piece;
  piece.trading_date = date;
  piece.from = tokyo(date, Duration{0});
  piece.to = tokyo(date + days{1}, Duration{0});
  piece.name = "closed";
  if (!tse_trading_day(date)) return piece;

  const auto [close, end] = tse_hours(date);
  struct Edge {
    Duration from;
    bool open, opening, close;
    int segment;
    std::string_view name;
  };
  const std::array<Edge, 8> edges = {{{hours{0}, false, false, false, 0, "closed"},
                                      {hours{9}, true, true, false, 0, "morning"},
                                      {hours{9} + minutes{5}, true, false, false, 0, "morning"},
                                      {hours{11} + minutes{35}, false, false, false, 0, "lunch"},
                                      {hours{12} + minutes{30}, true, true, false, 1, "afternoon"},
                                      {hours{12} + minutes{31}, true, false, false, 1, "afternoon"},
                                      {close, true, false, true, 1, "close"},
                                      {end, false, false, false, 1, "closed"}}};
  const auto time_of_day = t - tokyo(date, Duration{0});
  const auto after = std::ranges::find_if(edges, [&](const Edge& edge) { return edge.from > time_of_day; });
  const Edge& edge = *std::prev(after);
  piece.from = tokyo(date, edge.from);
  if (after != edges.end()) piece.to = tokyo(date, after->from);
  piece.open = edge.open;
  piece.opening = edge.opening;
  piece.close = edge.close;
  piece.segment = std::int64_t{date.time_since_epoch().count()} * 2 + edge.segment;
  piece.name = edge.name;
  return piece;
}

// 17:00 in New York on a date, the end of that FX trading date.
Timestamp new_york_five_pm(Date date) {
  const Timestamp as_if_utc = Timestamp{date} + hours{17};
  // Clocks change at 02:00 on Sundays, so the offset at 17:00 is the same with either guess.
  return as_if_utc - new_york_offset(as_if_utc + hours{5});
}

CalendarPiece fx_piece(Timestamp t) {
  const Date date = floor<days>(t + new_york_offset(t) + hours{7});
  CalendarPiece piece;
  piece.trading_date = date;
  piece.from = new_york_five_pm(date - days{1});
  piece.to = new_york_five_pm(date);
  piece.open = !is_weekend(date);
  const auto since_monday = (weekday{date} - std::chrono::Monday).count();
  piece.segment = std::int64_t{date.time_since_epoch().count()} - since_monday;
  piece.name = piece.open ? "week" : "closed";
  return piece;
}

CalendarPiece always_piece(Timestamp t) {
  CalendarPiece piece;
  piece.trading_date = floor<days>(t);
  piece.from = Timestamp{piece.trading_date};
  piece.to = piece.from + days{1};
  piece.open = true;
  piece.name = "open";
  return piece;
}

}  // namespace

bool japanese_holiday(Date date) {
  if (is_act_holiday(date) || is_substitute(date)) return true;
  // A day between two holidays is one.
  return weekday{date} != std::chrono::Sunday && is_act_holiday(date - days{1}) && is_act_holiday(date + days{1});
}

bool tse_trading_day(Date date) {
  if (is_weekend(date)) return false;
  const year_month_day ymd{date};
  const auto month = static_cast<unsigned>(ymd.month());
  const auto day = static_cast<unsigned>(ymd.day());
  if ((month == 12 && day == 31) || (month == 1 && day <= 3)) return false;
  if (std::ranges::find(kAdHocClosures, date) != kAdHocClosures.end()) return false;
  return date < kHolidaysModelledFrom || !japanese_holiday(date);
}

std::chrono::hours new_york_offset(Timestamp t) {
  const auto year = year_month_day{floor<days>(t)}.year();
  const Date starts{year / std::chrono::March / std::chrono::Sunday[2]};
  const Date ends{year / std::chrono::November / std::chrono::Sunday[1]};
  // 02:00 standard time is 07:00 UTC, 02:00 summer time is 06:00 UTC.
  const bool summer = t >= Timestamp{starts} + hours{7} && t < Timestamp{ends} + hours{6};
  return summer ? hours{-4} : hours{-5};
}

CalendarPiece calendar_piece(CalendarKind kind, Timestamp t) {
  switch (kind) {
    case CalendarKind::kTse: return tse_piece(t);
    case CalendarKind::kFx: return fx_piece(t);
    case CalendarKind::kAlways: break;
  }
  return always_piece(t);
}

Timestamp session_end(CalendarKind kind, Date trading_date) {
  switch (kind) {
    case CalendarKind::kTse: return tokyo(trading_date, tse_hours(trading_date).end);
    case CalendarKind::kFx: return new_york_five_pm(trading_date);
    case CalendarKind::kAlways: break;
  }
  return Timestamp{trading_date + days{1}};
}

}  // namespace yagura::processing
