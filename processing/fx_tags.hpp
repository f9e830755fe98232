// What a currency's price is worth at a moment: tags of thin and technical hours.
#pragma once

#include "core/time.hpp"

namespace yagura::processing {

struct FxTags {
  bool rollover = false;       // 16:55-17:10 New York: positions roll, spreads widen
  bool thin = false;           // 17:00-20:00 New York, and all of a date on which a centre rests
  bool tokyo_holiday = false;  // no business day in Tokyo: no fixing there
};

// Holidays count for the trading date of `t` (it turns at 17:00 New York), which covers the working
// day of all three centres. 1 January and 25 December are thin; a closed weekend has no tags. Any
// thread, no allocation; reads the calendar in force, about the cost of one CalendarCursor miss.
[[nodiscard]] FxTags fx_tags(Timestamp t);

}  // namespace yagura::processing
