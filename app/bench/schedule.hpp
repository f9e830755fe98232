// When each tick is to leave. It is made before the run and knows nothing of answers: that is what makes the
// loop open, and a stall is charged to every tick it delayed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/time.hpp"

namespace yagura::app::bench {

class Schedule {
 public:
  // `rate` ticks a second for so long.
  [[nodiscard]] static Schedule constant(double rate, Duration length, std::size_t probe_every);
  // The source's own pace, `speed` recorded seconds a second, for `length` at most. `times` ascend.
  [[nodiscard]] static Schedule paced(std::span<const Timestamp> times, double speed, Duration length,
                                      std::size_t probe_every);
  // `rate` in the burst, a hundredth of it before and after. The burst is a tenth of `length`, in its middle.
  [[nodiscard]] static Schedule burst(double rate, Duration length, std::size_t probe_every);
  // `count` ticks at once, the last of them a probe.
  [[nodiscard]] static Schedule flat_out(std::size_t count);

  // From the start; strictly ascending, so that a tick is known by its time.
  [[nodiscard]] const std::vector<Duration>& due() const { return due_; }
  [[nodiscard]] std::size_t size() const { return due_.size(); }
  [[nodiscard]] bool is_probe(std::size_t i) const { return (i + 1) % probe_every_ == 0; }
  [[nodiscard]] std::size_t probes() const { return due_.size() / probe_every_; }
  [[nodiscard]] Duration length() const { return due_.empty() ? Duration{0} : due_.back(); }

  struct Stretch {
    std::size_t from = 0;
    std::size_t to = 0;  // one behind
  };
  [[nodiscard]] std::optional<Stretch> burst_ticks() const { return burst_; }

 private:
  explicit Schedule(std::size_t probe_every) : probe_every_(probe_every) {}
  void add(Duration due);

  std::vector<Duration> due_;
  std::size_t probe_every_;
  std::optional<Stretch> burst_;
};

// What a burst day's 30 s become in a run of this length: "a tenth" of it.
inline constexpr double kBurstShare = 0.1;
inline constexpr double kBurstSeconds = 30;
inline constexpr double kBurstDensity = 100;
inline constexpr double kBurstMove = 0.03;

}  // namespace yagura::app::bench
