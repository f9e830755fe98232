// What a backtest says about one configuration: statistics of every rule, gathered while the ticks
// pass. Without a report a backtest pays nothing for it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "alerts/catalog.hpp"
#include "app/reversals.hpp"
#include "app/rule_statistics.hpp"
#include "config/settings.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class BacktestReport final : public processing::TickObserver {
 public:
  // `settings` and `catalog` outlive the report.
  BacktestReport(std::string label, const config::Settings& settings, const alerts::Catalog& catalog);

  // Watches the ticks of a monitor made of the same settings; the report must outlive its use.
  void attach(processing::Monitor& monitor);
  void on_accepted(const Tick& tick, Date trading_date, const SignalBuffer& out) noexcept override;
  // Each signal, in order, when its tick has been dealt with. `levels`: of milestones and levels.
  void add(const Signal& signal, std::span<const Price> levels, std::uint64_t seq);
  // The buffer was cleared.
  void cleared() { seen_ = 0; }

  struct Rule {
    std::string id;
    RuleIndex index;
    SymbolId instrument;
    RuleStatistics statistics;
  };
  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const std::string& config() const { return settings_.file; }
  [[nodiscard]] const alerts::Catalog& catalog() const { return catalog_; }
  // Those that can say something, in the order of the configuration.
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  [[nodiscard]] const Rule* find(std::string_view id) const;
  // Trading dates of the instrument with an accepted tick.
  [[nodiscard]] std::size_t trading_days(SymbolId instrument) const { return days_[index_of(instrument)].size(); }

 private:
  void open(const Signal& signal);
  RuleStatistics* statistics_of(RuleIndex rule);

  std::string label_;
  const config::Settings& settings_;
  const alerts::Catalog& catalog_;
  std::vector<Rule> rules_;
  std::vector<std::size_t> positions_;  // by RuleIndex, into rules_; past its end for silent ones
  std::vector<std::set<Date>> days_;    // by SymbolId
  std::vector<Date> last_day_;          // by SymbolId
  std::vector<ReversalWatch> watches_;  // by SymbolId
  std::size_t seen_ = 0;                // signals of the buffer whose fate is watched
};

// Trading days of a week, for rates: five, or seven for a market that never closes.
[[nodiscard]] int days_of_week(CalendarKind calendar);

}  // namespace yagura::app
