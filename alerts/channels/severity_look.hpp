// How severe an alert looks where colours can be had.
#pragma once

#include <cstdint>
#include <string_view>

#include "alerts/letter.hpp"

namespace yagura::alerts {

struct SeverityLook {
  std::string_view web;  // "#c62828"
  std::uint32_t rgb;
};

// Red, orange, blue and grey from critical to info; green for what is over.
[[nodiscard]] constexpr SeverityLook look_of(const Letter& letter) {
  if (letter.purpose == Letter::Purpose::kResolved) return {"#2e7d32", 0x2e7d32};
  switch (letter.severity) {
    case Severity::kCritical: return {"#c62828", 0xc62828};
    case Severity::kHigh: return {"#ef6c00", 0xef6c00};
    case Severity::kLow: return {"#1565c0", 0x1565c0};
    case Severity::kInfo: break;
  }
  return {"#607d8b", 0x607d8b};
}
[[nodiscard]] constexpr std::string_view web_color(const Letter& letter) { return look_of(letter).web; }

}  // namespace yagura::alerts
