#include "console/terminal/frame.hpp"

namespace yagura::console::terminal {

std::string text_of(const Frame& frame) {
  std::string text;
  for (const auto& line : frame.lines) {
    std::string row;
    for (const auto& span : line) row += span.text;
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + '\n';
  }
  return text;
}

}  // namespace yagura::console::terminal
