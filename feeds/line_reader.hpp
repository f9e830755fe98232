// Lines of a text file, plain or gzip by its first bytes, never by its name. Made for files of many
// million lines: one buffer, no copy of a line, no allocation after opening.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "feeds/read_progress.hpp"
#include "feeds/source_error.hpp"

namespace yagura::feeds {

// One thread. Move-only through its pointer.
class LineReader {
 public:
  static constexpr std::size_t kMaxLine = 1024 * 1024;

  // Fails for a file that is missing, unreadable or a directory.
  [[nodiscard]] static Result<std::unique_ptr<LineReader>, SourceError> open(const std::string& file,
                                                                             OnRead on_read = {});
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its end (LF or CR LF) and without a byte order mark; false at the end of
  // the file or at an error. The view lives until the next call.
  [[nodiscard]] bool next(std::string_view& line);

  [[nodiscard]] std::uint64_t line_number() const { return line_; }  // of the last line, from 1
  [[nodiscard]] bool terminated() const { return terminated_; }      // the last line had its line end

  // Of the file, 0 to 1; 0 when its size is not known.
  [[nodiscard]] double share_read() const {
    return size_ == 0 ? 0 : static_cast<double>(bytes_) / static_cast<double>(size_);
  }

  // After next() said false: why, unless it was simply the end.
  [[nodiscard]] const std::optional<SourceError>& error() const { return error_; }
  // The error is that gzip data ends early: every line up to then was sound.
  [[nodiscard]] bool cut_short() const { return cut_short_; }

 private:
  struct Inflater;
  LineReader(std::string file, int fd, OnRead on_read);

  bool take_line(std::string_view& line, std::size_t from);
  bool fill();
  std::size_t read_plain(char* into, std::size_t room);
  std::size_t read_gzip(char* into, std::size_t room);
  void detect_gzip();
  void fail(std::string what);

  std::string file_;
  int fd_;
  OnRead on_read_;  // may be empty
  std::uint64_t bytes_ = 0;
  std::uint64_t size_ = 0;
  std::unique_ptr<char[]> buffer_;  // a line and a chunk
  std::size_t begin_ = 0;           // first byte not yet handed out
  std::size_t end_ = 0;             // one past the last byte read
  bool at_end_ = false;             // the file has no more bytes
  std::unique_ptr<Inflater> gzip_;
  std::uint64_t line_ = 0;
  bool terminated_ = true;
  bool cut_short_ = false;
  std::optional<SourceError> error_;
};

}  // namespace yagura::feeds
