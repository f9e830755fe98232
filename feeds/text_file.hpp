// A text file that grows, gzip when its name ends in .gz. The bytes depend on the text alone: no
// date goes into the gzip header.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::feeds {

// One thread. Text waits in memory, up to 256 KiB, before it goes out. After a failure everything
// returns false and error() says why, until a retry().
class TextFile {
 public:
  // Replaces the file.
  [[nodiscard]] static Result<std::unique_ptr<TextFile>> create(const std::string& file);
  [[nodiscard]] static Result<std::unique_ptr<TextFile>> create(const std::string& file, bool gzip);
  ~TextFile();  // closes, and loses an error then
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  // False when the text was not taken. What was taken waits for retry() if it could not be written,
  // which error() tells.
  bool write(std::string_view text);
  bool flush();  // hands everything to the operating system: it survives the end of this process
  bool close();
  bool finish();  // close, and everything is on the disk: it survives a power cut
  // Goes on at the byte where the writing failed; true when all that was taken is written.
  bool retry();

  [[nodiscard]] const std::string& error() const { return error_; }
  // Of the file when everything taken so far is in it; a part of compressed text may not count yet.
  [[nodiscard]] std::uint64_t size() const { return written_ + waiting_.size(); }

 private:
  struct Gzip;
  TextFile(std::string file, int fd, bool gzip);
  bool end(bool durable);
  void compress(std::string_view text, int flush);
  bool drain();
  bool fail();

  std::string file_;
  int fd_;
  std::unique_ptr<Gzip> gzip_;  // null for plain text
  std::string waiting_;         // as it will stand in the file
  std::uint64_t written_ = 0;
  std::string error_;
};

}  // namespace yagura::feeds
