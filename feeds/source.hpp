// Recorded ticks as input: tick CSV, bar CSV and captures, merged by event time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/symbol.hpp"
#include "core/tick.hpp"
#include "feeds/read_progress.hpp"
#include "feeds/source_error.hpp"

namespace yagura::feeds {

struct JsonFormat;

// A SOURCE argument: `SYMBOL=FILE`, or a capture (`*.ycap`, `*.ycap.gz`) whose symbol is empty.
struct SourceSpec {
  std::string symbol;
  std::string file;
  [[nodiscard]] bool is_capture() const { return symbol.empty(); }
};
[[nodiscard]] Result<SourceSpec, SourceError> parse_source(std::string_view argument);

// Who said a tick, across all the files of a run: the same name in a source column is the same
// source wherever it stands; a file without the column is a source of its own.
class SourceNames {
 public:
  [[nodiscard]] SourceId fresh() { return SourceId{next_++}; }
  [[nodiscard]] SourceId named(std::string_view name) {
    const auto known = ids_.find(name);
    return known != ids_.end() ? known->second : ids_.emplace(name, fresh()).first->second;
  }

 private:
  std::uint16_t next_ = 1;
  std::map<std::string, SourceId, std::less<>> ids_;
};

struct BadRow {
  std::uint64_t line;  // 1-based, the header is line 1
  std::string reason;
};

// One file, read whole. The order of rows is that of the file.
struct LoadedSource {
  SourceSpec spec;
  // ts_recv = ts_event. `source`: the file, or one for each value of its source column, or one for
  // each connection of a capture.
  std::vector<Tick> ticks;
  std::uint64_t rows = 0;  // data rows for this symbol, good and bad; of a capture its frames
  std::uint64_t bad = 0;
  std::vector<BadRow> first_bad;  // the first ten
  std::string note;               // worth telling though not an error: a torn last line; or empty
};

struct SourceOptions {
  bool lenient = false;  // more than 1 % bad rows is no error
  // Captures: vendor symbol to ours, by feed name. What is not listed is mapped by the vendor's own
  // rule; what then is no known instrument is skipped.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> capture_symbols;
  OnRead on_read{};  // may be empty
  // Captures of feeds whose vendor wants a format: how their frames are read, by feed name.
  std::map<std::string, std::shared_ptr<const JsonFormat>, std::less<>> capture_formats{};
};

// Reads a file. `symbols` holds the instruments that are watched: a CSV's symbol must be one of
// them. `sources` serves all the files of a run. Errors name the file, line and value.
[[nodiscard]] Result<LoadedSource, SourceError> load_source(const SourceSpec& spec, const SymbolTable& symbols,
                                                            SourceNames& sources, const SourceOptions& options);

// Again and again the smallest time among the next unread ticks of all files; ties in argument
// order (SEMANTICS 2). Files are never sorted.
class MergedTicks {
 public:
  explicit MergedTicks(std::vector<LoadedSource> sources);
  // Null at the end. Valid while this object lives.
  [[nodiscard]] const Tick* next();
  // Up to `most` of the next ticks, as far as they stand together in one file; none at the end.
  [[nodiscard]] std::span<const Tick> next_run(std::size_t most);
  void rewind() { positions_.assign(sources_.size(), 0); }
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  // The source whose next tick is first; sources_.size() at the end.
  [[nodiscard]] std::size_t first_source() const;
  [[nodiscard]] bool at_end(std::size_t source) const { return positions_[source] == sources_[source].ticks.size(); }
  [[nodiscard]] const Tick& peek(std::size_t source) const { return sources_[source].ticks[positions_[source]]; }

  std::vector<LoadedSource> sources_;
  std::vector<std::size_t> positions_;
  std::size_t total_ = 0;
};

}  // namespace yagura::feeds
