// Where the time comes from. Code that waits or stamps takes a Clock, so that a test can hold it.
#pragma once

#include "core/time.hpp"

namespace yagura {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const noexcept = 0;  // wall clock, UTC
  [[nodiscard]] virtual MonoTime mono() const noexcept = 0;  // steady
};

class RealClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
  [[nodiscard]] MonoTime mono() const noexcept override { return std::chrono::steady_clock::now(); }
};

// The wall's clock at moments of the steady one that have been read already. Looks at both once a millisecond and
// reckons between: a tick is taken in 0.6 us, and a look is 25 ns of that. A jump of the wall is followed by the
// next look; by how little two looks differ otherwise, no moment lies before one asked for earlier. One thread.
class WallClockBeside {
 public:
  explicit WallClockBeside(const Clock& clock) noexcept : clock_(clock) { look(); }
  [[nodiscard]] Timestamp at(MonoTime moment) noexcept {
    if (moment - read_ >= kEvery || read_ - moment >= kEvery) look();
    const auto wall = wall_ + (moment - read_);
    const bool jitter = moment >= last_ && wall < last_wall_ && last_wall_ - wall < kJitter;
    last_ = moment;
    if (!jitter) last_wall_ = wall;
    return last_wall_;
  }

 private:
  static constexpr Duration kEvery = std::chrono::milliseconds{1};
  static constexpr Duration kTogether = std::chrono::microseconds{1};
  static constexpr Duration kJitter = std::chrono::microseconds{100};
  static constexpr int kLooks = 4;

  // Both clocks at one moment: whoever loses the core between the two looks again.
  void look() noexcept {
    auto least = Duration::max();
    for (int i = 0; i < kLooks && least > kTogether; ++i) {
      const auto before = clock_.mono();
      const auto wall = clock_.now();
      const Duration apart = clock_.mono() - before;
      if (apart >= least) continue;
      least = apart;
      read_ = before + apart / 2;
      wall_ = wall;
    }
  }

  const Clock& clock_;
  MonoTime read_{};
  Timestamp wall_{};
  MonoTime last_{};
  Timestamp last_wall_{};
};

// Stands still until told to move. One thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  [[nodiscard]] Timestamp now() const noexcept override { return now_; }
  [[nodiscard]] MonoTime mono() const noexcept override { return mono_; }
  void advance(Duration by) {
    now_ += by;
    mono_ += by;
  }
  void step_wall(Duration by) { now_ += by; }  // the wall clock jumps, time does not

 private:
  Timestamp now_;
  MonoTime mono_{};
};

}  // namespace yagura
