// When a market is open, which trading date a moment belongs to and where prices stop being
// comparable. Functions of time and of the calendars in force (calendar_data.hpp); rules in words:
// docs/detectors.md, "Calendars". Any thread, no allocation.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/instrument.hpp"
#include "core/time.hpp"
#include "processing/calendar_data.hpp"

namespace yagura::processing {

// A stretch of time in which nothing below changes, half-open.
struct CalendarPiece {
  Timestamp from;
  Timestamp to;
  bool open = false;
  bool opening = false;      // first minutes: prints mix fresh and old components
  bool close = false;        // tse: the closing value is published in this piece
  bool pre_close = false;    // ose: orders are collected, the last price stands still
  bool trailing = false;     // trading is over, last prints still count as the name says
  std::int64_t segment = 0;  // equal within a stretch of comparable prices; meaningless when closed
  Date trading_date{};
  std::string_view name;  // "morning", "afternoon", "close", "day", "night", "week", "open", "lunch", "closed"
};

[[nodiscard]] CalendarPiece calendar_piece(CalendarKind kind, Timestamp t);

// End of the session of a trading date, after which no tick of that date is accepted.
[[nodiscard]] Timestamp session_end(CalendarKind kind, Date trading_date);

// Why a market does not trade on a day of its own zone ("weekend", "Sports Day"); empty when it does.
[[nodiscard]] std::string_view closed_reason(const CalendarBook& book, CalendarKind kind, Date date);

// True on days the Tokyo Stock Exchange trades. Years that its calendar lists follow the list, later
// ones the law; of years before both no holiday is known.
[[nodiscard]] bool tse_trading_day(Date date);
// The same without outages: a day on which Tokyo works.
[[nodiscard]] bool tokyo_business_day(Date date);
// Name of the national holiday, weekend or not; empty when it is none.
[[nodiscard]] std::string_view tokyo_holiday(const CalendarData& tse, Date date);
// Japanese national holiday by the law in force since 2022, substitute and citizens' days included.
[[nodiscard]] bool japanese_holiday(Date date);

// Offset of New York from UTC: second Sunday of March to first Sunday of November is summer time.
[[nodiscard]] std::chrono::hours new_york_offset(Timestamp t);

// Remembers the piece of the last tick, so that asking costs two comparisons.
class CalendarCursor {
 public:
  explicit CalendarCursor(CalendarKind kind) : kind_(kind) {
    static_cast<void>(calendars());  // read before the first tick: that must not allocate
  }
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
