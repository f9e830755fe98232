#include "alerts/mute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "alerts/numbers.hpp"
#include "processing/calendar.hpp"
#include "processing/fx_tags.hpp"

namespace yagura::alerts {
namespace {

constexpr auto kSegments = std::to_array<std::string_view>({"opening", "morning", "lunch", "afternoon", "close", "day",
                                                            "night", "closed", "rollover", "thin", "tokyo_holiday"});
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<unsigned> weekday_of(std::string_view name) {
  const auto found = std::ranges::find(kWeekdays, name);
  if (found == kWeekdays.end()) return std::nullopt;
  return static_cast<unsigned>(found - kWeekdays.begin());
}

// "sat" or "mon-fri", which may go over the weekend: "fri-mon".
std::optional<std::uint8_t> weekdays_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = weekday_of(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : weekday_of(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  unsigned bits = 0;
  for (unsigned day = *first;; day = (day + 1) % 7) {
    bits |= 1U << day;
    if (day == *last) return static_cast<std::uint8_t>(bits);
  }
}

// "08:45"; "24:00" is the end of the day.
std::optional<Duration> time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::optional<std::pair<Duration, Duration>> hours_of(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = time_of_day(text.substr(0, dash));
  const auto to = time_of_day(text.substr(dash + 1));
  if (!from || !to || *from == *to) return std::nullopt;
  return std::pair{*from, *to};
}

bool contains(const MuteWindow& window, const LocalTime& now) {
  const auto begins_on = [&](Date date) {
    return ((window.weekdays >> std::chrono::weekday{date}.c_encoding()) & 1U) != 0;
  };
  if (window.from < window.to)
    return begins_on(now.date) && now.time_of_day >= window.from && now.time_of_day < window.to;
  if (now.time_of_day >= window.from) return begins_on(now.date);
  return now.time_of_day < window.to && begins_on(now.date - std::chrono::days{1});
}

bool is_in(std::string_view segment, Timestamp t, CalendarKind calendar) {
  const auto piece = processing::calendar_piece(calendar, t);
  if (segment == "opening") return piece.opening;
  if (segment == piece.name) return true;
  if (calendar != CalendarKind::kFx) return false;
  const auto tags = processing::fx_tags(t);
  return (segment == "rollover" && tags.rollover) || (segment == "thin" && tags.thin) ||
         (segment == "tokyo_holiday" && tags.tokyo_holiday);
}

}  // namespace

Result<MuteWindow> parse_mute(std::string_view text) {
  MuteWindow window;
  if (std::ranges::find(kSegments, text) != kSegments.end()) {
    window.segment = text;
    return window;
  }
  const auto space = text.find(' ');
  const auto days = weekdays_of(text.substr(0, space));
  const auto hours = hours_of(days && space != std::string_view::npos ? text.substr(space + 1) : text);
  const bool days_alone = days && space == std::string_view::npos;
  if (!days_alone && !hours) {
    return Error{
        fmt::format("'{}' is no segment ({}), no hours (\"08:00-08:45\") and no weekdays (\"sat\", "
                    "\"mon-fri\", \"fri 22:00-06:00\")",
                    text, fmt::join(kSegments, ", "))};
  }
  if (days) window.weekdays = *days;
  if (hours) std::tie(window.from, window.to) = *hours;
  return window;
}

bool is_muted(std::span<const MuteWindow> windows, Timestamp t, CalendarKind calendar) {
  if (windows.empty()) return false;
  const auto now = local_time(t, calendar);
  return std::ranges::any_of(windows, [&](const MuteWindow& window) {
    return window.segment.empty() ? contains(window, now) : is_in(window.segment, t, calendar);
  });
}

}  // namespace yagura::alerts
