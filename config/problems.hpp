// Collects everything wrong with a file, so that a reader mends it once and not line by line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/clean_text.hpp"

namespace yagura::config {

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  // "FILE:LINE: KEY: MESSAGE"; line 0 when there is none.
  void add(std::size_t line, std::string_view key, std::string_view message) {
    std::string text = file_;
    if (line != 0) text += ":" + std::to_string(line);
    text += ": ";
    if (!key.empty()) text.append(feeds::clean_text(key)).append(": ");
    lines_.push_back(text.append(feeds::clean_text(message, 400)));
  }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<std::string> lines_;
};

}  // namespace yagura::config
