// Diagnostics on stderr, for commands that run for long.
#pragma once

#include <string>

namespace yagura::app {

// Lines leave the thread that says them at once; when stderr is stuck the oldest are dropped. Colour
// only on a terminal and without NO_COLOR.
void set_up_log(const std::string& level);

}  // namespace yagura::app
