// What the market's clock says: open or not, until when, what comes next.
#pragma once

#include "console/snapshot.hpp"
#include "processing/calendar.hpp"

namespace yagura::app {

// `market_now` is the market's own time, in a replay that of the recording. Any thread.
[[nodiscard]] console::SessionClock session_clock(CalendarKind calendar, Timestamp market_now);

}  // namespace yagura::app
