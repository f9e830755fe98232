#include "app/background.hpp"

#include <utility>

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

void Background::loop(const std::stop_token& stop) {
  name_this_thread(name_);
  for (;;) {
    Work work;
    {
      std::unique_lock guard{mutex_};
      if (!wake_.wait(guard, stop, [this] { return !waiting_.empty(); })) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace yagura::app
