// The seam between feeds and detectors: what it costs on one thread, what a hop to another thread
// takes, and how many ticks a second go through. Two spinning threads want two idle cores.
#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "benchmarks/support/pinned.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/latency_histogram.hpp"
#include "core/relax.hpp"
#include "processing/tick_queue.hpp"

namespace yagura::bench {
namespace {

using processing::TickProducer;
using processing::TickQueue;
using processing::WhenFull;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kCapacity = 65'536;  // as shipped
constexpr std::size_t kBatch = 256;        // as in app/pipeline.hpp

bool keep_waiting() {
  relax();
  return true;
}

// What the loops below cost without a queue: a tick copied there and back.
void BM_QueueFloor(benchmark::State& state) {
  const auto& ticks = scenario().ticks;
  const auto burst = static_cast<std::size_t>(state.range(0));
  std::array<Tick, kBatch> slots;
  std::size_t at = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < burst; ++i) slots[i] = ticks[at + i];
    benchmark::ClobberMemory();
    at = at + 2 * burst > ticks.size() ? 0 : at + burst;
  }
  report_each(state, "tick", burst);
}
BENCHMARK(BM_QueueFloor)->ArgName("burst")->Arg(1)->Arg(kBatch)->Apply(min_too);

// Push and drain by turns on one thread, as with workers = 0. A burst is what one read brings.
void BM_QueueSameThread(benchmark::State& state) {
  const auto& ticks = scenario().ticks;
  const auto burst = static_cast<std::size_t>(state.range(0));
  TickQueue queue{kCapacity};
  TickProducer producer{queue, WhenFull::kFold, scenario().settings.symbols.size(), keep_waiting};
  std::array<Tick, kBatch> batch;
  std::size_t at = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < burst; ++i) producer.push(ticks[at + i]);
    benchmark::DoNotOptimize(queue.drain(batch));
    benchmark::ClobberMemory();
    at = at + 2 * burst > ticks.size() ? 0 : at + burst;
  }
  report_each(state, "tick", burst);
}
BENCHMARK(BM_QueueSameThread)->ArgName("burst")->Arg(1)->Arg(16)->Arg(kBatch)->Apply(min_too);

// A clock value through one cache line: the least a hop between two threads can take here.
void BM_HopFloor(benchmark::State& state) {
  struct alignas(kCacheLine) Line {
    std::atomic<std::int64_t> value{0};
  };
  Line there, back;
  LatencyHistogram hops;
  constexpr std::int64_t kStop = -1;
  std::thread consumer{[&] {
    const Pinned pinned{1};
    for (std::int64_t last = 0;;) {
      const auto sent = there.value.load(std::memory_order_acquire);
      if (sent == kStop) return;
      if (sent == last) {
        relax();
        continue;
      }
      hops.record(Steady::now().time_since_epoch() - Duration{sent});
      last = sent;
      back.value.store(sent, std::memory_order_release);
    }
  }};
  const Pinned pinned{0};
  for (auto _ : state) {
    const auto now = Steady::now().time_since_epoch().count();
    there.value.store(now, std::memory_order_release);
    while (back.value.load(std::memory_order_acquire) != now) relax();
  }
  there.value.store(kStop, std::memory_order_release);
  consumer.join();
  report_percentiles(state, hops);
}
BENCHMARK(BM_HopFloor)->UseRealTime()->Apply(min_too);

// One tick at a time to a consumer that spins; the next leaves when it has been seen. Time per
// iteration is there and back, the percentiles are one way, from before push() to after drain().
void BM_QueueHop(benchmark::State& state) {
  TickQueue queue{kCapacity};
  TickProducer producer{queue, WhenFull::kFold, scenario().settings.symbols.size(), keep_waiting};
  LatencyHistogram hops;
  std::atomic<bool> stop{false};
  alignas(kCacheLine) std::atomic<std::uint64_t> seen{0};
  std::thread consumer{[&] {
    const Pinned pinned{1};
    std::array<Tick, kBatch> batch;
    while (!stop.load(std::memory_order_relaxed)) {
      const auto count = queue.drain(batch);
      if (count == 0) {
        relax();
        continue;
      }
      const auto now = Steady::now();
      for (std::size_t i = 0; i < count; ++i) hops.record(now - batch[i].mono_recv);
      seen.store(seen.load(std::memory_order_relaxed) + count, std::memory_order_release);
    }
  }};
  Tick tick = scenario().ticks.front();
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    tick.mono_recv = Steady::now();
    producer.push(tick);
    ++sent;
    while (seen.load(std::memory_order_acquire) != sent) relax();
  }
  stop = true;
  consumer.join();
  report_percentiles(state, hops);
}
BENCHMARK(BM_QueueHop)->UseRealTime()->Apply(min_too);

// As fast as both threads go; the producer waits when the queue is full. `drain`: how many ticks
// the consumer takes at once at most, the pipeline's 256 or one by one.
void BM_QueueThroughput(benchmark::State& state) {
  constexpr std::size_t kBurst = 65'536;
  const auto take = static_cast<std::size_t>(state.range(0));
  const auto& ticks = scenario().ticks;
  if (ticks.size() < kBurst) return state.SkipWithError("the scenario is too short");
  TickQueue queue{kCapacity};
  TickProducer producer{queue, WhenFull::kWait, scenario().settings.symbols.size(), keep_waiting};
  std::atomic<bool> stop{false};
  alignas(kCacheLine) std::atomic<std::uint64_t> seen{0};
  std::thread consumer{[&] {
    const Pinned pinned{1};
    std::vector<Tick> batch(take);
    std::uint64_t total = 0;
    while (!stop.load(std::memory_order_relaxed)) {
      const auto count = queue.drain(batch);
      if (count == 0) {
        relax();
        continue;
      }
      benchmark::DoNotOptimize(batch.data());
      total += count;
      seen.store(total, std::memory_order_release);
    }
  }};
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBurst; ++i) producer.push(ticks[i]);
    sent += kBurst;
    while (seen.load(std::memory_order_acquire) != sent) relax();
  }
  stop = true;
  consumer.join();
  report_each(state, "tick", kBurst);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBurst));
}
BENCHMARK(BM_QueueThroughput)
    ->ArgName("drain")
    ->Arg(1)
    ->Arg(kBatch)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
