// Which alert is which in the journal.
#pragma once

#include "core/hash128.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// What makes an alert one of its kind in the journal: its id, but a withdrawal carries the id of what
// it withdraws and needs a place of its own beside it.
[[nodiscard]] inline Id128 journal_key(const Signal& signal) {
  if (signal.event != Event::kWithdrawn) return signal.id;
  return Fnv128{}.number(signal.id.hi).number(signal.id.lo).bytes("withdrawn").value();
}

}  // namespace yagura::alerts
