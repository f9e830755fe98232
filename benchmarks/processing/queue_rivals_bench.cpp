// What a hop costs with the queues that could have been taken: the one taken (moodycamel's, with
// tokens), the same without tokens and its blocking sort, its single-producer sister, Boost.Lockfree,
// and a mutex with a condition variable. All of 65,536 ticks, one producer, one consumer, two cores.
#include <benchmark/benchmark.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#if __has_include(<readerwriterqueue/readerwriterqueue.h>)
#include <readerwriterqueue/readerwriterqueue.h>
#define YAGURA_HAS_READER_WRITER_QUEUE
#endif

#include "benchmarks/support/pinned.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/latency_histogram.hpp"
#include "core/relax.hpp"

namespace yagura::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kCapacity = 65'536;

// Each has push(), false when full, and pop(), false when empty; those that sleep wait in pop() until
// there is something.
struct Tokens {
  moodycamel::ConcurrentQueue<Tick> queue{kCapacity, 1, 0};
  moodycamel::ProducerToken producer{queue};
  bool push(const Tick& tick) { return queue.try_enqueue(producer, tick); }
  bool pop(Tick& tick) { return queue.try_dequeue_from_producer(producer, tick); }
};
struct NoTokens {
  moodycamel::ConcurrentQueue<Tick> queue{kCapacity, 0, 1};
  bool push(const Tick& tick) { return queue.try_enqueue(tick); }
  bool pop(Tick& tick) { return queue.try_dequeue(tick); }
};
struct Blocking {
  moodycamel::BlockingConcurrentQueue<Tick> queue{kCapacity, 1, 0};
  moodycamel::ProducerToken producer{queue};
  moodycamel::ConsumerToken consumer{queue};
  bool push(const Tick& tick) { return queue.try_enqueue(producer, tick); }
  bool pop(Tick& tick) {
    queue.wait_dequeue(consumer, tick);
    return true;
  }
};
struct BoostSpsc {
  boost::lockfree::spsc_queue<Tick> queue{kCapacity};
  bool push(const Tick& tick) { return queue.push(tick); }
  bool pop(Tick& tick) { return queue.pop(tick); }
};
struct BoostQueue {
  boost::lockfree::queue<Tick, boost::lockfree::fixed_sized<true>> queue{kCapacity - 2};  // counts nodes in 16 bits
  bool push(const Tick& tick) { return queue.push(tick); }
  bool pop(Tick& tick) { return queue.pop(tick); }
};
#ifdef YAGURA_HAS_READER_WRITER_QUEUE
struct ReaderWriter {
  moodycamel::ReaderWriterQueue<Tick> queue{kCapacity};
  bool push(const Tick& tick) { return queue.try_enqueue(tick); }
  bool pop(Tick& tick) { return queue.try_dequeue(tick); }
};
#endif
struct MutexAndCondition {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<Tick> queue;
  bool push(const Tick& tick) {
    {
      const std::lock_guard lock{mutex};
      if (queue.size() >= kCapacity) return false;
      queue.push_back(tick);
    }
    filled.notify_one();
    return true;
  }
  bool pop(Tick& tick) {
    std::unique_lock lock{mutex};
    filled.wait(lock, [this] { return !queue.empty(); });
    tick = queue.front();
    queue.pop_front();
    return true;
  }
};

// The consumer ends with a tick of this kind.
constexpr SymbolId kLast{0xffff};

template <class Queue>
class Consumer {
 public:
  explicit Consumer(Queue& queue) : queue_(queue), thread_([this] { run(); }) {}
  ~Consumer() { stop(); }
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  void stop() {
    if (!thread_.joinable()) return;
    Tick last{};
    last.symbol = kLast;
    while (!queue_.push(last)) relax();
    thread_.join();
  }
  [[nodiscard]] std::uint64_t seen() const noexcept { return seen_.load(std::memory_order_acquire); }
  [[nodiscard]] const LatencyHistogram& hops() const { return hops_; }  // after stop()

 private:
  void run() {
    const Pinned pinned{1};
    Tick tick{};
    for (std::uint64_t total = 0;;) {
      if (!queue_.pop(tick)) {
        relax();
        continue;
      }
      if (tick.symbol == kLast) return;
      if (tick.mono_recv != MonoTime{}) hops_.record(Steady::now() - tick.mono_recv);
      seen_.store(++total, std::memory_order_release);
    }
  }

  Queue& queue_;
  LatencyHistogram hops_;
  alignas(kCacheLine) std::atomic<std::uint64_t> seen_{0};
  std::thread thread_;  // last: uses what stands above
};

// One tick at a time; the next leaves when it has been seen.
template <class Queue>
void BM_RivalHop(benchmark::State& state) {
  const auto queue = std::make_unique<Queue>();
  Consumer<Queue> consumer{*queue};
  Tick tick = scenario().ticks.front();
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    tick.mono_recv = Steady::now();
    if (!queue->push(tick)) return state.SkipWithError("full");
    ++sent;
    while (consumer.seen() != sent) relax();
  }
  consumer.stop();
  report_percentiles(state, consumer.hops());
}

// As fast as both threads go, one by one; the producer waits when the queue is full.
template <class Queue>
void BM_RivalThroughput(benchmark::State& state) {
  constexpr std::size_t kBurst = 65'536;
  const auto queue = std::make_unique<Queue>();
  Consumer<Queue> consumer{*queue};
  Tick tick = scenario().ticks.front();
  tick.mono_recv = {};
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBurst; ++i) {
      while (!queue->push(tick)) relax();
    }
    sent += kBurst;
    while (consumer.seen() != sent) relax();
  }
  consumer.stop();
  report_each(state, "tick", kBurst);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBurst));
}

void spin_pair(benchmark::internal::Benchmark* benchmark) { min_too(benchmark->UseRealTime()); }
void in_ms(benchmark::internal::Benchmark* benchmark) { benchmark->Unit(benchmark::kMillisecond); }

BENCHMARK_TEMPLATE(BM_RivalHop, Tokens)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalHop, NoTokens)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalHop, Blocking)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalHop, BoostSpsc)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalHop, BoostQueue)->Apply(spin_pair);
#ifdef YAGURA_HAS_READER_WRITER_QUEUE
BENCHMARK_TEMPLATE(BM_RivalHop, ReaderWriter)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalThroughput, ReaderWriter)->Apply(spin_pair)->Apply(in_ms);
#endif
BENCHMARK_TEMPLATE(BM_RivalHop, MutexAndCondition)->Apply(spin_pair);
BENCHMARK_TEMPLATE(BM_RivalThroughput, Tokens)->Apply(spin_pair)->Apply(in_ms);
BENCHMARK_TEMPLATE(BM_RivalThroughput, NoTokens)->Apply(spin_pair)->Apply(in_ms);
BENCHMARK_TEMPLATE(BM_RivalThroughput, Blocking)->Apply(spin_pair)->Apply(in_ms);
BENCHMARK_TEMPLATE(BM_RivalThroughput, BoostSpsc)->Apply(spin_pair)->Apply(in_ms);
BENCHMARK_TEMPLATE(BM_RivalThroughput, BoostQueue)->Apply(spin_pair)->Apply(in_ms);
BENCHMARK_TEMPLATE(BM_RivalThroughput, MutexAndCondition)->Apply(spin_pair)->Apply(in_ms);

}  // namespace
}  // namespace yagura::bench
