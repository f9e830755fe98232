// How long the other side asks us to stay away.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace yagura::net {

// A decimal number of seconds, as in "120" and "1.337", up to a day; nullopt for anything else.
[[nodiscard]] std::optional<Duration> parse_seconds(std::string_view text);

// "Sun, 06 Nov 1994 08:49:37 GMT", as HTTP has it today.
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text);

// The value of a Retry-After header: seconds or a date; one that has passed is zero, more than a day
// is a day. `now` is the other side's Date where there is one: clocks differ.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Timestamp now);

}  // namespace yagura::net
