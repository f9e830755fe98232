// The figures of the report's page, each a <figure>.
#pragma once

#include <string>

#include "app/bench/report.hpp"

namespace yagura::app::bench {

// Latency over percentile, the far end stretched as 1/(1-p): a line for each path.
[[nodiscard]] std::string percentile_figure(const Report& report, const std::string& rate);
// The first path's last run: median and worst alert of each moment, and the harness's own gaps.
[[nodiscard]] std::string series_figure(const Report& report, const std::string& rate);
// Where the first path's time goes: p50 as a bar, p99 as a line.
[[nodiscard]] std::string stages_figure(const Report& report, const std::string& rate);

}  // namespace yagura::app::bench
