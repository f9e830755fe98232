// Text from outside (notes, names, vendor messages) made safe to show on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/text_buffer.hpp"

namespace yagura::alerts {

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// Removes what a terminal would obey: C0 and C1 control characters (ESC among them), DEL, and the
// Unicode marks that reorder text. Line ends and tabs become spaces, bytes that are not UTF-8 '?'.
// Longer than `max_chars` characters: cut, with an ellipsis.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_chars = kNoLimit);
void add_printable(TextBuffer& out, std::string_view text, std::size_t max_chars);

// The same of a text of several lines: line ends stay, as '\n'.
[[nodiscard]] std::string printable_lines(std::string_view text, std::size_t max_chars = kNoLimit);

// As text inside HTML, attributes included. Does not remove control characters.
[[nodiscard]] std::string html_escaped(std::string_view text);

}  // namespace yagura::alerts
