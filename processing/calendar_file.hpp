// Reads a calendar file, a line a fact; docs/config.md, "Calendars", shows the form. Input from
// outside: everything is checked, and every problem is named with its line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "processing/calendar_data.hpp"

namespace yagura::processing {

struct CalendarProblem {
  std::size_t line;  // 0: of the file as a whole
  std::string message;
};

struct CalendarFile {
  CalendarData data;  // complete when there is no problem
  std::vector<CalendarProblem> problems;
};

// `kind` says which lines make sense; not kAlways.
[[nodiscard]] CalendarFile read_calendar(CalendarKind kind, std::string_view text);

}  // namespace yagura::processing
