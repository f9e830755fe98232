#include "tests/support/yield_count.hpp"

#include <sys/syscall.h>
#include <unistd.h>

extern "C" int sched_yield() noexcept {
  using namespace yagura::test;
  if (!counting) return static_cast<int>(::syscall(SYS_sched_yield));
  ++yields;
  const auto until = std::chrono::steady_clock::now() + taken_by_others;
  while (std::chrono::steady_clock::now() < until) {
  }
  return 0;
}
