#include "app/calendar_page.hpp"

#include <fmt/format.h>

#include <vector>

#include "processing/calendar.hpp"

namespace yagura::app {
namespace {

using processing::CalendarPiece;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::year_month;

std::string_view weekday_name(Date date) {
  static constexpr std::string_view kNames[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  return kNames[std::chrono::weekday{date}.c_encoding()];
}

// What stands on the market's own wall, as if it were UTC.
Timestamp local_time(CalendarKind kind, Timestamp t) {
  switch (kind) {
    case CalendarKind::kTse:
    case CalendarKind::kOse: return t + hours{9};
    case CalendarKind::kFx: return t + processing::new_york_offset(t);
    case CalendarKind::kAlways: break;
  }
  return t;
}

std::string_view zone_name(CalendarKind kind) {
  if (kind == CalendarKind::kAlways) return "UTC";
  return kind == CalendarKind::kFx ? "New York" : "Tokyo";
}

std::string clock_text(Timestamp local) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<days>(local)).count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

// Open time without a break, in local time.
struct Stretch {
  Timestamp from, to;
  Date trading_date;
  std::string name;
  std::int64_t segment;
};

std::vector<Stretch> stretches(CalendarKind kind, Timestamp from, Timestamp to) {
  std::vector<Stretch> list;
  for (CalendarPiece piece; from < to; from = piece.to) {
    piece = processing::calendar_piece(kind, from);
    if (!piece.open) continue;
    const auto begin = local_time(kind, piece.from);
    const auto end = local_time(kind, piece.to);
    if (!list.empty() && list.back().to == begin && list.back().segment == piece.segment)
      list.back().to = end;
    else
      list.push_back({begin, end, piece.trading_date, std::string(piece.name), piece.segment});
  }
  return list;
}

void append(std::string& line, std::string_view part) { line.append(line.empty() ? "" : "; ").append(part); }

// The stretch as the line of a day shows it; empty when that line need not.
std::string on_day(const Stretch& stretch, Date day) {
  const Timestamp midnight{day};
  const Timestamp next = midnight + days{1};
  if (stretch.from >= next || stretch.to <= midnight) return {};
  const bool begins = stretch.from >= midnight;
  if (!begins && stretch.to >= next) return stretch.name + " all day";
  if (!begins && stretch.to - stretch.from > days{1}) return stretch.name + " until " + clock_text(stretch.to);
  if (!begins) return {};  // a night, told with its evening
  if (stretch.to - stretch.from > days{1}) return stretch.name + " from " + clock_text(stretch.from);
  return fmt::format("{} {}-{}", stretch.name, clock_text(stretch.from), clock_text(stretch.to));
}

// Where the trading date is not what the eye expects: this day's, or for a night tomorrow's.
std::string odd_date(CalendarKind kind, const Stretch& stretch, Date day) {
  if (kind != CalendarKind::kOse || stretch.from < Timestamp{day}) return {};
  const bool night = stretch.to > Timestamp{day + days{1}};
  if (stretch.trading_date == (night ? day + days{1} : day)) return {};
  return fmt::format(" for {} {}", weekday_name(stretch.trading_date), to_string(stretch.trading_date));
}

// Clock changes and thin dates of currencies.
std::string fx_notes(Date day) {
  std::string notes;
  const auto& book = processing::calendars();
  const auto before = processing::new_york_offset(Timestamp{day});
  const auto after = processing::new_york_offset(Timestamp{day + days{1}});
  if (before != after) {
    const Timestamp turn = processing::session_end(CalendarKind::kFx, day);
    append(notes, fmt::format("New York clocks go {} an hour at 02:00: the date turns at {} Tokyo from here on",
                              after > before ? "forward" : "back", clock_text(turn + hours{9})));
  }
  std::string thin;
  const auto rests = [&](std::string_view centre, std::string_view why) {
    if (!why.empty()) thin += fmt::format("{}{} ({})", thin.empty() ? "" : ", ", centre, why);
  };
  if (!processing::closed_reason(book, CalendarKind::kFx, day).empty()) return notes;
  if (!processing::tokyo_business_day(day)) {
    const auto holiday = processing::tokyo_holiday(book.tse, day);
    rests("Tokyo", holiday.empty() ? "turn of the year" : holiday);
  }
  if (const auto* holiday = find_date(book.fx.london, day)) rests("London", holiday->name);
  if (const auto* holiday = find_date(book.fx.new_york, day)) rests("New York", holiday->name);
  for (const auto& yearly : book.fx.yearly) {
    if (const std::chrono::year_month_day ymd{day}; thin.empty() && yearly.day == ymd.month() / ymd.day())
      rests("all", yearly.name);
  }
  if (!thin.empty()) append(notes, "thin: " + thin);
  return notes;
}

std::string day_line(CalendarKind kind, const std::vector<Stretch>& list, Date day) {
  std::string line;
  for (const auto& stretch : list) {
    if (const auto text = on_day(stretch, day); !text.empty()) append(line, text + odd_date(kind, stretch, day));
  }
  const auto reason = processing::closed_reason(processing::calendars(), kind, day);
  if (line.empty()) line = reason.empty() ? "closed" : fmt::format("closed: {}", reason);
  if (kind == CalendarKind::kOse && !reason.empty()) return line;
  if (kind == CalendarKind::kOse && !processing::tokyo_business_day(day))
    append(line,
           fmt::format("holiday: {}", processing::closed_reason(processing::calendars(), CalendarKind::kTse, day)));
  if (const auto notes = kind == CalendarKind::kFx ? fx_notes(day) : std::string{}; !notes.empty()) append(line, notes);
  return line;
}

}  // namespace

std::string_view calendar_name(CalendarKind kind) {
  static constexpr std::string_view kNames[] = {"tse", "fx", "always", "ose"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<year_month> parse_month(std::string_view text) {
  const auto first = text.size() == 7 ? parse_date(std::string(text) + "-01") : std::nullopt;
  if (!first) return std::nullopt;
  const std::chrono::year_month_day ymd{*first};
  if (ymd.year() < std::chrono::year{1900} || ymd.year() > std::chrono::year{2200}) return std::nullopt;
  return ymd.year() / ymd.month();
}

std::string calendar_page(CalendarKind kind, year_month month) {
  const Date first{month / 1};
  const Date last{month / std::chrono::last};
  // A week more on both sides: stretches that reach in.
  const auto list = stretches(kind, Timestamp{first - days{8}}, Timestamp{last + days{8}});
  std::string page = fmt::format("{}, times of {}\n", calendar_name(kind), zone_name(kind));
  for (Date day = first; day <= last; day += days{1})
    page += fmt::format("{} {}  {}\n", to_string(day), weekday_name(day), day_line(kind, list, day));
  return page;
}

}  // namespace yagura::app
