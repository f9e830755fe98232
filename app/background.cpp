#include "app/background.hpp"

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

#include "core/thread_name.hpp"

namespace yagura::app {

bool Background::run(Work work) {
  {
    const std::scoped_lock guard{mutex_};
    if (waiting_.size() >= most_) return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

bool Background::room() const {
  const std::scoped_lock guard{mutex_};
  return waiting_.size() < most_;
}

void Background::loop(const std::stop_token& stop) {
  name_this_thread(name_);
  for (bool failed = false;;) {
    Work work;
    {
      std::unique_lock guard{mutex_};
      if (!wake_.wait(guard, stop, [this] { return !waiting_.empty(); })) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    try {
      work();
    } catch (const std::exception& error) {
      if (!std::exchange(failed, true)) spdlog::error("thread {}: its work failed: {}", name_, error.what());
    }
  }
}

}  // namespace yagura::app
