// A thread for work that must not hold up another.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace yagura::app {

class Background {
 public:
  using Work = std::function<void()>;

  // `name`: of the thread, at most 15 bytes. `most`: pieces of work that wait.
  Background(const char* name, std::size_t most) : name_(name), most_(most) {}

  // Any thread. In order, one at a time; one that throws ends alone, the first is logged. false: too many
  // wait already.
  bool run(Work work);
  // Any thread. Whether run() would take more, unless another calls it.
  [[nodiscard]] bool room() const;

 private:
  void loop(const std::stop_token& stop);

  const char* const name_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Work> waiting_;                                                  // guarded by mutex_
  std::jthread worker_{[this](const std::stop_token& stop) { loop(stop); }};  // last: stops before what it uses is gone
};

}  // namespace yagura::app
