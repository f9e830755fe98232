// What a tick costs in the history of prices, and what an answer from it costs: the copy is the detector
// thread's, folding and encoding are not.
#include <benchmark/benchmark.h>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "console/price_json.hpp"
#include "core/latency_histogram.hpp"
#include "processing/calendar.hpp"
#include "processing/candle_fold.hpp"
#include "processing/price_history.hpp"

namespace yagura::bench {
namespace {

using processing::CandleStep;
using processing::PriceHistory;

constexpr Date kDate{std::chrono::days{20'493}};

// The scenario over and over, later each time.
class Ticks {
 public:
  const Tick& next() {
    if (at_ == scenario().ticks.size()) {
      at_ = 0;
      shift_ += std::chrono::days{7};
    }
    tick_ = scenario().ticks[at_++];
    tick_.ts_event += shift_;
    return tick_;
  }

 private:
  std::size_t at_ = 0;
  Duration shift_{};
  Tick tick_{};
};

void BM_HistoryPush(benchmark::State& state) {
  PriceHistory history{scenario().settings.monitor.instruments.size(), {}};
  SignalBuffer out;
  Ticks ticks;
  for (auto _ : state) history.on_accepted(ticks.next(), kDate, out);
}
BENCHMARK(BM_HistoryPush)->Apply(min_too);

// One by one, the clock's own cost included.
void BM_HistoryPushTail(benchmark::State& state) {
  using Steady = std::chrono::steady_clock;
  PriceHistory history{scenario().settings.monitor.instruments.size(), {}};
  SignalBuffer out;
  Ticks ticks;
  LatencyHistogram each;
  for (auto _ : state) {
    const auto& tick = ticks.next();
    const auto start = Steady::now();
    history.on_accepted(tick, kDate, out);
    each.record(Steady::now() - start);
  }
  report_percentiles(state, each);
}
BENCHMARK(BM_HistoryPushTail)->Apply(min_too);

processing::CandleRing full_ring() {
  processing::CandleRing ring{8192};
  for (std::int64_t i = 0; i < 10'000; ++i)
    ring.append({.from_s = 1'770'595'200 + i * 60,
                 .open = Price::from_raw(157'123'000'000 + i * 1'000'000),
                 .high = Price::from_raw(157'173'000'000 + i * 1'000'000),
                 .low = Price::from_raw(157'101'000'000 + i * 1'000'000),
                 .close = Price::from_raw(157'144'000'000 + i * 1'000'000),
                 .ticks = 61});
  return ring;
}

// 2,000 candles of 1 min, and of 15 min: all that memory has.
void BM_CandlesCopy(benchmark::State& state) {
  const auto ring = full_ring();
  const auto count = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(ring.copy(ring.end() - count, ring.end()));
}
BENCHMARK(BM_CandlesCopy)->ArgName("candles")->Arg(2000)->Arg(8192);

void BM_CandlesEncode(benchmark::State& state) {
  const auto ring = full_ring();
  const auto candles = ring.copy(ring.end() - 2000, ring.end());
  std::size_t bytes = 0;
  for (auto _ : state)
    bytes = console::candles_json("USDJPY", console::kIntervals[3], processing::fold_candles(candles, 60)).size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_CandlesEncode);

}  // namespace
}  // namespace yagura::bench
