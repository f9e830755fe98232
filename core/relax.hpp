// One turn of a loop that waits by spinning.
#pragma once

namespace yagura {

// Tells the core that nothing is done here: the other thread of the core gets its share.
inline void relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace yagura
