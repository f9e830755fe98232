// Which threads stand still, judged by their pulses. No clock and no thread of its own.
#pragma once

#include <string>
#include <vector>

#include "core/pulse.hpp"
#include "core/time.hpp"

namespace yagura::app {

// One thread at a time.
class Vitals {
 public:
  struct Thread {
    std::string name;
    const Pulse* pulse;
    Duration limit;  // a longer standstill is a fault
  };
  struct Stuck {
    std::string name;
    Duration since;
  };

  explicit Vitals(std::vector<Thread> threads) : threads_(std::move(threads)), seen_(threads_.size()) {}

  // Called every `period` or so. A look that comes very late means that the whole process stood
  // still: then nobody is blamed for it, and everybody gets a new chance.
  void look(MonoTime now, Duration period);

  // Every thread has moved, or rests, since the look before the last one.
  [[nodiscard]] bool all_moved() const { return all_moved_; }
  [[nodiscard]] const std::vector<Stuck>& stuck() const { return stuck_; }
  [[nodiscard]] const std::vector<Thread>& threads() const { return threads_; }

 private:
  struct Seen {
    std::uint64_t value = 0;
    MonoTime moved{};
  };
  std::vector<Thread> threads_;
  std::vector<Seen> seen_;
  std::vector<Stuck> stuck_;
  MonoTime last_look_{};
  bool all_moved_ = false;
};

}  // namespace yagura::app
