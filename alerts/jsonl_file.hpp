// Appends one line per alert to a file or descriptor, on a thread of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "alerts/mailbox.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

class JsonlFile {
 public:
  struct Options {
    std::size_t capacity = 10'000;  // lines on the way; beyond it they are counted and dropped
    Duration retry_after = std::chrono::seconds{1};
    // Called from the writing thread, once until writing works again, with a line that names the file.
    std::function<void(const std::string& message)> on_error;
  };

  // Appends to `file`, made with mode 0600 when missing. A torn last line, left by a crash, is
  // closed with a line end first.
  static Result<std::unique_ptr<JsonlFile>> open(const std::filesystem::path& file, Options options);
  // Writes to a descriptor that stays open and stays the caller's, such as standard output.
  static std::unique_ptr<JsonlFile> on_descriptor(int fd, std::string name, Options options);
  ~JsonlFile();  // writes what is queued, tries once if the disk refuses

  // `line` without its line end. One thread at a time; never waits. false: full, dropped, counted. It is
  // written after the next wake() of that thread, or flush().
  bool append(std::string line);
  void wake() noexcept { mailbox_.wake(); }

  // Waits until all lines before are written; false if that failed or took too long. Any thread.
  bool flush(Duration timeout = std::chrono::seconds{10});
  [[nodiscard]] std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  JsonlFile(int fd, bool owned, std::string name, Options options);
  void run(const std::stop_token& stop);
  bool write_pending();

  const int fd_;
  const bool owned_;
  const std::string name_;
  const Options options_;
  Mailbox<std::string> mailbox_;
  std::atomic<std::size_t> queued_{0};
  std::atomic<std::uint64_t> dropped_{0};

  std::mutex mutex_;
  std::condition_variable flushed_;
  std::uint64_t flush_wanted_ = 0;  // guarded by mutex_, as the next two
  std::uint64_t flush_done_ = 0;
  bool ok_ = true;

  // Writing thread.
  std::string pending_;  // whole lines, but for the part of the first that is out already
  std::size_t pending_lines_ = 0;
  bool reported_ = false;

  std::jthread worker_;  // last: stops before what it uses is gone
};

}  // namespace yagura::alerts
