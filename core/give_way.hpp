// Long work that nobody waits for, such as storing, and a thread on the same core that ticks come to: the kernel lets
// whoever has begun go on for up to milliseconds. So such work gives its core away between its pieces.
#pragma once

#include "core/time.hpp"

namespace yagura {

// Threads of ours give a core back in far less than a millisecond. Another program keeps it for all of its time slice,
// some three, while our other threads wait as well: once that happened, nothing is given away for a second.
class Patience {
 public:
  [[nodiscard]] bool lasts(MonoTime now) const noexcept { return now >= again_; }
  void gave_away(MonoTime from, MonoTime to) noexcept {
    if (to - from >= kOurs) again_ = to + kPause;
  }

 private:
  static constexpr Duration kOurs = std::chrono::milliseconds{1};
  static constexpr Duration kPause = std::chrono::seconds{1};
  MonoTime again_{};
};

// Of the calling thread.
[[nodiscard]] Patience& patience() noexcept;

// To whoever waits for this core, while patience lasts; a system call of 0.3 us when nobody does.
void give_way() noexcept;

}  // namespace yagura
