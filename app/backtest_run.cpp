#include "app/backtest_run.hpp"

#include <chrono>

#include "app/progress.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

constexpr std::uint64_t kBetweenUpdates = 16'384;  // ticks, a few milliseconds of work
// Ticks that the workers share at a time: half a millisecond of work, so that waking them is little.
constexpr std::size_t kBatch = 4096;

}  // namespace

BacktestRun::BacktestRun(BacktestConfig& config, AlertLines* lines, BacktestReport* report,
                         const alerts::Catalog& catalog, bool delivered)
    : config_(config),
      lines_(lines),
      report_(report),
      catalog_(catalog),
      monitor_(config.settings.monitor, std::move(config.history)),
      shards_({.workers = report == nullptr ? config.settings.pipeline.workers : 1, .batch = kBatch}, monitor_.groups(),
              {.decide = [this](const Tick& tick, processing::Decision&,
                                SignalBuffer& out) { monitor_.on_tick(tick, out); },
               .hand_out = [this](const Tick& tick, const processing::Decision&,
                                  const SignalBuffer& signals) { hand_out(tick, signals); }}) {
  batch_.reserve(kBatch);
  if (delivered) delivery_.emplace(catalog_, config.settings.delivery);
  if (report_ != nullptr) report_->attach(monitor_);
}

void BacktestRun::play(feeds::MergedTicks& ticks, const std::string& what) {
  Progress progress{what};
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  std::uint64_t update_at = kBetweenUpdates;
  for (auto run = ticks.next_run(kBatch); !run.empty(); run = ticks.next_run(kBatch)) {
    push(run);
    done += run.size();
    if (done < update_at) continue;
    update_at = done + kBetweenUpdates;
    if (progress.visible()) progress.update(static_cast<double>(done) / static_cast<double>(ticks.total()), done);
  }
  shards_.run(batch_);
  SignalBuffer signals;
  monitor_.on_end_of_input(signals);
  hand_out(signals);
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void BacktestRun::push(std::span<const Tick> run) {
  if (config_.symbols.empty() && batch_.empty() && run.size() == kBatch) return shards_.run(run);  // needs no copy
  for (const auto& tick : run) push(tick);
}

void BacktestRun::push(const Tick& tick) {
  if (config_.symbols.empty()) {
    batch_.push_back(tick);
  } else if (const auto ours = config_.symbols[index_of(tick.symbol)]) {
    batch_.push_back(tick);
    batch_.back().symbol = *ours;
  }
  if (batch_.size() < kBatch) return;
  shards_.run(batch_);
  batch_.clear();
}

void BacktestRun::hand_out(const Tick& tick, const SignalBuffer& signals) {
  if (delivery_) {
    delivery_->advance(tick.symbol, tick.ts_event);
    write_late();
  }
  hand_out(signals);
}

void BacktestRun::hand_out(const SignalBuffer& signals) {
  if (signals.empty()) return;
  const auto verdicts = delivery_ ? delivery_->judge(signals.signals()) : std::span<const alerts::Verdict>{};
  for (std::size_t i = 0; i < signals.signals().size(); ++i) {
    const auto& signal = signals.signals()[i];
    const auto levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel
                            ? signals.levels_of(signal)
                            : std::span<const Price>{};
    ++seq_;
    if (report_ != nullptr) report_->add(signal, levels, seq_);
    if (lines_ != nullptr) write(signal, levels, verdicts.empty() ? alerts::Held::kNot : verdicts[i].held);
  }
  if (delivery_) write_late();
  if (report_ != nullptr) report_->cleared();
}

void BacktestRun::write(const Signal& signal, std::span<const Price> levels, alerts::Held held) {
  if (held != alerts::Held::kNot && held != alerts::Held::kPending) return;
  const auto json = writer_.write(seq_, signal, levels);
  const auto& line = lines_->line_of(signal, json, writer_.words().title, catalog_);
  if (held == alerts::Held::kPending)
    delivery_->keep(signal.id, line);
  else
    lines_->write(line);
}

void BacktestRun::write_late() {
  if (!delivery_->has_late()) return;
  for (const auto& message : delivery_->take_late()) {
    if (lines_ == nullptr) continue;
    if (const auto* alert = std::get_if<alerts::LateAlert>(&message))
      lines_->write(alert->text);
    else
      lines_->write(std::get<alerts::StormSummary>(message), catalog_);
  }
}

std::string BacktestRun::deliveries() const {
  if (!delivery_) return {};
  std::string text = "; " + grouped(delivery_->count(alerts::Held::kNot)) + " delivered";
  const char* before = ", held: ";
  auto waiting = seq_;
  for (std::size_t i = 0; i < alerts::kHeldReasons; ++i) {
    const auto reason = static_cast<alerts::Held>(i);
    auto count = delivery_->count(reason);
    waiting -= count;
    if (reason == alerts::Held::kNot || count == 0) continue;
    text.append(before).append(name_of(reason)).append(" ").append(grouped(count));
    before = ", ";
  }
  return waiting == 0 ? text : text + before + "pending " + grouped(waiting);
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
