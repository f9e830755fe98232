// A thread that reads the journal for those who must not wait for a disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "alerts/alert_query.hpp"
#include "core/result.hpp"

namespace yagura::app {

class JournalReading {
 public:
  // Called on its thread, with an error when the journal cannot be opened now.
  using Work = std::function<void(Result<alerts::AlertQuery*> query)>;
  static constexpr std::size_t kMost = 64;  // waiting

  explicit JournalReading(std::filesystem::path file) : file_(std::move(file)) {}

  // Any thread. false: too many wait already.
  bool ask(Work work);

 private:
  void run(const std::stop_token& stop);

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Work> waiting_;                                                 // guarded by mutex_
  std::jthread worker_{[this](const std::stop_token& stop) { run(stop); }};  // last: stops before what it uses is gone
};

}  // namespace yagura::app
