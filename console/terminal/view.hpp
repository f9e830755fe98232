// The screen: a function of what is known, what the viewer looks at, what is drawn on and the time.
#pragma once

#include "console/terminal/desk.hpp"
#include "console/terminal/frame.hpp"
#include "console/terminal/look.hpp"
#include "console/terminal/model.hpp"

namespace yagura::console::terminal {

// Any size from 1 by 1; below 40 by 10 it says that the terminal is too small. Never throws, and
// nothing that came from outside is anything but text. `now` gives ages, `wall` the time of the clock.
[[nodiscard]] Frame draw(const Model& model, const Desk& desk, const Look& look, MonoTime now, Timestamp wall) noexcept;

}  // namespace yagura::console::terminal
