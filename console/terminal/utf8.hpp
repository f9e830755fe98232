// Characters of UTF-8 text and their widths on a terminal. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace yagura::console::terminal {

inline constexpr char32_t kReplacement = 0xfffd;

struct Decoded {
  char32_t character = kReplacement;
  std::size_t size = 0;  // bytes; of what is not UTF-8 one, and the character is kReplacement
  bool valid = false;
};

// The character at the front of a text that is not empty.
[[nodiscard]] Decoded decode(std::string_view utf8);

void append(std::string& out, char32_t character);

// Columns: 0 for what combines with the character before it, 2 for wide ones, -1 for what has no
// place on a screen (control characters, characters that are not assigned). As the C library says,
// so that the painter's library counts alike, whatever locale is set.
[[nodiscard]] int width_of(char32_t character);

// Invisible marks that steer others: direction, joining, variants, tags. They are never shown.
[[nodiscard]] bool is_format_mark(char32_t character);

// `text` fit for a Span: control characters as \xNN, what is not UTF-8, has no width or steers text as
// U+FFFD, at most two combining characters in a row, variants away. Without `unicode` bytes 0x20 to 0x7e
// alone: what has a near relative in ASCII becomes that, all else '?'.
[[nodiscard]] std::string shown(std::string_view text, bool unicode = true);

}  // namespace yagura::console::terminal
