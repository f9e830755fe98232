// The alerts of the scenario, of every kind there is.
#pragma once

#include <string_view>
#include <vector>

#include "processing/signal.hpp"

namespace yagura::bench {

// A signal with its levels, taken out of the buffer it came in.
struct Said {
  Signal signal;
  std::vector<Price> levels;
};

// What one rule of support/all_kinds.toml says about the scenario; with an empty name what all of them
// say but the feed's silences, which are most.
[[nodiscard]] std::vector<Said> said_by(std::string_view rule);

}  // namespace yagura::bench
