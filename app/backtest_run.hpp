// One configuration on its way through the ticks of a backtest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/backtest_inputs.hpp"
#include "app/backtest_output.hpp"
#include "app/backtest_report.hpp"
#include "processing/shards.hpp"

namespace yagura::app {

class BacktestRun {
 public:
  // Takes the history out of `config`, which outlives the run like everything else; `lines` and
  // `report` may be null.
  BacktestRun(BacktestConfig& config, AlertLines* lines, BacktestReport* report, const alerts::Catalog& catalog);

  // All ticks to their end, as fast as they go. `what` is said on the terminal when that takes long.
  void play(feeds::MergedTicks& ticks, const std::string& what);

  // A line for each instrument that had ticks: how many were accepted, and what was not and why.
  [[nodiscard]] std::string integrity();
  [[nodiscard]] std::uint64_t alerts() const { return seq_; }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  void push(const Tick& tick);
  void hand_out(const SignalBuffer& signals);

  const BacktestConfig& config_;
  AlertLines* lines_;
  BacktestReport* report_;
  const alerts::Catalog& catalog_;
  processing::Monitor monitor_;
  processing::Shards shards_;  // one worker when there is a report: that looks at every tick in order
  std::vector<Tick> batch_;
  std::uint64_t seq_ = 0;
  double seconds_ = 0;
};

}  // namespace yagura::app
