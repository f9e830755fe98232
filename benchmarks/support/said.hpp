// The alerts of the scenario, of every kind there is, and what is done with each of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/catalog.hpp"
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

// Its words and its JSON, appended to `out`, as the program makes them for each alert.
void tell(std::uint64_t seq, const Said& said, const alerts::Catalog& catalog, std::string& out);

}  // namespace yagura::bench
