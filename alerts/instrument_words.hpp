// How an instrument is spoken of: what is the same in all its alerts, worked out once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/instrument.hpp"

namespace yagura::alerts {

struct InstrumentWords {
  // What its prices are counted in, in Japanese: the Nikkei average and its futures are quoted in yen there,
  // other indices in points.
  enum class Quote : std::uint8_t { kYen, kYenPair, kPoints, kNumber };

  explicit InstrumentWords(const InstrumentInfo& instrument);

  std::string name;       // "Nikkei 225": safe to show, at most 60 characters
  std::string name_ja;    // "日経平均"
  std::string_view unit;  // of a difference of prices: " points", " yen"; may be empty
  PriceDelta tick, pip;
  std::vector<std::int64_t> steps{};  // of its milestone rules, raw price units
  int decimals;                       // of a price
  int pip_decimals;
  CalendarKind calendar;
  bool pair;         // of currencies
  bool against_yen;  // a pair quoted in yen: it rises when the yen weakens
  bool dollar_yen;   // the other side of it is just "the yen"
  Quote quote;
  bool escaped;  // a name has a quote or a backslash in it: JSON must escape it
};

// Whether JSON must escape something of a text that is safe to show.
[[nodiscard]] inline bool needs_escape(std::string_view shown) {
  return shown.find('"') != shown.npos || shown.find('\\') != shown.npos;
}

}  // namespace yagura::alerts
