// Alerts handed out, by rule and severity.
#pragma once

#include <array>
#include <cstdint>
#include <functional>  // less
#include <map>
#include <string>

namespace yagura::app {

inline constexpr std::size_t kSeverities = 4;

using AlertCounts = std::map<std::string, std::array<std::uint64_t, kSeverities>, std::less<>>;  // by rule, Severity

}  // namespace yagura::app
