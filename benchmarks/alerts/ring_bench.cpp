// What it costs to note a tick in the crash ring, beside the least there is: the tick copied. The ring
// is larger than the caches, as live; its pages were written before, as they are from the start on.
#include <benchmark/benchmark.h>

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "alerts/crash_ring.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/latency_histogram.hpp"

namespace yagura::bench {
namespace {

constexpr std::size_t kSlots = 65'536;  // as shipped

struct TempRing {
  ~TempRing() { std::filesystem::remove(file); }
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("yagura-ring-bench-" + std::to_string(::getpid()));
  alerts::CrashRing ring = *alerts::CrashRing::create(file, {.slots = kSlots, .id = 1, .symbols = 1}, 1);
};

// The same bytes into memory of the same size, without number and sum.
void BM_RingFloor(benchmark::State& state) {
  struct alignas(2 * kCacheLine) Slot {
    std::uint64_t head[8];
    Tick tick;
  };
  const auto& ticks = scenario().ticks;
  std::vector<Slot> slots(kSlots);
  std::size_t at = 0;
  for (auto _ : state) {
    slots[at & (kSlots - 1)].tick = ticks[at % ticks.size()];
    benchmark::ClobberMemory();
    ++at;
  }
}
BENCHMARK(BM_RingFloor)->Apply(min_too);

void BM_RingAppend(benchmark::State& state) {
  const auto& ticks = scenario().ticks;
  TempRing temp;
  std::size_t at = 0;
  for (auto _ : state) temp.ring.append(alerts::RingEntry::Kind::kTick, ticks[at++ % ticks.size()]);
}
BENCHMARK(BM_RingAppend)->Apply(min_too);

// One by one, the clock's own cost included: what a page that was written back in the meantime costs
// shows in the tail.
void BM_RingAppendTail(benchmark::State& state) {
  using Steady = std::chrono::steady_clock;
  const auto& ticks = scenario().ticks;
  TempRing temp;
  LatencyHistogram each;
  std::size_t at = 0;
  for (auto _ : state) {
    const auto start = Steady::now();
    temp.ring.append(alerts::RingEntry::Kind::kTick, ticks[at++ % ticks.size()]);
    each.record(Steady::now() - start);
  }
  report_percentiles(state, each);
}
BENCHMARK(BM_RingAppendTail)->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
