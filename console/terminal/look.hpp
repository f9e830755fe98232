// What is drawn on, and in which words.
#pragma once

#include <cstdint>
#include <string>

#include "console/terminal/frame.hpp"

namespace yagura::console::terminal {

enum class Lang : std::uint8_t { kEnglish, kJapanese };
enum class Zone : std::uint8_t { kMarket, kUtc, kLocal };  // of every time shown; the market's is Tokyo's

struct Look {
  Size size;
  bool unicode = true;  // false: only bytes 0x20 to 0x7e come out, and English
  std::string url;      // of the console, for the title bar; empty: left out
  std::string run;      // what is watched, for the title bar: "monitor", "attached"; empty: left out
};

}  // namespace yagura::console::terminal
