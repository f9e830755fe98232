// What [pipeline] asks of the machine for the path of a tick: cores, priority, memory. Nothing of it
// is needed; what cannot be had is said once, with what would permit it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace yagura::app {

enum class PathThread : std::uint8_t { kFeeds, kDetector };

// Pins the calling thread and gives it its priority, as far as it may. A line for each thing that could
// not be had, such as "pipeline.realtime: the detector thread may not run as SCHED_FIFO; ...".
[[nodiscard]] std::vector<std::string> take_place(PathThread thread, const config::PipelineSettings& pipeline);

// Keeps all memory of the process, now and later, from being paged out, and touches it all once. Called
// when everything large is made.
[[nodiscard]] std::vector<std::string> hold_memory(const config::PipelineSettings& pipeline);

// Tries all of it and takes it back: what a run of this user on this machine would not get.
[[nodiscard]] std::vector<std::string> missing_on_this_machine(const config::PipelineSettings& pipeline);

// What is asked for: "feeds on core 0, detector on core 1, real time, memory locked"; empty: nothing.
[[nodiscard]] std::string describe_place(const config::PipelineSettings& pipeline);

// Threads that are made during its life work as SCHED_BATCH: waking up they push no other from its core,
// such as one that spins.
class InBackground {
 public:
  explicit InBackground(bool wanted) noexcept;
  ~InBackground();
  InBackground(const InBackground&) = delete;
  InBackground& operator=(const InBackground&) = delete;

 private:
  bool changed_;
};

}  // namespace yagura::app
