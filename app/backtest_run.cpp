#include "app/backtest_run.hpp"

#include <chrono>

#include "alerts/render.hpp"
#include "app/progress.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

constexpr std::uint64_t kBetweenUpdates = 16'384;  // ticks, a few milliseconds of work

}  // namespace

BacktestRun::BacktestRun(BacktestConfig& config, AlertLines* lines, BacktestReport* report,
                         const alerts::Catalog& catalog)
    : config_(config),
      lines_(lines),
      report_(report),
      catalog_(catalog),
      monitor_(config.settings.monitor, std::move(config.history)) {
  if (report_ != nullptr) report_->attach(monitor_);
}

void BacktestRun::play(feeds::MergedTicks& ticks, const std::string& what) {
  Progress progress{what};
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  while (const Tick* tick = ticks.next()) {
    push(*tick);
    if (++done % kBetweenUpdates == 0 && progress.visible())
      progress.update(static_cast<double>(done) / static_cast<double>(ticks.total()), done);
  }
  monitor_.on_end_of_input(signals_);
  drain();
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void BacktestRun::push(const Tick& tick) {
  if (config_.symbols.empty()) {
    monitor_.on_tick(tick, signals_);
  } else if (const auto ours = config_.symbols[index_of(tick.symbol)]) {
    Tick renamed = tick;
    renamed.symbol = *ours;
    monitor_.on_tick(renamed, signals_);
  }
  if (!signals_.empty()) drain();
}

void BacktestRun::drain() {
  for (const auto& signal : signals_.signals()) {
    const auto levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel
                            ? signals_.levels_of(signal)
                            : std::span<const Price>{};
    ++seq_;
    if (report_ != nullptr) report_->add(signal, levels, seq_);
    if (lines_ != nullptr) lines_->write(alerts::make_alert(seq_, signal, levels, catalog_), catalog_);
  }
  signals_.clear();
  if (report_ != nullptr) report_->cleared();
}

std::string BacktestRun::integrity() {
  std::string text;
  for (std::size_t i = 0; i < monitor_.size(); ++i) {
    const auto& instrument = monitor_.instrument(SymbolId{static_cast<std::uint16_t>(i)});
    const auto& counts = instrument.filter().counts();
    if (counts.ticks == 0) continue;
    text +=
        instrument.info().symbol + ": " + grouped(counts.ticks) + " rows, " + grouped(counts.accepted) + " accepted";
    for (std::size_t r = 0; r < processing::kRejectReasons; ++r) {
      if (counts.rejected[r] == 0) continue;
      text += ", " + grouped(counts.rejected[r]) + " ";
      text += processing::name_of(static_cast<processing::Reject>(r));
    }
    if (counts.gaps != 0) text += ", " + grouped(counts.gaps) + " gaps";
    if (counts.restarted != 0) text += ", " + grouped(counts.restarted) + " restarted";
    text += '\n';
  }
  return text;
}

}  // namespace yagura::app
