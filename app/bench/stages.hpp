// Where the time of a tick went: the monitor's own histograms over the window, and what the harness adds from
// the times that each alert carries.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/bench/marks.hpp"
#include "core/latency_histogram.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

using MonitorStages = std::map<std::string, LatencyHistogram>;

// GET /api/v1/latency. An error when the monitor does not know it.
[[nodiscard]] Result<MonitorStages> read_monitor_stages(std::uint16_t port);
[[nodiscard]] Result<MonitorStages> parse_stages(std::string_view json);

// What was recorded between two readings, under the report's names. A name that is not known keeps its own.
void add_monitor_stages(const MonitorStages& before, const MonitorStages& after,
                        std::map<std::string, LatencyHistogram>& stages);
// wire_in: sent -> frame complete; at_the_client: decided -> received, since an alert does not say when it was
// written.
void add_mark_stages(const std::vector<Mark>& marks, std::map<std::string, LatencyHistogram>& stages);

// The stages in the order of a tick's way.
[[nodiscard]] const std::vector<std::string>& stage_order();

}  // namespace yagura::app::bench
