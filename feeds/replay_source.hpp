// What a replay server has to send: ticks of any origin, or the frames of a capture as they were.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/symbol.hpp"
#include "feeds/codec.hpp"
#include "feeds/source.hpp"

namespace yagura::feeds {

// One thread.
class ReplayTickSource {
 public:
  virtual ~ReplayTickSource() = default;
  // False at the end. The symbol lives until the next call.
  virtual bool next(ReplayTick& tick) = 0;
  // Starts over; false when that cannot be done.
  virtual bool rewind() { return false; }
  // What occurs in it, in our spelling: what clients may subscribe to. Empty: any name is taken.
  [[nodiscard]] virtual std::vector<std::string> symbols() const = 0;
};

struct ReplayFrame {
  Timestamp ts;
  Frame frame;
};

// One thread.
class ReplayFrameSource {
 public:
  virtual ~ReplayFrameSource() = default;
  // False at the end. The payload lives until the next call.
  virtual bool next(ReplayFrame& frame) = 0;
  virtual bool rewind() { return false; }
  [[nodiscard]] virtual std::vector<std::string> symbols() const = 0;
  // Damaged lines left out so far, and what stopped the reading early; empty while all is well.
  [[nodiscard]] virtual std::string problem() const { return {}; }
};

// The ticks of files, merged by event time as MergedTicks does. `symbols` outlives it.
[[nodiscard]] std::unique_ptr<ReplayTickSource> make_replay_source(std::vector<LoadedSource> sources,
                                                                   const SymbolTable& symbols);

// What came in from the feeds of `vendor` in captures, one after the other in the order given, as a
// rotated recording is; null when one of them neither names that vendor nor holds a frame of it. The
// files are read as the replay goes on.
[[nodiscard]] Result<std::unique_ptr<ReplayFrameSource>, SourceError> open_replay_frames(
    const std::vector<std::string>& files, std::string_view vendor);

}  // namespace yagura::feeds
