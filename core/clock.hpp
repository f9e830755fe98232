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

// The wall's clock at moments of the steady one that has been read already. Asks for it once a millisecond and
// reckons between: a tick is taken in 0.6 us, and a look at a clock is 25 ns of that. Between two looks the clocks
// part by 0.5 us at most, and a jump of the wall is followed by the next. One thread.
class WallClockBeside {
 public:
  explicit WallClockBeside(const Clock& clock) noexcept : clock_(clock), read_(clock.mono()), wall_(clock.now()) {}
  [[nodiscard]] Timestamp at(MonoTime now) noexcept {
    if (now - read_ >= kEvery || now < read_) {
      read_ = now;
      wall_ = clock_.now();
    }
    return wall_ + (now - read_);
  }

 private:
  static constexpr Duration kEvery = std::chrono::milliseconds{1};
  const Clock& clock_;
  MonoTime read_;
  Timestamp wall_;
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
