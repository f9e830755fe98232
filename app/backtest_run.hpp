// One configuration on its way through the ticks of a backtest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "alerts/alert_writer.hpp"
#include "alerts/delivery.hpp"
#include "app/backtest_inputs.hpp"
#include "app/backtest_output.hpp"
#include "app/backtest_report.hpp"
#include "processing/shards.hpp"

namespace yagura::app {

class BacktestRun {
 public:
  // Takes the history out of `config`, which outlives the run like everything else; `lines` and
  // `report` may be null. With `delivered` the lines are those a sink would get; the report has all.
  BacktestRun(BacktestConfig& config, AlertLines* lines, BacktestReport* report, const alerts::Catalog& catalog,
              bool delivered);

  // All ticks to their end, as fast as they go. `what` is said on the terminal when that takes long.
  void play(feeds::MergedTicks& ticks, const std::string& what);

  // A line for each instrument that had ticks: how many were accepted, and what was not and why.
  [[nodiscard]] std::string integrity();
  [[nodiscard]] std::uint64_t alerts() const { return seq_; }
  // "; 12 delivered, held: muted 3, storm 2"; empty unless `delivered`.
  [[nodiscard]] std::string deliveries() const;
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  void push(std::span<const Tick> run);
  void push(const Tick& tick);
  void hand_out(const Tick& tick, const SignalBuffer& signals);
  void hand_out(const SignalBuffer& signals);
  void write(const Signal& signal, std::span<const Price> levels, alerts::Held held);
  void write_late();

  const BacktestConfig& config_;
  AlertLines* lines_;
  BacktestReport* report_;
  const alerts::Catalog& catalog_;
  alerts::AlertWriter writer_{catalog_, {.backtest = true}};
  processing::Monitor monitor_;
  processing::Shards shards_;  // one worker when there is a report: that looks at every tick in order
  std::vector<Tick> batch_;
  std::optional<alerts::DeliveryPolicy> delivery_;
  std::uint64_t seq_ = 0;
  double seconds_ = 0;
};

}  // namespace yagura::app
