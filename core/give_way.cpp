#include "core/give_way.hpp"

#include <sched.h>

namespace yagura {

Patience& patience() noexcept {
  thread_local Patience mine;
  return mine;
}

void give_way() noexcept {
  const auto before = MonoTime::clock::now();
  if (!patience().lasts(before)) return;
  ::sched_yield();
  patience().gave_away(before, MonoTime::clock::now());
}

}  // namespace yagura
