// Where a feed's ticks and frames go.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "core/tick.hpp"
#include "feeds/codec.hpp"

namespace yagura::feeds {

// The way out of a feed; called on the feed's I/O thread, on the hot path. `enqueue_delay_64ns` of
// the tick is the sink's to fill.
class TickSink {
 public:
  virtual void on_tick(const Tick& tick) noexcept = 0;
  virtual void on_batch_end() noexcept = 0;  // after the frames of each read, ticks or not

 protected:
  ~TickSink() = default;
};

enum class FrameDir : std::uint8_t { kIn, kOut };

// Sees every frame as it is on the wire, on the feed's I/O thread; must not block. The views are
// valid during the call. `at` and `mono` are one moment on two clocks: the frame was complete, or
// was sent. Frames going out may hold secrets.
class FrameTap {
 public:
  virtual void on_frame(std::string_view feed, FrameDir dir, Frame frame, Timestamp at, MonoTime mono) noexcept = 0;

 protected:
  ~FrameTap() = default;
};

// Hands out source ids, one for each connection of any feed. Any thread.
class SourceIds {
 public:
  [[nodiscard]] SourceId next() noexcept { return SourceId{next_.fetch_add(1, std::memory_order_relaxed)}; }

 private:
  std::atomic<std::uint16_t> next_{1};  // 0 is left to ticks without a connection
};

}  // namespace yagura::feeds
