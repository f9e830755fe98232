// The part of a URL behind the '?'. Errors name the parameter, the value and what would be right.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::console {

// Calls `take` with each name and its decoded value, in order; stops at the first error.
using TakeParameter = std::function<Result<void>(std::string_view name, const std::string& text)>;
[[nodiscard]] Result<void> read_query(std::string_view query, const TakeParameter& take);

// A whole number from `low` to `high`.
[[nodiscard]] Result<std::uint64_t> read_number(std::string_view name, std::string_view text, std::uint64_t low,
                                                std::uint64_t high);
// ISO 8601 with a zone, or nanoseconds since 1970.
[[nodiscard]] Result<Timestamp> read_time(std::string_view name, std::string_view text);

}  // namespace yagura::console
