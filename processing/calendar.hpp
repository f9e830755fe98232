// When a market is open, which trading date a moment belongs to and where prices stop being
// comparable. Rules and their sources: docs/detectors.md, "Calendars". Pure functions of time.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/instrument.hpp"
#include "core/time.hpp"

namespace yagura::processing {

// A stretch of time in which nothing below changes, half-open.
struct CalendarPiece {
  Timestamp from;
  Timestamp to;
  bool open = false;
  bool opening = false;      // first minutes: prints mix fresh and old components
  bool close = false;        // tse: the closing value is published in this piece
  std::int64_t segment = 0;  // equal within a stretch of comparable prices; meaningless when closed
  Date trading_date{};
  std::string_view name;  // "morning", "afternoon", "close", "week", "open", "lunch", "closed"
};

[[nodiscard]] CalendarPiece calendar_piece(CalendarKind kind, Timestamp t);

// End of the session of a trading date, after which no tick of that date is accepted.
[[nodiscard]] Timestamp session_end(CalendarKind kind, Date trading_date);

// True on days the Tokyo Stock Exchange trades. Holidays are modelled from 2022-01-01 on; earlier
// only weekends, 31 December to 3 January and the full-day outage of 2020-10-01 count as closed.
[[nodiscard]] bool tse_trading_day(Date date);
// Japanese national holiday by the law in force since 2022, substitute and citizens' days included.
[[nodiscard]] bool japanese_holiday(Date date);

// Offset of New York from UTC: second Sunday of March to first Sunday of November is summer time.
[[nodiscard]] std::chrono::hours new_york_offset(Timestamp t);

// Remembers the piece of the last tick, so that asking costs two comparisons.
class CalendarCursor {
 public:
  explicit CalendarCursor(CalendarKind kind) : kind_(kind) {}
  const CalendarPiece& at(Timestamp t) {
    if (t < piece_.from || t >= piece_.to) piece_ = calendar_piece(kind_, t);
    return piece_;
  }
  [[nodiscard]] CalendarKind kind() const { return kind_; }

 private:
  CalendarKind kind_;
  CalendarPiece piece_;  // empty interval: the first question fills it
};

}  // namespace yagura::processing
