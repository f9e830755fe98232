// An alert as the tape keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace yagura::console::terminal {

enum class Level : std::uint8_t { kInfo, kLow, kHigh, kCritical };  // severity

struct AlertRow {
  std::uint64_t seq = 0;
  std::string id;  // hexadecimal digits, nothing else
  std::string event, kind, rule, instrument;
  Level severity = Level::kInfo;
  std::string price;  // decimal; empty when there is none
  std::string title, text, title_ja, text_ja;
  std::string held;    // why it is not delivered; empty: it is, or nobody said
  std::string parent;  // id of the alert that it follows up, or empty
  Timestamp ts_event{};
  MonoTime came{};                                            // to this screen
  std::vector<std::pair<std::string, std::string>> evidence;  // names and values as written

  // What people acknowledge: the alert itself or what it follows up.
  [[nodiscard]] const std::string& episode() const { return parent.empty() ? id : parent; }
};

struct Acknowledgement {
  std::string author, reason, at;
};

}  // namespace yagura::console::terminal
