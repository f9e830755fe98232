// A bounded queue into a thread that may be slow. Posting takes no lock, never waits, never allocates and
// is no system call: waking the reader, some 5 us where it sleeps on another core, is a step of its own.
#pragma once

#include <concurrentqueue/concurrentqueue.h>
#include <semaphore.h>

#include <atomic>
#include <cstddef>
#include <ctime>
#include <utility>

#include "core/time.hpp"

namespace yagura::alerts {

// One thread at a time posts and wakes, one thread waits and drains, any thread pokes.
template <class T>
class Mailbox {
 public:
  // Room for at least `capacity` items; who posts keeps count of what is on the way.
  explicit Mailbox(std::size_t capacity) : queue_(capacity + kSlack), producer_(queue_) {
    sem_init(&wake_, 0, 0);
  }
  ~Mailbox() { sem_destroy(&wake_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // false, and `item` untouched, when there is no room. The reader learns of it by wake(), or when it
  // looks for another reason.
  [[nodiscard]] bool post(T&& item) noexcept {
    if (!queue_.try_enqueue(producer_, std::move(item))) return false;
    posted_ = true;
    return true;
  }
  // Ends the reader's wait if something was posted since the last call and it is not awake already.
  void wake() noexcept {
    if (!posted_) return;
    posted_ = false;
    if (!awake_.exchange(true, std::memory_order_acq_rel)) sem_post(&wake_);
  }

  // Ends a wait() now, though nothing was posted.
  void poke() noexcept { sem_post(&wake_); }

  // Until something is posted, poked or `timeout` has passed. May return early; that is harmless.
  void wait(Duration timeout) noexcept {
    timespec until{};
    clock_gettime(CLOCK_MONOTONIC, &until);
    const auto ns = until.tv_nsec + timeout.count();
    until.tv_sec += ns / 1'000'000'000;
    until.tv_nsec = ns % 1'000'000'000;
    sem_clockwait(&wake_, CLOCK_MONOTONIC, &until);
  }

  // Hands every item to `take`, in the order they were posted.
  template <class F>
  void drain(F&& take) {
    // A read-modify-write, as in wake(): what was posted before that is visible after this.
    awake_.exchange(false, std::memory_order_acq_rel);
    T item;
    while (queue_.try_dequeue_from_producer(producer_, item)) take(std::move(item));
  }

 private:
  // A block is free again only when all of it is read.
  static constexpr std::size_t kSlack = 2 * moodycamel::ConcurrentQueueDefaultTraits::BLOCK_SIZE;
  moodycamel::ConcurrentQueue<T> queue_;
  moodycamel::ProducerToken producer_;
  bool posted_ = false;             // since the last wake(); the posting thread's
  std::atomic<bool> awake_{false};  // the reader will look again before it sleeps
  sem_t wake_;
};

}  // namespace yagura::alerts
