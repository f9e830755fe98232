#include "console/tick_coalescer.hpp"

#include <algorithm>

namespace yagura::console {

bool TickCoalescer::offer(const LiveTick& tick, MonoTime now) {
  auto& slot = slots_[tick.instrument];
  if (!slot.waiting && !full_ && now >= slot.next) {
    slot.next = now + spacing_;
    return true;
  }
  const auto low = slot.waiting ? std::min(slot.tick.low, tick.low) : tick.low;
  const auto high = slot.waiting ? std::max(slot.tick.high, tick.high) : tick.high;
  slot.tick = tick;
  slot.tick.low = low;
  slot.tick.high = high;
  slot.source = tick.source;
  slot.waiting = true;
  return false;
}

void TickCoalescer::put_back(const LiveTick& tick, MonoTime now) {
  auto& slot = slots_[tick.instrument];
  slot = {tick, std::string{tick.source}, now, true};
  first_ = tick.instrument;
  refused(now);
}

void TickCoalescer::refused(MonoTime now) {
  full_ = true;
  again_ = now + kAgainAfter;
}

std::optional<MonoTime> TickCoalescer::next_due() const {
  std::optional<MonoTime> due;
  for (const auto& slot : slots_) {
    if (slot.waiting && (!due || slot.next < *due)) due = slot.next;
  }
  if (due && full_) due = std::max(*due, again_);
  return due;
}

void TickCoalescer::set_clients(std::size_t clients) {
  constexpr Duration kShare = std::chrono::microseconds{100};  // ten writes' time for each write
  spacing_ = std::clamp<Duration>(kShare * (clients * slots_.size()), kSpacing, kWidest);
}

}  // namespace yagura::console
