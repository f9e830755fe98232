#include "processing/data_due.hpp"

#include <algorithm>
#include <array>

#include "processing/calendar.hpp"

namespace yagura::processing {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr auto kTokyo = hours{9};

DueStretch tse_stretch(Timestamp t) {
  const Date date = floor<days>(t + kTokyo);
  const Timestamp midnight = Timestamp{date} - kTokyo;
  if (!tse_trading_day(date)) return {midnight, midnight + days{1}, Expect::kClosed};

  // The auction before the close came with the longer day; before, trading ran into the close.
  const Duration end = session_end(CalendarKind::kTse, date) - midnight;
  const bool longer = end > hours{15} + minutes{15};
  struct Edge {
    Duration from;
    Expect expect;
  };
  const std::array<Edge, 7> edges = {{{hours{0}, Expect::kClosed},
                                      {hours{8}, Expect::kQuiet},
                                      {hours{9}, Expect::kDue},
                                      {hours{11} + minutes{30}, Expect::kQuiet},
                                      {hours{12} + minutes{30}, Expect::kDue},
                                      {longer ? hours{15} + minutes{25} : hours{15}, Expect::kQuiet},
                                      {end, Expect::kClosed}}};
  const auto after = std::ranges::find_if(edges, [&](const Edge& edge) { return edge.from > t - midnight; });
  const Edge& edge = *std::prev(after);
  return {midnight + edge.from, after == edges.end() ? midnight + days{1} : midnight + after->from, edge.expect};
}

DueStretch ose_stretch(Timestamp t) {
  const auto expect_of = [](const CalendarPiece& piece) {
    if (!piece.open) return Expect::kClosed;
    return piece.pre_close ? Expect::kQuiet : Expect::kDue;
  };
  const auto piece = calendar_piece(CalendarKind::kOse, t);
  DueStretch stretch{piece.from, piece.to, expect_of(piece)};
  const auto same = [&](Timestamp moment) {
    const auto next = calendar_piece(CalendarKind::kOse, moment);
    const bool joins = expect_of(next) == stretch.expect;
    if (joins) stretch = {std::min(stretch.from, next.from), std::max(stretch.to, next.to), stretch.expect};
    return joins;
  };
  // A session is cut into few pieces; a long holiday may end early, which nobody minds.
  constexpr int kMostPieces = 16;
  for (int i = 0; i < kMostPieces && same(stretch.from - Duration{1}); ++i) {
  }
  for (int i = 0; i < kMostPieces && same(stretch.to); ++i) {
  }
  return stretch;
}

// Banks everywhere are shut, though quotes may trickle.
bool fx_asleep(Date date) {
  const year_month_day ymd{date};
  return std::ranges::any_of(calendars().fx.yearly,
                             [&](const YearlyDay& yearly) { return yearly.day == ymd.month() / ymd.day(); });
}

DueStretch fx_stretch(Timestamp t) {
  const auto rolls = [](Date date) { return session_end(CalendarKind::kFx, date); };
  const Date date = calendar_piece(CalendarKind::kFx, t).trading_date;
  const Date monday = date - (weekday{date} - std::chrono::Monday);
  const Date friday = monday + days{4};
  if (date > friday) return {rolls(friday), rolls(monday + days{6}), Expect::kClosed};
  DueStretch week{rolls(monday - days{1}), rolls(friday), Expect::kDue};
  for (Date day = monday; day <= friday; day += days{1}) {
    if (!fx_asleep(day)) continue;
    const DueStretch asleep{rolls(day - days{1}), rolls(day), Expect::kQuiet};
    if (day == date) return asleep;
    if (day > date)
      week.to = std::min(week.to, asleep.from);
    else
      week.from = std::max(week.from, asleep.to);
  }
  return week;
}

}  // namespace

DueStretch due_stretch(CalendarKind kind, Timestamp t) {
  switch (kind) {
    case CalendarKind::kTse: return tse_stretch(t);
    case CalendarKind::kFx: return fx_stretch(t);
    case CalendarKind::kOse: return ose_stretch(t);
    case CalendarKind::kAlways: break;
  }
  return {Timestamp::min(), Timestamp::max(), Expect::kDue};
}

}  // namespace yagura::processing
