// The report's histograms as files for HdrHistogram's plotters.
#pragma once

#include <string>

#include "app/bench/report.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

// DIR/PATH-RATE-response.hgrm, -service.hgrm and one for each stage; all runs together, values in us.
[[nodiscard]] Result<void> write_hgrm_files(const Report& report, const std::string& dir);

}  // namespace yagura::app::bench
