// One turn of a loop that waits by spinning.
#pragma once

#include <sched.h>

namespace yagura {

// Tells the core that nothing is done here: the other thread of the core gets its share.
inline void relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// The same where threads that spin may be as many as the cores they may run on: each then gives its core away
// every few turns. A time slice is milliseconds, and a tick that one thread has for the other, or an alert that is to
// be stored, would wait for its end. Costs a system call then.
class SpinPause {
 public:
  // `spinning`: how many threads of the process spin. Looks at the cores that the calling thread may use.
  explicit SpinPause(int spinning) noexcept {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    crowded_ = ::sched_getaffinity(0, sizeof cores, &cores) == 0 && spinning >= CPU_COUNT(&cores);
  }
  // Something came and was handed on: whoever is to take it gets the core next.
  void worked() noexcept { turns_ = kTurnsOfYield - 1; }
  void operator()() noexcept {
    if (crowded_ && ++turns_ % kTurnsOfYield == 0)
      ::sched_yield();
    else
      relax();
  }

 private:
  // Where feeds are read, a turn is a read that finds nothing, 0.5 us, and so is the yield: giving away each of them
  // would find the next tick half a turn later.
  static constexpr unsigned kTurnsOfYield = 8;
  bool crowded_;
  unsigned turns_ = 0;
};

}  // namespace yagura
