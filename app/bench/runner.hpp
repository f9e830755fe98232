// Runs a plan: rounds of every path at every rate, back to back, in an order that rotates from round to round.
#pragma once

#include <functional>
#include <string>

#include "app/bench/report.hpp"
#include "app/bench/workload.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

// What is being done, for people; how many of all cells are done.
using OnStep = std::function<void(const std::string& what, std::size_t done, std::size_t all)>;

// The error is one line. Logs of what failed are kept then; the line says where.
[[nodiscard]] Result<Report> run_plan(const Plan& plan, const Workload& workload, const OnStep& on_step);

}  // namespace yagura::app::bench
