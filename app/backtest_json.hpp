// Backtest reports for programs: one JSON object, its bytes decided by ticks and settings alone.
// docs/backtest.md lists the fields.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "app/backtest_report.hpp"

namespace yagura::app {

// `ticks`: rows read, accepted or not. Ends with a line end.
[[nodiscard]] std::string summary_json(std::span<const BacktestReport> reports, std::uint64_t ticks);

}  // namespace yagura::app
