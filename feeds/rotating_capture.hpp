// A capture in as many files as its size and its days ask for. Each begins with the header, so each
// can be replayed alone; one after the other they are the whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "feeds/capture.hpp"

namespace yagura::feeds {

struct CaptureRotation {
  std::uint64_t max_bytes = 0;  // a file ends before it is larger, or about there if it is gzip; 0: no limit
  bool daily = false;           // a file ends with its UTC day
  [[nodiscard]] bool any() const { return max_bytes != 0 || daily; }
};

// The name of the file that begins at `begin`: "live.ycap.gz" -> "live-20260209T000000Z.ycap.gz", and
// "live-20260209T000000Z_002.ycap.gz" for the second of one second. By name they are in order.
[[nodiscard]] std::string rotated_name(const std::string& file, Timestamp begin, int number = 1);

// One thread. Failures as those of CaptureWriter; one while changing files leaves the old one in use.
class RotatingCapture {
 public:
  struct Options {
    std::string file;  // as named without rotation
    CaptureHeader header;
    CaptureRotation rotation;
    std::function<void(const std::string& file)> on_finished{};  // it is closed and on the disk
  };
  // With rotation the first file is named for the header's time.
  [[nodiscard]] static Result<std::unique_ptr<RotatingCapture>> create(Options options);

  bool write(const CaptureRecord& record);
  bool flush() { return writer_->flush(); }
  bool retry() { return writer_->retry(); }
  bool finish() { return writer_->finish(); }
  [[nodiscard]] const std::string& error() const { return writer_->error(); }
  [[nodiscard]] const std::string& file() const { return name_; }  // the one in use
  [[nodiscard]] std::uint64_t files() const { return files_; }
  // Why a new file could not be begun and the old one goes on; empty while all is well.
  [[nodiscard]] const std::string& rotation_error() const { return rotation_error_; }

 private:
  explicit RotatingCapture(Options options) : options_(std::move(options)) {}
  [[nodiscard]] Result<void> begin(Timestamp at);
  [[nodiscard]] bool is_due(const CaptureRecord& record) const;
  void rotate(Timestamp at);

  Options options_;
  std::unique_ptr<CaptureWriter> writer_;
  std::string name_;
  Date day_{};  // of the file's beginning
  std::uint64_t files_ = 0;
  std::string rotation_error_;
  MonoTime try_again_ = MonoTime::min();
};

}  // namespace yagura::feeds
