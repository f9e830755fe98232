// Numbers and times as people read them. Integer arithmetic only. add_… appends to a text without
// allocating; the others return a string.
#pragma once

#include <cstdint>
#include <string>

#include "core/instrument.hpp"
#include "core/price.hpp"
#include "core/text_buffer.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// "57,337.07" from raw price units: groups of three, at least `min_decimals` decimals and as many
// more as the exact value needs.
void add_grouped(TextBuffer& out, std::int64_t raw, int min_decimals);
[[nodiscard]] std::string grouped(std::int64_t raw, int min_decimals);

// A price with the decimals of its instrument, a level without needless ones ("57,000").
[[nodiscard]] std::string price_text(Price price, const InstrumentInfo& instrument);
void add_level(TextBuffer& out, Price level);
[[nodiscard]] std::string level_text(Price level);

// Rounded towards zero to whole ticks: a percentage of a price, made fit to read.
[[nodiscard]] PriceDelta whole_ticks(PriceDelta d, PriceDelta tick);

// part * factor / whole with exactly `decimals` decimals, rounded half away from zero: "-0.1667".
// Never "-0.00". `whole` is not zero.
void add_ratio(TextBuffer& out, std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals);
[[nodiscard]] std::string fixed_ratio(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals);

// The same without the decimals that are zero, one decimal at most: "25", "0.5".
void add_tenths(TextBuffer& out, std::int64_t part, std::int64_t whole, std::int64_t factor);

// `value` with exactly `decimals` (at most 6) decimals, as printf("%.*f") rounds: to the even digit when in the
// middle, the sign kept: "-0.0".
void add_fixed(TextBuffer& out, double value, int decimals);

// As a part of a text.
[[nodiscard]] inline auto fixed(double value, int decimals) {
  return [=](TextBuffer& out) { add_fixed(out, value, decimals); };
}

// Six significant digits at most, as printf("%g") does: "4.5".
void add_short(TextBuffer& out, double value);
[[nodiscard]] inline auto short_number(double value) {
  return [=](TextBuffer& out) { add_short(out, value); };
}

// The shortest form that reads back, "null" for what is no number.
void add_shortest(TextBuffer& out, double value);
[[nodiscard]] inline auto shortest(double value) {
  return [=](TextBuffer& out) { add_shortest(out, value); };
}

// "+5.7" of "+5.7 %"; two decimals below one percent. `whole` is not zero.
void add_percent(TextBuffer& out, PriceDelta part, Price whole);

// A configured percentage, shortest form: "0.5" of "0.5 %".
void add_percent(TextBuffer& out, Percent percent);

// "60 s", "5 min", "1 h", "500 ms".
void add_window(TextBuffer& out, Duration window);

// "5万7337円07銭", "25銭", "0円": yen as Japanese papers write them, sen with at least two digits from
// `min_decimals` 2 on and as many decimals as the exact value needs.
void add_yen_ja(TextBuffer& out, std::int64_t raw, int min_decimals);

// "2026-02-09".
void add_date(TextBuffer& out, Date date);
[[nodiscard]] inline auto date_text(Date date) {
  return [=](TextBuffer& out) { add_date(out, date); };
}

// Time where the instrument trades: Tokyo for tse and fx, else UTC. "09:22:05 JST".
void add_local_time(TextBuffer& out, Timestamp t, CalendarKind calendar);
[[nodiscard]] std::string local_time_text(Timestamp t, CalendarKind calendar);
[[nodiscard]] Date local_date(Timestamp t, CalendarKind calendar);
struct LocalTime {
  Date date;
  Duration time_of_day;
};
[[nodiscard]] LocalTime local_time(Timestamp t, CalendarKind calendar);
// Hours, minutes and seconds of a time of day.
struct Hms {
  std::uint32_t hour, minute, second;
};
[[nodiscard]] Hms hms_of(Duration time_of_day);

}  // namespace yagura::alerts
