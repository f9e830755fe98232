// The hop of a tick to the detector thread by the way that thread waits, `[pipeline] wait`: spinning,
// spinning a while and then sleeping, or asleep in its io_context, woken through app/wakeup.hpp. How
// long the feed was silent before decides whether a sleeper is awake, so that is an argument.
#include <benchmark/benchmark.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "app/wakeup.hpp"
#include "benchmarks/support/pinned.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/latency_histogram.hpp"
#include "core/relax.hpp"
#include "processing/tick_queue.hpp"

namespace yagura::bench {
namespace {

using Steady = std::chrono::steady_clock;

// As in app/live_monitor.cpp: how long after traffic it spins.
constexpr Duration kSpinAlways = Duration::max();
constexpr Duration kSpinAWhile = std::chrono::microseconds{50};
constexpr Duration kBlock{0};

// The detector thread, which only looks at the clock.
class Consumer {
 public:
  Consumer(processing::TickQueue& queue, Duration spin_for)
      : queue_(queue), spin_for_(spin_for), thread_([this] { run(); }) {}
  ~Consumer() { stop(); }
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  void notify() noexcept { wakeup_.notify(); }
  void stop() {
    if (!thread_.joinable()) return;
    stop_ = true;
    wakeup_.notify();
    thread_.join();
  }
  [[nodiscard]] std::uint64_t seen() const noexcept { return seen_.load(std::memory_order_acquire); }
  [[nodiscard]] const LatencyHistogram& hops() const { return hops_; }  // after stop()

 private:
  void run() {
    const Pinned pinned{1};
    std::array<Tick, 256> batch;
    auto last_traffic = Steady::now();
    while (!stop_.load(std::memory_order_relaxed)) {
      const auto count = queue_.drain(batch);
      const auto now = Steady::now();
      if (count == 0) {
        wait(now - last_traffic);
        continue;
      }
      for (std::size_t i = 0; i < count; ++i) hops_.record(now - batch[i].mono_recv);
      last_traffic = now;
      seen_.store(seen() + count, std::memory_order_release);
    }
  }
  void wait(Duration since_traffic) {
    if (since_traffic < spin_for_) return relax();
    wakeup_.prepare();
    if (queue_.depth() == 0 && !stop_) io_.run_one();
    wakeup_.finish();
  }

  processing::TickQueue& queue_;
  Duration spin_for_;
  boost::asio::io_context io_{1};
  app::Wakeup wakeup_{io_};
  LatencyHistogram hops_;
  std::atomic<bool> stop_{false};
  alignas(kCacheLine) std::atomic<std::uint64_t> seen_{0};
  std::thread thread_;  // last: uses what stands above
};

// Time per iteration is there and back and the silence; the percentiles are one way, from before
// push() to after drain().
void BM_QueueHopBy(benchmark::State& state, Duration spin_for) {
  const Duration silence = std::chrono::microseconds{state.range(0)};
  processing::TickQueue queue{65'536};
  processing::TickProducer producer{queue, processing::WhenFull::kFold, scenario().settings.symbols.size(),
                                    [] { return true; }};
  Consumer consumer{queue, spin_for};
  Tick tick = scenario().ticks.front();
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    for (const auto until = Steady::now() + silence; Steady::now() < until;) relax();
    tick.mono_recv = Steady::now();
    producer.push(tick);
    consumer.notify();
    ++sent;
    while (consumer.seen() != sent) relax();
  }
  consumer.stop();
  report_percentiles(state, consumer.hops());
}

// The least a sleeper can take: one eventfd read in a blocking way, no queue and no Asio.
void BM_EventfdFloor(benchmark::State& state) {
  const Duration silence = std::chrono::microseconds{state.range(0)};
  const int event = eventfd(0, EFD_CLOEXEC);
  LatencyHistogram hops;
  std::atomic<std::int64_t> sent_at{0};  // negative: no more come
  alignas(kCacheLine) std::atomic<std::uint64_t> seen{0};
  std::thread sleeper{[&] {
    const Pinned pinned{1};
    std::uint64_t count = 0;
    while (::read(event, &count, sizeof count) == sizeof count) {
      const auto from = sent_at.load(std::memory_order_acquire);
      if (from < 0) return;
      hops.record(Steady::now().time_since_epoch() - Duration{from});
      seen.store(seen.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
  }};
  const auto ring = [&](std::int64_t at) {
    const std::uint64_t one = 1;
    sent_at.store(at, std::memory_order_release);
    return ::write(event, &one, sizeof one) == sizeof one;
  };
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    for (const auto until = Steady::now() + silence; Steady::now() < until;) relax();
    if (!ring(Steady::now().time_since_epoch().count())) return state.SkipWithError("eventfd");
    ++sent;
    while (seen.load(std::memory_order_acquire) != sent) relax();
  }
  ring(-1);
  sleeper.join();
  ::close(event);
  report_percentiles(state, hops);
}
BENCHMARK(BM_EventfdFloor)->ArgName("silence_us")->Arg(0)->Arg(200)->UseRealTime()->Apply(min_too);
BENCHMARK_CAPTURE(BM_QueueHopBy, spin, kSpinAlways)
    ->ArgName("silence_us")
    ->Arg(0)
    ->Arg(200)
    ->UseRealTime()
    ->Apply(min_too);
BENCHMARK_CAPTURE(BM_QueueHopBy, spin_then_block, kSpinAWhile)
    ->ArgName("silence_us")
    ->Arg(0)
    ->Arg(200)
    ->UseRealTime()
    ->Apply(min_too);
BENCHMARK_CAPTURE(BM_QueueHopBy, block, kBlock)->ArgName("silence_us")->Arg(0)->Arg(200)->UseRealTime()->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
