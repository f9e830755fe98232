#include "console/terminal/frame.hpp"

#include <algorithm>

#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {

int width_of(std::string_view utf8) {
  int width = 0;
  while (!utf8.empty()) {
    const auto [character, size, valid] = decode(utf8);
    width += std::max(0, width_of(character));
    utf8.remove_prefix(size);
  }
  return width;
}

std::string_view fitting(std::string_view utf8, int columns) {
  std::size_t taken = 0;
  while (taken < utf8.size()) {
    const auto [character, size, valid] = decode(utf8.substr(taken));
    const int width = std::max(0, width_of(character));
    if (width > columns) break;
    columns -= width;
    taken += size;
  }
  return utf8.substr(0, taken);
}

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
