// Counts how often a thread gives its core away. Link tests/support/yield_count.cpp, which stands in front of
// sched_yield() for the whole binary; threads that count do not really yield, so nobody else can take their time.
#pragma once

#include <chrono>

namespace yagura::test {

inline thread_local bool counting = false;
inline thread_local int yields = 0;                               // of this thread
inline thread_local std::chrono::nanoseconds taken_by_others{0};  // how long each of its yields takes

// While one lives, on its thread.
class CountedYields {
 public:
  CountedYields() {
    counting = true;
    yields = 0;
    taken_by_others = {};
  }
  ~CountedYields() { counting = false; }
  CountedYields(const CountedYields&) = delete;
  CountedYields& operator=(const CountedYields&) = delete;
};

}  // namespace yagura::test
