// What a price comes to next: the multiples of the steps of its instrument's milestone rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/price.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// The nearest one beyond the signal's price, the way it goes. Nothing when the instrument has no milestone
// rule, and for signals that are not about a way: data that stop and return, a record withdrawn, a
// relation to another instrument; nor for one that is near a level, whose text gives that distance already.
[[nodiscard]] std::optional<Price> next_milestone(const Signal& signal, std::span<const std::int64_t> steps);

}  // namespace yagura::alerts
