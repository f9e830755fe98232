// A Signal made presentable: numbered, with its levels copied and with words for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct Alert {
  std::uint64_t seq = 0;      // counts per monitor without holes, across restarts
  Signal signal;              // `signal.levels.first` no longer means anything
  std::vector<Price> levels;  // crossing order; empty for records and moves
  std::string title;          // "Nikkei 225 reached 57,000 for the first time"
  std::string text;           // what happened, then the evidence; a sentence each
};

}  // namespace yagura::alerts
