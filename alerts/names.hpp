// Words that people write, back to values. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "core/hash128.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// "info", "low", "high", "critical"; nothing for another word.
[[nodiscard]] std::optional<Severity> severity_of(std::string_view name);
// "milestone" and so on.
[[nodiscard]] std::optional<RuleKind> rule_kind_of(std::string_view name);
// 32 lower-case hexadecimal digits; nothing for anything else.
[[nodiscard]] std::optional<Id128> parse_id(std::string_view text);

}  // namespace yagura::alerts
