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
