// What is watched: the settings of one instrument that every layer may need to know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura {

// Which hours and dates prices of an instrument belong to (processing/calendar.hpp).
enum class CalendarKind : std::uint8_t { kTse, kFx, kAlways, kOse };

struct InstrumentInfo {
  std::string symbol;                                  // "NI225"; the name in files, rules and on the wire of ours
  std::string name;                                    // "Nikkei 225"; what people read
  std::string name_ja;                                 // "日経平均"
  PriceDelta tick = PriceDelta::from_raw(10'000'000);  // smallest step of the quote, 0.01
  PriceDelta pip = PriceDelta::from_raw(100'000'000);  // unit of the desk's talk; 10 ticks unless set
  CalendarKind calendar = CalendarKind::kAlways;
  bool filter = true;                 // quarantine of outliers; false: hard rules only
  std::optional<Duration> gap_after;  // silence after which a tick counts as coming after a gap

  // Decimals people expect to see: those of the tick size.
  [[nodiscard]] int decimals() const {
    int count = 0;
    for (auto raw = tick.raw(); raw > 0 && raw % Price::kScale != 0; raw *= 10) ++count;
    return count;
  }
};

}  // namespace yagura
