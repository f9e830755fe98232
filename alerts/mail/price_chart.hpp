// The last hours of an alert's instrument as a small picture.
#pragma once

#include <string>

#include "alerts/letter.hpp"
#include "alerts/recent_prices.hpp"

namespace yagura::alerts {

// A PNG of 960 by 320 pixels, meant to be shown at half of that: the prices from three hours before the alert
// until now, its levels as dashed lines, its moment marked, axes in the instrument's local time and prices.
// Every low and high of the time is there; where no tick came, such as over lunch, there is no line. Empty
// when the alert is about no instrument or fewer than two points are known.
[[nodiscard]] std::string price_chart(const Letter& letter, const RecentPrices& recent);

}  // namespace yagura::alerts
