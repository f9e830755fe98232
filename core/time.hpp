// Time: UTC nanoseconds on the wall, a steady clock for every duration that is measured.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yagura {

using Duration = std::chrono::nanoseconds;
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;  // UTC
using MonoTime = std::chrono::steady_clock::time_point;             // latencies and time-outs only
using Date = std::chrono::sys_days;                                 // a trading date; the calendar says of which zone

[[nodiscard]] constexpr Timestamp timestamp_from_ns(std::int64_t ns) { return Timestamp{Duration{ns}}; }
[[nodiscard]] constexpr std::int64_t to_ns(Timestamp t) { return t.time_since_epoch().count(); }

// Milliseconds since 1970 to a Timestamp; nullopt when it does not fit (years 1678 to 2262).
[[nodiscard]] std::optional<Timestamp> timestamp_from_ms(std::int64_t ms) noexcept;

// Reads ISO 8601 `YYYY-MM-DDTHH:MM:SS[.fraction](Z|+hh:mm)`, any count of fraction digits (beyond
// nine they are cut off). nullopt for anything else. A missing zone is an error.
[[nodiscard]] std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept;

// `YYYY-MM-DD`, a real date of the calendar.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(Date date);

// A configured duration: an integer or decimal with a unit (ns, us, ms, s, m, h, d): "500ms", "1.5h".
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text) noexcept;
[[nodiscard]] std::string format_duration(Duration duration);  // shortest whole unit: "90s", "500ms"

// "2026-02-09T00:22:00.000000Z", microseconds.
[[nodiscard]] std::string format_utc(Timestamp t);

}  // namespace yagura
