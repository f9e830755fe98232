// Candles of a longer interval from those of a shorter one that divides it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "processing/candle.hpp"

namespace yagura::processing {

// Start of the interval of so many seconds that `at_s` lies in; intervals begin at multiples since 1970.
[[nodiscard]] constexpr std::int64_t interval_start(std::int64_t at_s, std::int64_t seconds) {
  const auto rest = at_s % seconds;
  return at_s - (rest < 0 ? rest + seconds : rest);
}

// `candles` rise in time; so does the outcome. Empty intervals are left out.
[[nodiscard]] inline std::vector<Candle> fold_candles(std::span<const Candle> candles, std::int64_t seconds) {
  std::vector<Candle> folded;
  for (const auto& candle : candles) {
    const auto from_s = interval_start(candle.from_s, seconds);
    if (folded.empty() || folded.back().from_s != from_s) {
      folded.push_back(candle);
      folded.back().from_s = from_s;
      continue;
    }
    auto& sum = folded.back();
    sum.high = std::max(sum.high, candle.high);
    sum.low = std::min(sum.low, candle.low);
    sum.close = candle.close;
    sum.last = candle.last;
    sum.ticks += candle.ticks;
  }
  return folded;
}

}  // namespace yagura::processing
