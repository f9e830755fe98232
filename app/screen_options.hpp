// What `run` and `console` let people choose about a screen.
#pragma once

#include <string>

#include "console/terminal/look.hpp"
#include "console/terminal/painter.hpp"

namespace yagura::app {

struct ScreenOptions {
  std::string lang;  // "en" or "ja"; empty: as the locale says
  bool ascii = false;
  bool red_up = false;
};

// Colours unless NO_COLOR is set.
[[nodiscard]] console::terminal::Painter::Options painter_options(const ScreenOptions& options);
[[nodiscard]] console::terminal::Lang language(const ScreenOptions& options);

}  // namespace yagura::app
