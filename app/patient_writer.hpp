// Writes to a descriptor whose reader may be slow, stuck or gone, without ever being stuck itself.
#pragma once

#include <functional>
#include <string_view>

namespace yagura::app {

// Writes all of `text`, looking a few times a second whether to give up. False when it gave up or the
// descriptor refuses. The descriptor stays in the mode it is in: others may share it.
bool write_patiently(int fd, std::string_view text, const std::function<bool()>& give_up);

}  // namespace yagura::app
