// Numbers and times as people read them. Signs and points are ASCII, as the plain output has them.
#pragma once

#include <cstdint>
#include <string>

#include "console/terminal/look.hpp"
#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console::terminal {

// "57,337.07" with two decimals; digits beyond them stay.
[[nodiscard]] std::string price_text(Price price, int decimals);
[[nodiscard]] std::string short_price(Price price, int decimals);       // "57,000" of a round one
[[nodiscard]] std::string signed_text(PriceDelta delta, int decimals);  // "+10.70"
[[nodiscard]] std::string count_text(std::uint64_t count);              // "123,726"
[[nodiscard]] std::string real_text(double value, int decimals);        // "-0.42"; huge ones as "1e+12"
[[nodiscard]] std::string signed_real(double value, int decimals);
[[nodiscard]] std::string percent_text(double percent);  // "+0.62 %"
[[nodiscard]] std::string micro_text(double us);         // "0.6 µs", "1.2 ms"

[[nodiscard]] std::string length_text(Duration length, Lang lang);  // "0.4 s", "42 s", "3 min", "5 h", "2 d"
[[nodiscard]] std::string span_text(Duration span, Lang lang);      // "0:42", "1:02:03", "2 d 3 h"

[[nodiscard]] std::string clock_text(Timestamp t, Zone zone);            // "14:30:41"
[[nodiscard]] std::string day_text(Timestamp t, Zone zone, Lang lang);   // "12 Feb"
[[nodiscard]] std::string date_text(Timestamp t, Zone zone, Lang lang);  // "Thu 12 Feb 2026"
[[nodiscard]] std::string zone_text(Timestamp t, Zone zone);             // "JST"

}  // namespace yagura::console::terminal
