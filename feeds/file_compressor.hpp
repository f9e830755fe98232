// Compresses files that are finished, one after the other, on a thread that gives way to all others.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "core/result.hpp"

namespace yagura::feeds {

// FILE becomes FILE.gz: written beside it as FILE.gz.part, made durable, renamed, and only then is
// FILE removed. Any thread.
class FileCompressor {
 public:
  struct Stats {
    std::uint64_t compressed = 0;
    std::uint64_t failed = 0;  // these stay as they are
    std::string error;         // the latest
  };

  FileCompressor();
  // Gives up what is not done: those files stay as they are.
  ~FileCompressor();
  FileCompressor(const FileCompressor&) = delete;
  FileCompressor& operator=(const FileCompressor&) = delete;

  void add(std::string file);
  [[nodiscard]] Stats stats() const;

 private:
  void run();
  [[nodiscard]] Result<bool> compress(const std::string& file);  // false: given up
  [[nodiscard]] bool stopping() const;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> files_;
  bool stopping_ = false;
  Stats stats_;
  std::thread thread_;  // last: it uses what stands above
};

}  // namespace yagura::feeds
