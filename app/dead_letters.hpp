// What no attempt could deliver, kept in a file for a person.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::app {

// JSONL, appended: {"at_ns":…,"sink":"…","why":"…","tries":10,"alert":{…}}; "text" in place of "alert"
// when it was no JSON. Any thread; several processes may write one file.
class DeadLetters {
 public:
  explicit DeadLetters(std::filesystem::path file) : file_(std::move(file)) {}

  struct Entry {
    Timestamp at;
    std::string_view sink;
    std::string_view why;
    std::uint64_t tries = 0;
    std::string_view payload;
    bool is_json = false;  // the payload was read as an alert
  };
  // On the disk when it returns without an error.
  [[nodiscard]] Result<void> add(const Entry& entry);
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;  // since the start
};

}  // namespace yagura::app
