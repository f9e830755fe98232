// What an instrument cost within one interval of time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::processing {

struct Candle {
  std::int64_t from_s = 0;  // the interval begins, UTC; a day's: 00:00 of its trading date
  Price open{}, high{}, low{}, close{};
  Timestamp first{}, last{};  // event times of `open` and `close`; not kept on the disk
  std::uint64_t ticks = 0;
};
static_assert(sizeof(Candle) == 64, "one candle per cache line");

// Intervals that are kept; all others are folded from them.
enum class CandleStep : std::uint8_t { kSecond, kMinute, kHour, kDay };
inline constexpr std::array kCandleSteps{CandleStep::kSecond, CandleStep::kMinute, CandleStep::kHour, CandleStep::kDay};

[[nodiscard]] constexpr std::int64_t seconds_of(CandleStep step) {
  constexpr std::array<std::int64_t, kCandleSteps.size()> kSeconds{1, 60, 3600, 86'400};
  return kSeconds[static_cast<std::size_t>(step)];
}

}  // namespace yagura::processing
