// A row of prices as a small picture of text: braille dots, or ASCII.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/price.hpp"

namespace yagura::console::terminal {

// `rows` lines of `columns` each, the newest price at the right end. Fewer prices than there is room
// for stand at the right. Empty lines without prices.
[[nodiscard]] std::vector<std::string> sparkline(const std::deque<Price>& prices, int columns, int rows, bool unicode);

}  // namespace yagura::console::terminal
