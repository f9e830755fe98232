// What the terminal of $TERM can do.
#pragma once

#include <string>

#include "core/result.hpp"

namespace yagura::console::terminal {

// "TERM=xterm", for people.
[[nodiscard]] std::string name_of_terminal();

// Whether a screen can be shown on standard output; the error is one line.
[[nodiscard]] Result<void> check_terminal();

// The bytes of a capability of the terminal that ncurses has in use, without the delays that only old lines
// need; empty when it has none.
[[nodiscard]] std::string capability(const char* name);
// "cup": to the beginning of a row.
[[nodiscard]] std::string go_to_row(int row);

}  // namespace yagura::console::terminal
