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
  static constexpr Duration kAgainAfter = std::chrono::milliseconds{5};  // when one could not be sent

  explicit TickCoalescer(std::size_t instruments) : slots_(instruments) {}

  // True: send it now, and put_back() when it cannot be sent. Otherwise it is kept, in place of the one kept before,
  // whose lowest and highest price it takes over.
  bool offer(const LiveTick& tick, MonoTime now);

  // The tick that offer() just said to send waits after all, for its turn.
  void put_back(const LiveTick& tick, MonoTime now);

  // Calls `send` with each kept tick whose time has come, until it returns false: that one and those behind
  // it are still kept, and the next round begins there.
  template <class Send>
  void take_due(MonoTime now, Send&& send) {
    const auto from = first_;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const auto at = (from + i) % slots_.size();
      auto& slot = slots_[at];
      if (!slot.waiting || now < slot.next) continue;
      slot.tick.source = slot.source;
      if (!send(slot.tick)) {
        first_ = at;
        return refused(now);
      }
      slot.waiting = false;
      slot.next = now + spacing_;
    }
    full_ = false;
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
  void refused(MonoTime now);

  std::vector<Slot> slots_;
  std::size_t first_ = 0;  // where the next round begins
  bool full_ = false;      // the last round did not come to its end
  MonoTime again_{};       // then the next is not before
  Duration spacing_ = kSpacing;
};

}  // namespace yagura::console
