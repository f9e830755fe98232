// Pictures of few colours as PNG (ISO/IEC 15948).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::alerts {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

// A raster of palette indices. What lies outside is not drawn.
class Raster {
 public:
  Raster(int width, int height) : width_(width), height_(height), pixels_(size()) {}
  void set(int x, int y, std::uint8_t colour) {
    if (x >= 0 && x < width_ && y >= 0 && y < height_)
      pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)] = colour;
  }
  void fill(int x, int y, int width, int height, std::uint8_t colour);
  // Digits, ":" "," "." "-" "+" and the letters of JST and UTC, 5 by 7 dots of `scale` pixels each.
  void text(int x, int y, std::string_view text, int scale, std::uint8_t colour);
  [[nodiscard]] static int text_width(std::string_view text, int scale) {
    return text.empty() ? 0 : (static_cast<int>(text.size()) * 6 - 1) * scale;
  }
  static constexpr int kTextHeight = 7;  // times scale

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] std::span<const std::uint8_t> row(int y) const {
    const auto width = static_cast<std::size_t>(width_);
    return std::span{pixels_}.subspan(static_cast<std::size_t>(y) * width, width);
  }

 private:
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  }
  int width_, height_;
  std::vector<std::uint8_t> pixels_;  // rows from the top
};

// Colour 0 is the background.
[[nodiscard]] std::string to_png(const Raster& raster, std::span<const Colour> palette);

}  // namespace yagura::alerts
