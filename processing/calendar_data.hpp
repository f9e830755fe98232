// Hours, holidays and tags of the markets as data: what the files in config/calendars/ say. The
// meaning is in calendar.cpp and fx_tags.cpp.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/instrument.hpp"
#include "core/time.hpp"

namespace yagura::processing {

// From a time of day to the next phase.
struct DayPhase {
  Duration from;  // since local midnight; beyond 24 h it belongs to the night of the day before
  std::string name;
  bool open = false;
  bool opening = false;    // prints mix fresh and old components
  bool close = false;      // the closing value is published
  bool pre_close = false;  // orders are collected for the closing auction
  bool trailing = false;   // trading is over, last prints still count
  bool next_date = false;  // counts for the next business day
  int segment = 0;         // how many stretches of open phases came before on this day
};

inline constexpr int kMaxSegments = 8;  // of a day

struct DayHours {
  Date effective_from;  // the first of a calendar also holds for the days before
  std::vector<DayPhase> phases;
};

struct NamedDate {
  Date date;
  std::string name;
};

struct YearlyDay {
  std::chrono::month_day day;
  std::string name;
};

struct DailyTimes {
  Duration from{};
  Duration to{};
};

// One file. Dates are sorted.
struct CalendarData {
  std::vector<DayHours> hours;                    // by effective_from, at least one
  std::chrono::year first_year{1}, last_year{0};  // the holidays of these years are listed in full
  std::vector<NamedDate> holidays;                // national; fx: empty
  std::vector<NamedDate> london, new_york;        // bank holidays; fx only
  std::vector<NamedDate> closures;                // no trading, for another reason
  std::vector<YearlyDay> yearly;
  Date holidays_trade_from = Date::max();  // ose: from here on a holiday is no reason to close
  DailyTimes rollover, thin;               // fx, New York time

  [[nodiscard]] const DayHours& hours_of(Date date) const;
};

struct CalendarBook {
  CalendarData tse, ose, fx;
  [[nodiscard]] CalendarData& of(CalendarKind kind);
};

// The calendars in force, by default those the program was built with. Any thread; what a reference
// or a name points to stays for the life of the process.
[[nodiscard]] const CalendarBook& calendars();
// Takes other calendars into force for all questions from now on; CalendarCursors may answer once
// more from the old ones. Null: the shipped ones. Meant for start-up and reload.
void use_calendars(std::shared_ptr<const CalendarBook> book);
[[nodiscard]] const CalendarBook& shipped_calendars();

// The text of config/calendars/NAME.calendar as it was at build time; empty when there is none.
[[nodiscard]] std::string_view shipped_calendar_text(std::string_view name);

// First entry of a date in a sorted list; null when there is none.
[[nodiscard]] const NamedDate* find_date(const std::vector<NamedDate>& dates, Date date);

}  // namespace yagura::processing
