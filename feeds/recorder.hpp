// Frames as they pass, into capture files: a tap that copies bytes and leaves the rest to a thread
// of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "feeds/capture.hpp"
#include "feeds/rotating_capture.hpp"
#include "feeds/tick_sink.hpp"

namespace yagura::feeds {

// While the disk is slow or full, frames wait in memory; when it has room again the writing goes on at
// the byte where it stopped. Only what does not fit into that memory is lost, and counted.
class Recorder final : public FrameTap {
 public:
  struct Options {
    std::string file;
    CaptureHeader header;        // every feed that will be tapped
    CaptureRotation rotation{};  // finished files are compressed in the background unless they are
    // Written as REDACTED wherever a frame holds one, coming in as well: some vendors echo a key.
    std::vector<std::string> secrets;
    // What may wait for the disk.
    std::size_t max_frames = 65'536;
    std::size_t max_bytes = std::size_t{64} << 20;
  };
  struct Stats {
    std::uint64_t recorded = 0;  // written, or taken by a writer that has not failed for good
    std::uint64_t lost = 0;      // no room to wait, or a feed that the header does not name
    std::uint64_t waiting = 0;   // frames, now
    std::uint64_t most_waiting = 0;
    std::uint64_t failures = 0;    // how often the disk refused something new
    std::uint64_t files = 0;       // begun
    std::uint64_t compressed = 0;  // of the finished
    std::string file;              // in use
    std::string error;             // what keeps us from writing right now; empty while all is well
    std::string warning;           // what is done worse than asked: a file that stays longer, or uncompressed
  };

  // Replaces the file and starts the threads.
  [[nodiscard]] static Result<std::unique_ptr<Recorder>> start(Options options);
  ~Recorder();  // as stop()
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread; never waits, and allocates only for frames longer than all before.
  void on_frame(std::string_view feed, FrameDir dir, Frame frame, Timestamp at, MonoTime mono) noexcept override;

  // Writes what waits, closes the file and gives up on compressing. Sessions must be gone or stopped.
  // What cannot be written now is lost, and the error says why.
  Result<void> stop();
  [[nodiscard]] Stats stats() const;  // any thread

 private:
  class Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::feeds
