// Past prices as the API answers them. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "console/price_desk.hpp"
#include "processing/candle.hpp"
#include "processing/tick_ring.hpp"

namespace yagura::console {

[[nodiscard]] std::string candles_json(std::string_view symbol, const CandleInterval& interval,
                                       std::span<const processing::Candle> candles);
// `complete`: no accepted tick of the stretch that was asked for is missing, and none can come any more.
[[nodiscard]] std::string ticks_json(std::string_view symbol, std::span<const processing::PastTick> ticks,
                                     bool complete);

}  // namespace yagura::console
