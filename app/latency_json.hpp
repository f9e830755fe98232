// The latency histograms as GET /api/v1/latency gives them.
#pragma once

#include <string>

#include "app/latency_stages.hpp"

namespace yagura::app {

[[nodiscard]] std::string latency_json(const LatencyStages& stages);

}  // namespace yagura::app
