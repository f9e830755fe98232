// Backtest reports as text for people, at most 100 columns wide.
#pragma once

#include <span>
#include <string>

#include "app/backtest_report.hpp"

namespace yagura::app {

// One configuration: a table with a line for each rule, then where and when each was loudest.
[[nodiscard]] std::string summary_text(const BacktestReport& report, bool colour);

// Several: each rule under each configuration. A star marks what differs from the first.
[[nodiscard]] std::string comparison_text(std::span<const BacktestReport> reports, bool colour);

}  // namespace yagura::app
