// When silence means something: the times in which a market that is well sends data. Narrower than
// the hours in which a tick is accepted (calendar.hpp). Pure functions of time.
#pragma once

#include <cstdint>

#include "core/instrument.hpp"
#include "core/time.hpp"

namespace yagura::processing {

enum class Expect : std::uint8_t {
  kClosed,  // nothing can come
  kQuiet,   // something may come, nothing must: before the open, lunch, auction, Christmas
  kDue,     // data is due
};

// A stretch of time with one expectation, half-open. Neighbours with the same one are one stretch:
// a currency's trading week is not cut at the daily roll.
struct DueStretch {
  Timestamp from;
  Timestamp to;
  Expect expect = Expect::kClosed;
};

// tse: due 09:00-11:30 and 12:30-15:25 Tokyo (to 15:00 before 2024-11-05), when the index is
// computed continuously. ose: while its sessions trade, without the minutes before their close. fx:
// due all week but for 25 December and 1 January. always: due.
[[nodiscard]] DueStretch due_stretch(CalendarKind kind, Timestamp t);

// Remembers the stretch of the last question.
class DueCursor {
 public:
  explicit DueCursor(CalendarKind kind) : kind_(kind) {}
  const DueStretch& at(Timestamp t) {
    if (t < stretch_.from || t >= stretch_.to) stretch_ = due_stretch(kind_, t);
    return stretch_;
  }

 private:
  CalendarKind kind_;
  DueStretch stretch_{};  // empty: the first question fills it
};

}  // namespace yagura::processing
