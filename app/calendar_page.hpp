// One month of a market's calendar as people read it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/instrument.hpp"

namespace yagura::app {

// "2026-02", years 1900 to 2200.
[[nodiscard]] std::optional<std::chrono::year_month> parse_month(std::string_view text);

// A line a day of the market's own zone: open stretches in local time, or why there are none; trading
// dates that are not the day's own; for currencies also New York's clock changes and thin dates. From
// the calendars in force.
[[nodiscard]] std::string calendar_page(CalendarKind kind, std::chrono::year_month month);

[[nodiscard]] std::string_view calendar_name(CalendarKind kind);  // "tse"

}  // namespace yagura::app
