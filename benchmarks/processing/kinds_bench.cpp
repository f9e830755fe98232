// What one rule of each kind adds to a tick: a monitor with that rule alone, beside one without any.
// Filter, books and calendar are in both. The rules are those of support/all_kinds.toml, set so that
// they speak. One iteration is one pass over the scenario; read the counter `tick`.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "processing/monitor.hpp"

namespace yagura::bench {
namespace {

using processing::Monitor;
using processing::MonitorOptions;

// The ticks such a rule hears: of its own instrument, or of both.
std::vector<Tick> ticks_for(std::string_view symbol) {
  return symbol == "both" ? scenario().ticks : scenario().ticks_of(scenario().id(symbol));
}

void run(benchmark::State& state, const MonitorOptions& options, const std::vector<Tick>& ticks) {
  SignalBuffer out;
  std::size_t signals = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Monitor monitor{options, scenario().history};
    state.ResumeTiming();
    for (const auto& tick : ticks) {
      monitor.on_tick(tick, out);
      if (out.empty()) continue;
      signals += out.signals().size();
      out.clear();
    }
  }
  report_each(state, "tick", ticks.size());
  report_mean(state, "signals", static_cast<double>(signals));
}

void BM_KindFloor(benchmark::State& state, const char* symbol) {
  auto options = all_kinds().monitor;
  options.rules.clear();
  options.series.clear();
  run(state, options, ticks_for(symbol));
}

void BM_Kind(benchmark::State& state, const char* rule, const char* symbol) {
  auto options = all_kinds().monitor;
  std::erase_if(options.rules, [&](const auto& other) { return other.id != rule; });
  if (options.rules.empty()) return state.SkipWithError("no such rule in benchmarks/support/all_kinds.toml");
  if (std::string_view{rule} != "series") options.series.clear();
  run(state, options, ticks_for(symbol));
  if (state.counters["signals"].value == 0) state.SkipWithError("the rule says nothing about the scenario");
}

void pass(benchmark::internal::Benchmark* benchmark) { min_too(benchmark->Unit(benchmark::kMillisecond)); }

BENCHMARK_CAPTURE(BM_KindFloor, USDJPY, "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_KindFloor, NI225, "NI225")->Apply(pass);
BENCHMARK_CAPTURE(BM_KindFloor, both, "both")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, milestone, "milestone", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, level, "level", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, record, "record", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, move, "move", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, stale, "stale", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, cusum, "cusum", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, intervention, "intervention", "USDJPY")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, period, "period", "NI225")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, divergence, "divergence", "both")->Apply(pass);
BENCHMARK_CAPTURE(BM_Kind, series, "series", "both")->Apply(pass);

}  // namespace
}  // namespace yagura::bench
