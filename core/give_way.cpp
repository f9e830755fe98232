#include "core/give_way.hpp"

#include <sched.h>

#include <chrono>

namespace yagura {
namespace {

constexpr auto kOurs = std::chrono::milliseconds{1};
thread_local bool patient = true;

}  // namespace

void begin_long_work() noexcept { patient = true; }

void give_way() noexcept {
  if (!patient) return;
  const auto before = std::chrono::steady_clock::now();
  ::sched_yield();
  patient = std::chrono::steady_clock::now() - before < kOurs;
}

}  // namespace yagura
