// Whoever started us closes our stdin when it goes away or has heard enough.
#pragma once

namespace yagura::baselines {

// A pipe or a socket, so that its end means something.
[[nodiscard]] bool stdin_has_an_end();

// Asks, without waiting.
[[nodiscard]] bool stdin_closed();

}  // namespace yagura::baselines
