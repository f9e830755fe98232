// A Signal made presentable: numbered, with its levels copied and with words for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hash128.hpp"
#include "core/price.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct Alert {
  std::uint64_t seq = 0;      // counts per monitor without holes, across restarts
  Signal signal;              // `signal.levels.first` no longer means anything
  std::vector<Price> levels;  // crossing order; empty for records and moves
  std::string title;          // "Nikkei 225 reached 57,000 for the first time"
  std::string text;           // what happened, the evidence, what comes next; a sentence each
  std::string title_ja;       // the same in Japanese
  std::string text_ja;
};

// What makes an alert one of its kind in the journal: its id, but a withdrawal carries the id of what
// it withdraws and needs a place of its own beside it.
[[nodiscard]] inline Id128 journal_key(const Signal& signal) {
  if (signal.event != Event::kWithdrawn) return signal.id;
  return Fnv128{}.number(signal.id.hi).number(signal.id.lo).bytes("withdrawn").value();
}

}  // namespace yagura::alerts
