// An io_context with a thread of its own, for tests whose clients block.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>  // forward

namespace yagura::test {

class IoThread {
 public:
  // Destroy what lives on the context first, inside call().
  ~IoThread() {
    guard_.reset();
    io.stop();
  }

  // Runs `body` on the thread and returns what it returns.
  template <class Body>
  auto call(Body&& body) {
    std::packaged_task<decltype(body())()> task{std::forward<Body>(body)};
    auto result = task.get_future();
    boost::asio::post(io, [&task] { task(); });
    return result.get();
  }

  boost::asio::io_context io{1};

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_ = boost::asio::make_work_guard(io);
  std::jthread thread_{[this] { io.run(); }};  // last: gone before what it runs
};

// Events counted on one thread and awaited on another, with a limit.
class Countdown {
 public:
  void arrive() {
    const std::lock_guard lock{mutex_};
    ++count_;
    changed_.notify_all();
  }
  // False when fewer than `wanted` came in time.
  bool wait_for(int wanted, std::chrono::milliseconds limit = std::chrono::milliseconds{5'000}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return count_ >= wanted; });
  }
  [[nodiscard]] int count() {
    const std::lock_guard lock{mutex_};
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

}  // namespace yagura::test
