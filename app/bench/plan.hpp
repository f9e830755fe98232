// What a run of `yagura bench` is to measure, from the command line, checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/bench/subject.hpp"
#include "app/bench/workload.hpp"
#include "app/commands.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

enum class Pace { kConstant, kRecorded, kFlatOut };

struct Plan {
  Pace pace = Pace::kConstant;
  double speed = 1;           // recorded seconds a second, kRecorded
  std::vector<double> rates;  // ticks a second, kConstant
  Duration length{};          // of a cell
  int runs = 1;
  std::size_t probe_every = 10;
  bool burst = false;
  std::vector<Path> paths;  // in the order of the report
  std::size_t levels = 0;
  std::size_t clients = 0;
  bool saturation = false;  // of every path, after the rates
  std::size_t saturation_ticks = 1'000'000;
  std::optional<Duration> hold;  // the p99 that the highest rate must hold
  bool pin = false;
};

// The error is one line: option, value and what would be right.
[[nodiscard]] Result<Plan> plan_of(const BenchOptions& options);

}  // namespace yagura::app::bench
