// A report for programs: version 1 of the file that `--json` writes and `compare` reads (docs/benchmarking.md).
#pragma once

#include <string>

#include "app/bench/report.hpp"

namespace yagura::app::bench {

[[nodiscard]] std::string report_json(const Report& report);

}  // namespace yagura::app::bench
