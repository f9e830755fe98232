// Recorded time to real time: when a tick of a replay is due. Pure; the caller waits.
#pragma once

#include <limits>
#include <vector>

#include "core/time.hpp"

namespace yagura::feeds {

// As fast as the clients take it.
inline constexpr double kMaxSpeed = std::numeric_limits<double>::infinity();

// From this event time on, so many recorded seconds a second.
struct PaceStep {
  Timestamp from = Timestamp::min();
  double speed = 1;
};
// Ascending by `from`; before the first step its speed holds as well. Such as four days at 10,000x
// and then 144x, a day in ten minutes.
using PacePlan = std::vector<PaceStep>;

// Open loop: a tick's moment follows from the recorded times and the start alone, so a stall delays
// what falls into it and nothing after it. At kMaxSpeed everything is due at once, and the way back
// to a finite speed counts from the moment it is reached.
class Pace {
 public:
  explicit Pace(PacePlan plan);

  // `now` is the moment of `first`.
  void start(Timestamp first, MonoTime now);
  // Once for each tick, in the order of sending.
  [[nodiscard]] MonoTime due(Timestamp event, MonoTime now);
  [[nodiscard]] bool flat_out() const { return speed_ == kMaxSpeed; }
  // The recorded time that real time `now` stands for, never beyond the last tick asked for at
  // kMaxSpeed.
  [[nodiscard]] Timestamp event_at(MonoTime now) const;

 private:
  [[nodiscard]] MonoTime moment_of(Timestamp event) const;

  PacePlan plan_;
  std::size_t next_step_ = 0;
  double speed_ = 1;
  Timestamp anchor_event_{};
  MonoTime anchor_{};
  Timestamp latest_{};
};

}  // namespace yagura::feeds
