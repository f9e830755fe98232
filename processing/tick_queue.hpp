// The seam between feeds and detectors: a bounded lock-free queue of ticks, and what a feed does
// when it is full. Several feed threads, one consumer.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <concurrentqueue/concurrentqueue.h>

#include "core/tick.hpp"

namespace yagura::processing {

// What the settings allow; a queue of this size takes some 70 MB.
inline constexpr std::size_t kMaxQueueCapacity = std::size_t{1} << 20;

// moodycamel's queue, sized once: try_enqueue never allocates. Each producer has a lane of its own,
// so the burst of one feed takes no room from another. A lane's bound is approximate: what was asked for,
// and at most two blocks of 32 more.
class TickQueue {
 public:
  explicit TickQueue(std::size_t capacity) : capacity_(capacity) {}

  // Consumer's thread. How many ticks were taken; order holds per producer.
  std::size_t drain(std::span<Tick> into) noexcept {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < lanes_.size() && taken < into.size(); ++i) {
      auto& lane = *lanes_[next_lane_];
      next_lane_ = next_lane_ + 1 == lanes_.size() ? 0 : next_lane_ + 1;
      const auto room = into.subspan(taken);
      taken += lane.queue.try_dequeue_bulk_from_producer(lane.token, room.data(), room.size());
    }
    return taken;
  }
  [[nodiscard]] std::size_t depth() const noexcept {  // any thread
    std::size_t all = 0;
    for (const auto& lane : lanes_) all += lane->queue.size_approx();
    return all;
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }  // of a lane

 private:
  friend class TickProducer;
  using Queue = moodycamel::ConcurrentQueue<Tick>;
  struct Lane {
    // A block is free again only when all of it is read. The constructor that takes the number of producers
    // would reckon with one more than there is, and take twice the memory.
    explicit Lane(std::size_t capacity) : queue(capacity + kSlack), token(queue) {}
    static constexpr std::size_t kSlack = 2 * moodycamel::ConcurrentQueueDefaultTraits::BLOCK_SIZE;
    Queue queue;
    moodycamel::ProducerToken token;
  };
  Lane& add_lane() { return *lanes_.emplace_back(std::make_unique<Lane>(capacity_)); }

  std::size_t capacity_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::size_t next_lane_ = 0;  // consumer's thread
};

// What a feed thread does when the queue is full.
enum class WhenFull : std::uint8_t { kFold, kWait };

// One feed thread's way into the queue. Made before any thread pushes or drains.
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
    std::uint64_t ticks = 0;                // in the four below
    std::uint64_t low_at = 0, high_at = 0;  // which of them, counted from 0
    Tick first{}, low{}, high{}, last{};
  };

  bool enqueue(const Tick& tick) noexcept { return lane_.queue.try_enqueue(lane_.token, tick); }
  void fold(Fold& fold, const Tick& tick) noexcept;
  void count_folded(std::int64_t by) noexcept {
    folded_.store(folded_.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by), std::memory_order_relaxed);
  }
  bool flush(Fold& fold) noexcept;
  static void seal(Fold& fold) noexcept;

  TickQueue::Lane& lane_;
  WhenFull when_full_;
  std::function<bool()> make_room_;
  std::vector<Fold> folds_;  // by SymbolId
  std::size_t folding_ = 0;  // instruments with something folded or pending
  alignas(kCacheLine) std::atomic<std::uint64_t> folded_{0};
};

}  // namespace yagura::processing
