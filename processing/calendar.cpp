#include "processing/calendar.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::month_day;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr auto kTokyo = hours{9};  // no daylight saving since 1951
// The generator knows the law as it is since then; years before had changes of their own.
constexpr Date kHolidayLawFrom{std::chrono::year{2022} / 1 / 1};

bool is_weekend(Date date) {
  const weekday day{date};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

std::string_view yearly_name(const CalendarData& data, Date date) {
  const year_month_day ymd{date};
  const auto at = std::ranges::find(data.yearly, month_day{ymd.month() / ymd.day()}, &YearlyDay::day);
  return at == data.yearly.end() ? std::string_view{} : at->name;
}

std::string_view listed_name(const std::vector<NamedDate>& dates, Date date) {
  const auto* at = find_date(dates, date);
  return at == nullptr ? std::string_view{} : at->name;
}

// Why Tokyo's banks and exchanges rest, outages aside; empty on business days.
std::string_view tokyo_rest(const CalendarData& tse, Date date) {
  if (is_weekend(date)) return "weekend";
  if (const auto name = tokyo_holiday(tse, date); !name.empty()) return name;
  return yearly_name(tse, date);
}

std::string_view ose_rest(const CalendarBook& book, Date date) {
  if (is_weekend(date)) return "weekend";
  if (const auto name = listed_name(book.ose.closures, date); !name.empty()) return name;
  const auto rest = tokyo_rest(book.tse, date);
  if (rest.empty()) return {};
  if (const auto name = yearly_name(book.ose, date); !name.empty()) return name;
  return date >= book.ose.holidays_trade_from ? std::string_view{} : rest;
}

constexpr Timestamp tokyo(Date date, Duration time_of_day) { return Timestamp{date} + time_of_day - kTokyo; }

// The phases of one day and of the night before it, as data and trading days have it.
class TokyoExchange {
 public:
  TokyoExchange(const CalendarBook& book, CalendarKind kind)
      : book_(book), kind_(kind), data_(kind == CalendarKind::kTse ? book.tse : book.ose) {}

  [[nodiscard]] CalendarPiece at(Timestamp t) const {
    const Date date = floor<days>(t + kTokyo);
    const Date before = date - days{1};
    const auto time_of_day = t - tokyo(date, Duration{0});
    Duration night_end{0};  // of the day before, as a time of this one
    if (trades(before)) {
      night_end = std::max(Duration{0}, data_.hours_of(before).phases.back().from - hours{24});
      if (time_of_day < night_end) return phase_at(before, time_of_day + hours{24}, Duration{0});
    }
    return phase_at(date, time_of_day, night_end);
  }

 private:
  [[nodiscard]] bool trades(Date date) const { return closed_reason(book_, kind_, date).empty(); }

  // What counts for one day on trading dates: tse has each day stand for itself.
  [[nodiscard]] Date date_of(Date day, bool next) const {
    if (kind_ == CalendarKind::kTse) return day;
    while (next || !tokyo_rest(book_.tse, day).empty()) {
      day += days{1};
      next = false;
    }
    return day;
  }

  // `earliest`: where the phase before the day's first begins.
  [[nodiscard]] CalendarPiece phase_at(Date day, Duration time, Duration earliest) const {
    CalendarPiece piece;
    piece.trading_date = date_of(day, false);
    piece.from = tokyo(day, earliest);
    piece.to = tokyo(day + days{1}, Duration{0});
    piece.name = "closed";
    if (!trades(day)) return piece;
    const auto& phases = data_.hours_of(day).phases;
    piece.segment = std::int64_t{day.time_since_epoch().count()} * kMaxSegments;
    const auto after = std::ranges::upper_bound(phases, time, {}, &DayPhase::from);
    if (after != phases.end()) piece.to = tokyo(day, after->from);
    if (after == phases.begin()) return piece;
    const DayPhase& phase = *std::prev(after);
    piece.from = tokyo(day, phase.from);
    piece.open = phase.open;
    piece.opening = phase.opening;
    piece.close = phase.close;
    piece.pre_close = phase.pre_close;
    piece.trailing = phase.trailing;
    piece.segment += phase.segment;
    piece.trading_date = date_of(day, phase.next_date);
    piece.name = phase.name;
    return piece;
  }

  const CalendarBook& book_;
  CalendarKind kind_;
  const CalendarData& data_;
};

Timestamp tokyo_end(const CalendarData& data, Date date) {
  const auto& phases = data.hours_of(date).phases;
  // The last phase is closed, so there is one after each open one.
  const auto last = std::find_if(phases.rbegin(), phases.rend(),
                                 [](const DayPhase& phase) { return phase.open && !phase.next_date; });
  return tokyo(date, std::prev(last)->from);
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

// 17:00 in New York on a date, the end of that FX trading date.
Timestamp fx_date_end(const CalendarData& fx, Date date) {
  const Timestamp as_if_utc = Timestamp{date} + fx.hours_of(date).phases.front().from;
  // Clocks change at 02:00 on Sundays, so the offset is the same with either guess.
  return as_if_utc - new_york_offset(as_if_utc + hours{5});
}

CalendarPiece fx_piece(const CalendarData& fx, Timestamp t) {
  const Timestamp local = t + new_york_offset(t);
  Date date = floor<days>(local);
  const auto& phase = fx.hours_of(date).phases.front();
  if (local - Timestamp{date} >= phase.from) date += days{1};
  CalendarPiece piece;
  piece.trading_date = date;
  piece.from = fx_date_end(fx, date - days{1});
  piece.to = fx_date_end(fx, date);
  piece.open = !is_weekend(date);
  const auto since_monday = (weekday{date} - std::chrono::Monday).count();
  piece.segment = std::int64_t{date.time_since_epoch().count()} - since_monday;
  piece.name = piece.open ? std::string_view{phase.name} : "closed";
  return piece;
}

}  // namespace

std::string_view tokyo_holiday(const CalendarData& tse, Date date) {
  const auto year = year_month_day{date}.year();
  if (year >= tse.first_year && year <= tse.last_year) return listed_name(tse.holidays, date);
  return date >= kHolidayLawFrom && japanese_holiday(date) ? "national holiday" : "";
}

std::string_view closed_reason(const CalendarBook& book, CalendarKind kind, Date date) {
  switch (kind) {
    case CalendarKind::kTse: {
      const auto outage = listed_name(book.tse.closures, date);
      return outage.empty() ? tokyo_rest(book.tse, date) : outage;
    }
    case CalendarKind::kOse: return ose_rest(book, date);
    case CalendarKind::kFx: return is_weekend(date) ? "weekend" : "";
    case CalendarKind::kAlways: break;
  }
  return {};
}

bool tse_trading_day(Date date) { return closed_reason(calendars(), CalendarKind::kTse, date).empty(); }

bool tokyo_business_day(Date date) { return tokyo_rest(calendars().tse, date).empty(); }

std::chrono::hours new_york_offset(Timestamp t) {
  const auto year = year_month_day{floor<days>(t)}.year();
  const Date starts{year / std::chrono::March / std::chrono::Sunday[2]};
  const Date ends{year / std::chrono::November / std::chrono::Sunday[1]};
  // 02:00 standard time is 07:00 UTC, 02:00 summer time is 06:00 UTC.
  const bool summer = t >= Timestamp{starts} + hours{7} && t < Timestamp{ends} + hours{6};
  return summer ? hours{-4} : hours{-5};
}

CalendarPiece calendar_piece(CalendarKind kind, Timestamp t) {
  const auto& book = calendars();
  switch (kind) {
    case CalendarKind::kTse:
    case CalendarKind::kOse: return TokyoExchange{book, kind}.at(t);
    case CalendarKind::kFx: return fx_piece(book.fx, t);
    case CalendarKind::kAlways: break;
  }
  return always_piece(t);
}

Timestamp session_end(CalendarKind kind, Date trading_date) {
  const auto& book = calendars();
  switch (kind) {
    case CalendarKind::kTse: return tokyo_end(book.tse, trading_date);
    case CalendarKind::kOse: return tokyo_end(book.ose, trading_date);
    case CalendarKind::kFx: return fx_date_end(book.fx, trading_date);
    case CalendarKind::kAlways: break;
  }
  return Timestamp{trading_date + days{1}};
}

}  // namespace yagura::processing
