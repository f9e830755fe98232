// Ticks as the journal keeps them: about 6 bytes each instead of 32.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "processing/tick_ring.hpp"

namespace yagura::alerts {

// Differences in the largest power of ten that all of them share, variable length, a sum at the end.
[[nodiscard]] std::string pack(std::span<const processing::PastTick> ticks);
// Of any bytes: an error says what is wrong with them.
[[nodiscard]] Result<std::vector<processing::PastTick>> unpack(std::string_view bytes);

}  // namespace yagura::alerts
