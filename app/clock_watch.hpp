// Whether the wall clock can be believed: event times, hours and records rest on it. Latencies and
// time-outs do not, they are measured on the steady clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/clock.hpp"

namespace yagura::app {

// One thread.
class ClockWatch {
 public:
  // What the kernel says of its clock.
  struct Kernel {
    bool synchronised = true;
    Duration offset{0};  // still to be worked off
  };
  // nullopt: it may not be asked here. The default asks with adjtimex.
  using AskKernel = std::function<std::optional<Kernel>()>;

  struct Status {
    bool known = false;  // the kernel answered
    bool synchronised = true;
    Duration offset{0};
    std::uint64_t steps = 0;  // since the start
    std::string reason;       // what is wrong, for people; empty when nothing is
  };

  explicit ClockWatch(const Clock& clock, AskKernel ask = ask_kernel);

  // About once a second. Says in the log what is new: a step at most once a minute, a missing
  // synchronisation when it has lasted for a minute, so that a machine that has just started is not
  // blamed.
  void look();
  [[nodiscard]] const Status& status() const { return status_; }

  [[nodiscard]] static std::optional<Kernel> ask_kernel();

 private:
  void watch_steps();
  void watch_kernel();
  void explain();

  const Clock& clock_;
  AskKernel ask_;
  Status status_;
  std::optional<Duration> ahead_;  // wall minus steady, when last looked at
  Duration last_step_{0};
  std::optional<MonoTime> stepped_;
  std::optional<MonoTime> step_said_;
  std::optional<MonoTime> unsynchronised_since_;
  bool unsynchronised_said_ = false;
};

}  // namespace yagura::app
