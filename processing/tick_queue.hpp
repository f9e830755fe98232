// The seam between feeds and detectors: a bounded lock-free queue of ticks, and what a feed does
// when it is full. Several feed threads, one consumer.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <concurrentqueue/concurrentqueue.h>

#include "core/tick.hpp"

namespace yagura::processing {

inline constexpr std::size_t kMaxQueueCapacity = std::size_t{1} << 20;

// moodycamel's queue, sized once: try_enqueue never allocates. Its bound is approximate, up to
// twice the capacity asked for.
class TickQueue {
 public:
  // `producers`: how many TickProducers there will be.
  TickQueue(std::size_t capacity, std::size_t producers)
      : capacity_(capacity), queue_(capacity, producers, 0), consumer_token_(queue_) {}

  // Consumer's thread. How many ticks were taken; order holds per producer.
  std::size_t drain(std::span<Tick> into) noexcept {
    return queue_.try_dequeue_bulk(consumer_token_, into.data(), into.size());
  }
  [[nodiscard]] std::size_t depth() const noexcept { return queue_.size_approx(); }  // any thread
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  friend class TickProducer;
  // try_enqueue never grows a producer's table of blocks: with the stock 32 entries a queue of any
  // capacity is full at 1,024 ticks. This table is large enough for kMaxQueueCapacity.
  struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
    static const std::size_t BLOCK_SIZE = 256;
    static const std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 8192;
  };
  using Queue = moodycamel::ConcurrentQueue<Tick, Traits>;
  std::size_t capacity_;
  Queue queue_;
  moodycamel::ConsumerToken consumer_token_;
};

// What a feed thread does when the queue is full.
enum class WhenFull : std::uint8_t { kFold, kWait };

// One feed thread's way into the queue.
//
// Folding keeps, per instrument, the first, lowest, highest and last tick of the time without
// room, in the order they came: no crossing, record or extreme is lost, only the ticks between.
class TickProducer {
 public:
  // `symbols`: how many instruments there are. `make_room` is called while waiting; false gives the
  // tick up because the monitor is stopping.
  TickProducer(TickQueue& queue, WhenFull when_full, std::size_t symbols, std::function<bool()> make_room);

  void push(const Tick& tick) noexcept;
  // Tries again to hand over what was folded. True when nothing waits any more.
  bool flush() noexcept;
  [[nodiscard]] bool folding() const noexcept { return folding_ != 0; }
  // Ticks merged into others, or waiting to be; any thread.
  [[nodiscard]] std::uint64_t folded() const noexcept { return folded_.load(std::memory_order_relaxed); }

 private:
  struct Fold {
    std::array<Tick, 4> pending{};  // handed over next, from `next` to `count`
    std::uint32_t next = 0;
    std::uint32_t count = 0;
    std::uint64_t ticks = 0;  // in the four below
    Tick first{}, low{}, high{}, last{};
  };

  bool enqueue(const Tick& tick) noexcept { return queue_.queue_.try_enqueue(token_, tick); }
  void fold(Fold& fold, const Tick& tick) noexcept;
  void count_folded(std::int64_t by) noexcept {
    folded_.store(folded_.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by), std::memory_order_relaxed);
  }
  bool flush(Fold& fold) noexcept;
  static void seal(Fold& fold) noexcept;

  TickQueue& queue_;
  moodycamel::ProducerToken token_;
  WhenFull when_full_;
  std::function<bool()> make_room_;
  std::vector<Fold> folds_;  // by SymbolId
  std::size_t folding_ = 0;  // instruments with something folded or pending
  alignas(kCacheLine) std::atomic<std::uint64_t> folded_{0};
};

}  // namespace yagura::processing
