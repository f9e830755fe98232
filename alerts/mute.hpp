// Times in which alerts are not delivered: a segment of the instrument's calendar, or hours and
// weekdays where it trades. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/instrument.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

struct MuteWindow {
  std::string segment;                   // of the calendar, or one of its tags; empty: the three below
  std::uint8_t weekdays = 0x7f;          // on which the window begins; bit 0 is Sunday
  Duration from{0};                      // local time of day
  Duration to = std::chrono::hours{24};  // not included; below `from`: on the next day

  friend bool operator==(const MuteWindow&, const MuteWindow&) = default;
};

// Tokyo's "opening", "morning", "lunch", "afternoon", "close", Osaka's "day", "night", "closed" of
// both, tags of currencies (fx_tags.hpp) "rollover", "thin", "tokyo_holiday"; "08:00-08:45"; "sat",
// "mon-fri"; "fri 22:00-06:00". The error says what would be right.
[[nodiscard]] Result<MuteWindow> parse_mute(std::string_view text);

// Whether `t` lies in one of the windows, in the local time of the calendar (numbers.hpp).
[[nodiscard]] bool is_muted(std::span<const MuteWindow> windows, Timestamp t, CalendarKind calendar);

}  // namespace yagura::alerts
