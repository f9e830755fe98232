#include "console/terminal/sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {
namespace {

// One height from 0 to `levels` - 1 for each place from the left, -1 where there is no price yet.
std::vector<int> heights(const std::deque<Price>& prices, std::size_t places, int levels) {
  const std::size_t taken = std::min(places, prices.size());
  std::vector<int> heights(places, -1);
  if (taken == 0) return heights;
  const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
  const double from = static_cast<double>(low->raw());
  const double width = static_cast<double>(high->raw()) - from;
  for (std::size_t i = 0; i < taken; ++i) {
    // More prices than places: the last of each stretch, so that the newest is among them.
    const std::size_t at = (i + 1) * prices.size() / taken - 1;
    const double part = width > 0 ? (static_cast<double>(prices[at].raw()) - from) / width : 0.5;
    heights[places - taken + i] = static_cast<int>(std::lround(part * (levels - 1)));
  }
  return heights;
}

// Dots of a braille character by column and row from the top.
constexpr std::array<std::array<std::uint8_t, 4>, 2> kDots{{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}};

std::vector<std::string> braille(const std::deque<Price>& prices, int columns, int rows) {
  const int levels = rows * 4;
  const auto points = heights(prices, static_cast<std::size_t>(columns) * 2, levels);
  std::vector<std::vector<std::uint8_t>> cells(static_cast<std::size_t>(rows),
                                               std::vector<std::uint8_t>(static_cast<std::size_t>(columns), 0));
  for (std::size_t x = 0; x < points.size(); ++x) {
    if (points[x] < 0) continue;
    // A line, not dots: from the height before, which keeps its own place, to this one.
    const int before = x > 0 && points[x - 1] >= 0 ? points[x - 1] : points[x];
    const int step = before < points[x] ? 1 : -1;
    for (int height = before == points[x] ? points[x] : before + step;; height += step) {
      const auto down = static_cast<std::size_t>(levels - 1 - height);
      cells[down / 4][x / 2] = static_cast<std::uint8_t>(cells[down / 4][x / 2] | kDots[x % 2][down % 4]);
      if (height == points[x]) break;
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : cells) {
    auto& line = lines.emplace_back();
    for (const auto dots : row) append(line, dots == 0 ? U' ' : char32_t{0x2800} + dots);
  }
  return lines;
}

std::vector<std::string> ascii(const std::deque<Price>& prices, int columns, int rows) {
  constexpr std::string_view kRamp = ".:-=+*#@";
  constexpr std::string_view kHalves = ".'";
  const auto& marks = rows == 1 ? kRamp : kHalves;
  const int steps = static_cast<int>(marks.size());
  const auto points = heights(prices, static_cast<std::size_t>(columns), rows * steps);
  std::vector<std::string> lines(static_cast<std::size_t>(rows), std::string(points.size(), ' '));
  for (std::size_t x = 0; x < points.size(); ++x) {
    if (points[x] < 0) continue;
    lines[static_cast<std::size_t>(rows - 1 - points[x] / steps)][x] =
        marks[static_cast<std::size_t>(points[x] % steps)];
  }
  return lines;
}

}  // namespace

std::vector<std::string> sparkline(const std::deque<Price>& prices, int columns, int rows, bool unicode) {
  if (columns <= 0 || rows <= 0) return {};
  return unicode ? braille(prices, columns, rows) : ascii(prices, columns, rows);
}

}  // namespace yagura::console::terminal
