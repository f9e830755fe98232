// Wakes a thread that sleeps inside an io_context, and costs nothing while it is awake.
#pragma once

#include <atomic>
#include <cstdint>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace yagura::app {

// One sleeper, any number of wakers. The sleeper calls prepare(), looks once more for work, and
// either sleeps in io.run_one() or goes on; then finish(). A waker first makes its work visible,
// then calls notify(): either the sleeper sees the work or the waker sees the sleeper.
class Wakeup {
 public:
  explicit Wakeup(boost::asio::io_context& io);

  // After a ring the descriptor is emptied and listened to here, not in the wait that it ended: its two
  // system calls come after the work instead of before.
  void prepare() {
    if (rung_) arm();
    asleep_.store(true, std::memory_order_seq_cst);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  void finish() noexcept { asleep_.store(false, std::memory_order_relaxed); }

  void notify() noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (asleep_.load(std::memory_order_relaxed) && asleep_.exchange(false, std::memory_order_seq_cst)) ring();
  }

 private:
  void ring() noexcept;
  void listen();
  void arm();

  std::atomic<bool> asleep_{false};
  bool rung_ = false;  // the sleeper's
  boost::asio::posix::stream_descriptor event_;
};

}  // namespace yagura::app
