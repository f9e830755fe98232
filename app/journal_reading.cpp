#include "app/journal_reading.hpp"

#include <optional>

namespace yagura::app {

bool JournalReading::ask(Work work) {
  {
    const std::scoped_lock guard{mutex_};
    if (waiting_.size() >= kMost) return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

// The connection is closed between questions: it holds no part of the journal back.
void JournalReading::run(const std::stop_token& stop) {
  for (;;) {
    Work work;
    {
      std::unique_lock guard{mutex_};
      if (!wake_.wait(guard, stop, [this] { return !waiting_.empty(); })) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    auto query = alerts::AlertQuery::open(file_);
    if (query)
      work(&*query);
    else
      work(Error{query.error().message});
  }
}

}  // namespace yagura::app
