// `yagura console` where there is no screen: the alerts of a monitor as lines on standard output.
#pragma once

#include <string>

#include "app/console_address.hpp"
#include "console/terminal/look.hpp"

namespace yagura::app {

// Prints the newest alerts and then each that comes, until a signal or until nobody reads any more. A connection that
// was there and is lost comes back by itself, with all that was missed; one that never was is an error. An exit
// code.
int print_console_lines(const ConsoleAddress& address, const std::string& token, console::terminal::Lang lang);

}  // namespace yagura::app
