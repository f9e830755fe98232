// Captures: the frames of feeds as they were on the wire, one JSON object a line, plain or
// gzip. The first line says what they are: {"ycap":1,"created_ns":…,"feeds":{"gmo":
// {"vendor":"gmo","symbols":{"USDJPY":"USD_JPY"}}}}.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "feeds/codec.hpp"
#include "feeds/read_progress.hpp"
#include "feeds/source_error.hpp"
#include "feeds/tick_sink.hpp"  // FrameDir

namespace yagura::feeds {

class TextFile;

struct CaptureFeed {
  std::string vendor;
  std::map<std::string, std::string, std::less<>> symbols;  // ours to the vendor's
};

struct CaptureHeader {
  Timestamp created{};
  std::map<std::string, CaptureFeed, std::less<>> feeds;  // by name
};

// One frame. Read from a capture, its views live until the next one is read.
struct CaptureRecord {
  Timestamp ts;  // our clock when the frame was complete
  std::string_view feed;
  std::string_view vendor;
  FrameDir dir = FrameDir::kIn;
  Frame frame;
  // The steady clock of the recording machine at the same moment, counted from its start: good for
  // the time between two frames, whatever the wall clock did. Absent in captures made by hand.
  std::optional<MonoTime> mono{};
};

// One thread. Frames are written as they are: what is secret in them is the caller's business.
class CaptureWriter {
 public:
  // Replaces the file; gzip when the name ends in .gz.
  [[nodiscard]] static Result<std::unique_ptr<CaptureWriter>> create(const std::string& file,
                                                                     const CaptureHeader& header);
  ~CaptureWriter();  // closes, and loses an error then
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  // As the calls of TextFile: false when the record was not taken, because something before it could
  // not be written; the disk is full, say. retry() goes on where the writing stopped.
  bool write(const CaptureRecord& record);
  bool flush();
  bool close();
  bool finish();
  bool retry();
  [[nodiscard]] const std::string& error() const;  // empty while all is well
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::uint64_t records() const { return records_; }

 private:
  explicit CaptureWriter(std::unique_ptr<TextFile> file);

  std::unique_ptr<TextFile> file_;
  std::string line_;
  std::uint64_t records_ = 0;
};

enum class CaptureRead : std::uint8_t {
  kRecord,
  kBad,  // a damaged line: problem() says how; go on
  kEnd   // the end, or error()
};

// One thread.
class CaptureReader {
 public:
  // Fails for a file that cannot be opened or does not begin as a capture.
  [[nodiscard]] static Result<std::unique_ptr<CaptureReader>, SourceError> open(const std::string& file,
                                                                                OnRead on_read = {});
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  [[nodiscard]] const CaptureHeader& header() const;
  [[nodiscard]] CaptureRead next(CaptureRecord& record);
  [[nodiscard]] std::uint64_t line_number() const;  // of the last record or damaged line, from 1
  [[nodiscard]] const std::string& problem() const;
  // After kEnd. A torn last line, as a killed recorder leaves it, is dropped and told in the note.
  [[nodiscard]] const std::string& note() const;
  [[nodiscard]] const std::optional<SourceError>& error() const;

 private:
  struct State;
  explicit CaptureReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace yagura::feeds
