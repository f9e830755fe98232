// At most so many ticks a second and instrument for the screen: the first goes at once, of those
// that follow too soon the latest waits. One thread; time is the caller's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/snapshot.hpp"

namespace yagura::console {

class TickCoalescer {
 public:
  static constexpr Duration kSpacing = std::chrono::milliseconds{50};  // 20 a second, SPEC 8
  static constexpr Duration kWidest = std::chrono::seconds{1};

  explicit TickCoalescer(std::size_t instruments) : slots_(instruments) {}

  // True: send it now. Otherwise it is kept, in place of the one kept before, whose lowest and highest
  // price it takes over.
  bool offer(const LiveTick& tick, MonoTime now);

  // Calls `send` with each kept tick whose time has come.
  template <class Send>
  void take_due(MonoTime now, Send&& send) {
    for (auto& slot : slots_) {
      if (!slot.waiting || now < slot.next) continue;
      slot.waiting = false;
      slot.next = now + spacing_;
      slot.tick.source = slot.source;
      send(slot.tick);
    }
  }
  // When take_due() is to be called next; nothing when no tick waits.
  [[nodiscard]] std::optional<MonoTime> next_due() const;

  // Very many clients get prices less often, down to once a second: a write costs some 10 us, and
  // all of them together shall not take more than a tenth of the thread's time.
  void set_clients(std::size_t clients);
  [[nodiscard]] Duration spacing() const { return spacing_; }

 private:
  struct Slot {
    LiveTick tick;
    std::string source;  // of `tick`, whose view would not last
    MonoTime next{};     // earliest time of the next send
    bool waiting = false;
  };
  std::vector<Slot> slots_;
  Duration spacing_ = kSpacing;
};

}  // namespace yagura::console
