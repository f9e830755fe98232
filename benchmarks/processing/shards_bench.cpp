// What more workers bring: the whole rule set over eight instruments, in batches as a queue or a
// recording gives them. One iteration is one pass over the scenario, each of its two instruments
// there four times. Real time, so it wants as many idle cores as workers.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "processing/monitor.hpp"
#include "processing/shards.hpp"

namespace yagura::bench {
namespace {

using namespace processing;

constexpr std::uint16_t kCopies = 4;

struct Crowd {
  MonitorOptions options;
  std::vector<Tick> ticks;
};

// Copies of the scenario's instruments, each with all its rules and ticks.
Crowd make_crowd() {
  const auto& input = scenario();
  const auto& single = input.settings.monitor;
  const auto width = static_cast<std::uint16_t>(single.instruments.size());
  Crowd crowd;
  for (std::uint16_t copy = 0; copy < kCopies; ++copy) {
    const auto suffix = "-" + std::to_string(copy);
    for (auto info : single.instruments) {
      info.symbol += suffix;
      crowd.options.instruments.push_back(info);
    }
    for (auto rule : single.rules) {
      rule.id += suffix;
      rule.instrument = SymbolId{static_cast<std::uint16_t>(index_of(rule.instrument) + copy * width)};
      crowd.options.rules.push_back(rule);
    }
  }
  for (auto tick : input.ticks) {
    const auto first = index_of(tick.symbol);
    for (std::uint16_t copy = 0; copy < kCopies; ++copy) {
      tick.symbol = SymbolId{static_cast<std::uint16_t>(first + copy * width)};
      crowd.ticks.push_back(tick);
    }
  }
  return crowd;
}

void BM_Shards(benchmark::State& state) {
  static const Crowd crowd = make_crowd();
  const auto batch = static_cast<std::size_t>(state.range(1));
  const std::chrono::microseconds spin_for{state.range(2)};
  std::size_t signals = 0;
  for (auto _ : state) {
    state.PauseTiming();
    {
      Monitor monitor{crowd.options};
      Shards shards{{.workers = static_cast<int>(state.range(0)), .batch = batch, .spin_for = spin_for},
                    monitor.groups(),
                    {[&](const Tick& tick, Decision&, SignalBuffer& out) { monitor.on_tick(tick, out); },
                     [&](const Tick&, const Decision&, const SignalBuffer& out) { signals += out.signals().size(); }}};
      state.ResumeTiming();
      for (std::span<const Tick> rest{crowd.ticks}; !rest.empty(); rest = rest.subspan(std::min(batch, rest.size())))
        shards.run(rest.first(std::min(batch, rest.size())));
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
  report_each(state, "tick", crowd.ticks.size());
  report_mean(state, "signals", static_cast<double>(signals));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(crowd.ticks.size()));
}
BENCHMARK(BM_Shards)
    ->ArgNames({"workers", "batch", "spin_us"})
    ->ArgsProduct({{1, 2, 4}, {256, 1024, 4096}, {0, 50}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
