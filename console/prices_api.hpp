// GET /api/v1/candles and /api/v1/ticks. The console's thread.
#pragma once

#include <string_view>

#include "console/price_desk.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::console {

inline constexpr std::size_t kMostCandles = 2'000;
inline constexpr std::size_t kMostTicks = 10'000;

// `desk` outlives the server.
[[nodiscard]] net::HttpResponse handle_candles(std::string_view query, PriceDesk& desk);
[[nodiscard]] net::HttpResponse handle_ticks(std::string_view query, PriceDesk& desk);

}  // namespace yagura::console
