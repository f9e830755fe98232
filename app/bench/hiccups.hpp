// What the machine takes away: moments in which a thread that only asks the time is not running. They decide
// what can be said about a tail.
#pragma once

#include <cstdint>
#include <vector>

#include "core/latency_histogram.hpp"
#include "core/time.hpp"

namespace yagura::app::bench {

inline constexpr Duration kHiccup = std::chrono::microseconds{50};

class Hiccups {
 public:
  struct Gap {
    Duration at{};  // since the first turn
    Duration length{};
  };
  static constexpr std::size_t kGaps = 1000;

  Hiccups() { gaps_.reserve(kGaps); }

  // The loop was here at `before` and is here again at `now`.
  void turn(MonoTime before, MonoTime now) noexcept {
    if (first_ == MonoTime{}) first_ = before;
    last_ = now;
    if (now - before > kHiccup) note(before, now - before);
  }
  // Another stretch; its time counts on from this one's.
  void append(const Hiccups& other);

  [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }  // the first kGaps
  [[nodiscard]] std::uint64_t count() const { return lengths_.count(); }
  [[nodiscard]] Duration p99() const { return lengths_.percentile(99); }  // of those beyond kHiccup
  [[nodiscard]] Duration max() const { return lengths_.max(); }
  [[nodiscard]] Duration watched() const { return before_ + (last_ - first_); }
  [[nodiscard]] double lost_percent() const;

 private:
  void note(MonoTime at, Duration length) noexcept;

  MonoTime first_{};
  MonoTime last_{};
  Duration before_{0};  // length of stretches appended
  std::vector<Gap> gaps_;
  LatencyHistogram lengths_;
};

// Spins for `length` on each core in turn and gives what it missed; the thread's affinity is put back.
[[nodiscard]] Hiccups watch_idle_cores(Duration length_each);

}  // namespace yagura::app::bench
