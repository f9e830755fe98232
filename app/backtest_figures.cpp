#include "app/backtest_figures.hpp"

#include "alerts/numbers.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

// count * factor / days; counts of alerts are far from the limits of 64 bits.
std::string rate_text(std::uint64_t count, std::size_t days, int factor, int decimals) {
  if (days == 0) return "-";
  return alerts::fixed_ratio(static_cast<std::int64_t>(count), static_cast<std::int64_t>(days), factor, decimals);
}

}  // namespace

std::string per_day_text(const BacktestReport& report, const BacktestReport::Rule& rule) {
  return rate_text(rule.statistics.alerts(), report.trading_days(rule.instrument), 1, 2);
}

std::string urgent_per_week_text(const BacktestReport& report, const BacktestReport::Rule& rule) {
  const auto calendar = report.catalog().instruments[index_of(rule.instrument)].calendar;
  return rate_text(rule.statistics.urgent(), report.trading_days(rule.instrument), days_of_week(calendar), 1);
}

std::string reversed_text(const RuleStatistics& statistics) {
  if (statistics.judged() == 0) return "-";
  const auto percent = alerts::fixed_ratio(static_cast<std::int64_t>(statistics.reversed()),
                                           static_cast<std::int64_t>(statistics.judged()), 100, 0);
  return grouped(statistics.reversed()) + " of " + grouped(statistics.judged()) +
         std::string(percent.size() < 3 ? 4 - percent.size() : 1, ' ') + percent + " %";
}

std::string events_text(const RuleStatistics& statistics) {
  std::string text;
  Event last{};
  for (const auto& [what, times] : statistics.by_event()) {
    const auto& [event, severity] = what;
    const bool same = !text.empty() && event == last;
    text += same ? " + " : (text.empty() ? "" : ", ") + std::string{name_of(event)} + " ";
    text += grouped(times) + " " + std::string{name_of(severity)};
    last = event;
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace yagura::app
