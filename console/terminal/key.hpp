// A key as the screen understands it. Changes of the terminal's size are no keys.
#pragma once

#include <cstdint>

namespace yagura::console::terminal {

struct Key {
  enum class Code : std::uint8_t {
    kCharacter,
    kUp,
    kDown,
    kLeft,
    kRight,
    kPageUp,
    kPageDown,
    kHome,
    kEnd,
    kEnter,
    kEscape,
    kBackspace,
    kDelete,
    kTab,
    kBackTab,  // shift and tab
  };
  Code code = Code::kCharacter;
  char32_t character = 0;  // of kCharacter; control keys as their code: Ctrl-L is 0x0c

  static constexpr Key of(char32_t c) { return {Code::kCharacter, c}; }
  static constexpr Key of(Code c) { return {c, 0}; }
  friend constexpr bool operator==(const Key&, const Key&) = default;
};

// Keys with Control.
inline constexpr char32_t kCtrlC = 0x03, kCtrlL = 0x0c, kCtrlU = 0x15, kCtrlW = 0x17;

}  // namespace yagura::console::terminal
