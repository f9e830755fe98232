// Counts how often a thread gives its core away. Link tests/support/yield_count.cpp, which stands in front of
// sched_yield() for the whole binary.
#pragma once

#include <chrono>

namespace yagura::test {

inline thread_local int yields = 0;                               // of this thread
inline thread_local std::chrono::nanoseconds taken_by_others{0};  // how long each of its yields takes

}  // namespace yagura::test
