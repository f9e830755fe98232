// The figures of a rule as text, the same in every table.
#pragma once

#include <string>

#include "app/backtest_report.hpp"

namespace yagura::app {

// "8.50"; "-" without trading days.
[[nodiscard]] std::string per_day_text(const BacktestReport& report, const BacktestReport::Rule& rule);
// High and critical alerts a trading week: "42.5".
[[nodiscard]] std::string urgent_per_week_text(const BacktestReport& report, const BacktestReport::Rule& rule);
// "12 of 34  35 %"; "-" when nothing could be reversed.
[[nodiscard]] std::string reversed_text(const RuleStatistics& statistics);
// "reached 3 critical 2 high, lost 2 high"; "nothing".
[[nodiscard]] std::string events_text(const RuleStatistics& statistics);

}  // namespace yagura::app
