// Proof that a thread moves: it beats, and whoever watches looks now and then whether the beat has
// changed. A thread that waits for work without a limit rests meanwhile, which is no standstill.
#pragma once

#include <atomic>
#include <cstdint>

namespace yagura {

class Pulse {
 public:
  // The thread itself, its only writer. Plain stores: fit for the hot path.
  void beat() noexcept { value_.store((value() + kStep) | kAtWork, std::memory_order_relaxed); }
  void rest() noexcept { value_.store((value() + kStep) & ~kAtWork, std::memory_order_relaxed); }

  // Any thread: another value than before means that it moved.
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }
  [[nodiscard]] static bool at_work(std::uint64_t value) noexcept { return (value & kAtWork) != 0; }

 private:
  static constexpr std::uint64_t kAtWork = 1;
  static constexpr std::uint64_t kStep = 2;
  std::atomic<std::uint64_t> value_{0};  // at rest until the first beat
};

}  // namespace yagura
