// Frames as they pass, into a capture file: a tap that copies bytes and leaves the rest to a thread
// of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "feeds/capture.hpp"
#include "feeds/tick_sink.hpp"

namespace yagura::feeds {

class Recorder final : public FrameTap {
 public:
  struct Options {
    std::string file;
    CaptureHeader header;  // every feed that will be tapped
    // Written as REDACTED wherever a frame holds one, coming in as well: some vendors echo a key.
    std::vector<std::string> secrets;
    // What may wait for the disk; beyond either, frames are lost and counted.
    std::size_t max_frames = 16'384;
    std::size_t max_bytes = std::size_t{64} << 20;
  };
  struct Stats {
    std::uint64_t recorded = 0;
    std::uint64_t lost = 0;  // queue full, unknown feed, or after `error`
    std::string error;       // what ended the writing; empty while all is well
  };

  // Replaces the file and starts the thread.
  [[nodiscard]] static Result<std::unique_ptr<Recorder>> start(Options options);
  ~Recorder();  // as stop()
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread; never waits, and allocates only for frames longer than all before.
  void on_frame(std::string_view feed, FrameDir dir, Frame frame, Timestamp at) noexcept override;

  // Writes what waits, closes the file. Sessions must be gone or stopped.
  Result<void> stop();
  [[nodiscard]] Stats stats() const;  // any thread

 private:
  class Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::feeds
