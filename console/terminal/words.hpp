// What the screen says, in English and Japanese; the same words as the web page's.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal/look.hpp"

namespace yagura::console::terminal {

// The words of a key; the key itself when there are none.
[[nodiscard]] std::string_view say(Lang lang, std::string_view key);
// The words of "group.name"; the name itself when there are none: a monitor may know more than this screen.
[[nodiscard]] std::string named(Lang lang, std::string_view group, std::string_view name);
// `words` with {0}, {1} and so on replaced.
[[nodiscard]] std::string filled(std::string_view words, std::initializer_list<std::string_view> values);

struct Words {
  std::string_view key, en, ja;
};
[[nodiscard]] const std::vector<Words>& all_words();
[[nodiscard]] std::span<const Words> evidence_words();  // those of an alert's fields, in a file of their own

}  // namespace yagura::console::terminal
