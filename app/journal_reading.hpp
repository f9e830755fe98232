// A thread that reads the journal for those who must not wait for a disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

#include "alerts/alert_query.hpp"
#include "app/background.hpp"
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
  const std::filesystem::path file_;
  Background thread_{"reading", kMost};  // last: stops before what it uses is gone
};

}  // namespace yagura::app
