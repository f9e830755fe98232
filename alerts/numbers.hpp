// Numbers and times as people read them. Integer arithmetic only.
#pragma once

#include <cstdint>
#include <string>

#include "core/instrument.hpp"
#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// "57,337.07" from raw price units: groups of three, at least `min_decimals` decimals and as many
// more as the exact value needs.
[[nodiscard]] std::string grouped(std::int64_t raw, int min_decimals);

// A price with the decimals of its instrument, a level without needless ones ("57,000").
[[nodiscard]] std::string price_text(Price price, const InstrumentInfo& instrument);
[[nodiscard]] std::string level_text(Price level);

// Rounded towards zero to whole ticks: a percentage of a price, made fit to read.
[[nodiscard]] PriceDelta whole_ticks(PriceDelta d, const InstrumentInfo& instrument);

// part * factor / whole with exactly `decimals` decimals, rounded half away from zero: "-0.1667".
// Never "-0.00". `whole` is not zero.
[[nodiscard]] std::string fixed_ratio(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals);

// "+5.7 %"; two decimals below one percent. `whole` is not zero.
[[nodiscard]] std::string percent_text(PriceDelta part, Price whole);

// A configured percentage, shortest form: "0.5 %".
[[nodiscard]] std::string percent_text(Percent percent);

// "60 s", "5 min", "1 h", "500 ms".
[[nodiscard]] std::string window_text(Duration window);

// "5万7337円07銭", "25銭", "0円": yen as Japanese papers write them, sen with at least two digits from
// `min_decimals` 2 on and as many decimals as the exact value needs.
[[nodiscard]] std::string yen_text_ja(std::int64_t raw, int min_decimals);

// Time where the instrument trades: Tokyo for tse and fx, else UTC. "09:22:05 JST".
[[nodiscard]] std::string local_time_text(Timestamp t, CalendarKind calendar);
[[nodiscard]] Date local_date(Timestamp t, CalendarKind calendar);
struct LocalTime {
  Date date;
  Duration time_of_day;
};
[[nodiscard]] LocalTime local_time(Timestamp t, CalendarKind calendar);

}  // namespace yagura::alerts
