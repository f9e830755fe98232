// A text file that grows, gzip when its name ends in .gz. The bytes depend on the text alone: no
// date goes into the gzip header.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::feeds {

// One thread. After the first failure everything returns false and error() says why.
class TextFile {
 public:
  // Replaces the file.
  [[nodiscard]] static Result<std::unique_ptr<TextFile>> create(const std::string& file);
  ~TextFile();  // closes, and loses an error then
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  bool write(std::string_view text);
  bool flush();  // hands everything to the operating system: it survives the end of this process
  bool close();
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  struct Handle;
  TextFile(std::string file, int fd);
  bool fail();

  std::string file_;
  std::unique_ptr<Handle> handle_;
  std::string error_;
};

}  // namespace yagura::feeds
