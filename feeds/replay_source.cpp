#include "feeds/replay_source.hpp"

#include <algorithm>
#include <utility>

#include "feeds/capture.hpp"

namespace yagura::feeds {
namespace {

class MergedReplay final : public ReplayTickSource {
 public:
  MergedReplay(std::vector<LoadedSource> sources, const SymbolTable& symbols)
      : names_(symbols), sources_(std::move(sources)), positions_(sources_.size(), 0) {
    std::vector<char> seen(symbols.size(), 0);
    for (const auto& source : sources_) {
      for (const auto& tick : source.ticks) seen[index_of(tick.symbol)] = 1;
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i] != 0) symbols_.push_back(names_.name(SymbolId{static_cast<std::uint16_t>(i)}));
    }
  }

  bool next(ReplayTick& tick) override {
    const Tick* const from = take();
    if (from == nullptr) return false;
    tick = {};
    tick.symbol = names_.name(from->symbol);
    tick.ts = from->ts_event;
    if (has(from->flags, TickFlag::kHasBid)) tick.bid = from->bid;
    if (has(from->flags, TickFlag::kHasAsk)) tick.ask = from->ask;
    // A price that is only the mid of its sides stays unsaid, as it was in the file.
    if (!from->two_sided() || from->price != mid(from->bid, from->ask)) tick.price = from->price;
    if (has(from->flags, TickFlag::kHasSeq)) tick.seq = from->seq;
    return true;
  }
  bool rewind() override {
    std::fill(positions_.begin(), positions_.end(), 0);
    return true;
  }
  [[nodiscard]] std::vector<std::string> symbols() const override { return symbols_; }

 private:
  // The smallest time among the next unread ticks, the first source of several.
  const Tick* take() {
    std::size_t best = sources_.size();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (positions_[i] == sources_[i].ticks.size()) continue;
      if (best == sources_.size() || at(i).ts_event < at(best).ts_event) best = i;
    }
    if (best == sources_.size()) return nullptr;
    return &sources_[best].ticks[positions_[best]++];
  }
  [[nodiscard]] const Tick& at(std::size_t source) const { return sources_[source].ticks[positions_[source]]; }

  const SymbolTable& names_;
  std::vector<LoadedSource> sources_;
  std::vector<std::size_t> positions_;  // next unread tick of each
  std::vector<std::string> symbols_;
};

class CaptureFrames final : public ReplayFrameSource {
 public:
  CaptureFrames(std::vector<std::string> files, std::string vendor, std::vector<std::string> symbols)
      : files_(std::move(files)), vendor_(std::move(vendor)), symbols_(std::move(symbols)) {}

  bool next(ReplayFrame& frame) override {
    CaptureRecord record;
    while (reader_ || open_next()) {
      switch (reader_->next(record)) {
        case CaptureRead::kEnd: close(); break;
        case CaptureRead::kBad: ++damaged_; break;
        case CaptureRead::kRecord:
          if (record.dir != FrameDir::kIn || record.vendor != vendor_) break;
          frame = {record.ts, record.frame};
          return true;
      }
    }
    return false;
  }
  bool rewind() override {
    reader_.reset();
    position_ = 0;
    damaged_ = 0;
    torn_.clear();
    return open_next();
  }
  [[nodiscard]] std::vector<std::string> symbols() const override { return symbols_; }
  [[nodiscard]] std::string problem() const override {
    if (!problem_.empty()) return problem_;
    if (damaged_ == 0) return torn_;
    return files_.front() + ": " + std::to_string(damaged_) + " damaged lines left out" +
           (torn_.empty() ? "" : "; " + torn_);
  }

 private:
  bool open_next() {
    if (position_ == files_.size() || !problem_.empty()) return false;
    auto opened = CaptureReader::open(files_[position_++]);
    if (!opened) {
      problem_ = opened.error().message;
      return false;
    }
    reader_ = std::move(*opened);
    return true;
  }
  void close() {
    if (reader_->error()) problem_ = reader_->error()->message;
    if (!reader_->note().empty()) torn_ = files_[position_ - 1] + ": " + reader_->note();
    reader_.reset();
  }

  std::vector<std::string> files_;
  std::string vendor_;
  std::vector<std::string> symbols_;  // that any of the files names
  std::unique_ptr<CaptureReader> reader_;
  std::size_t position_ = 0;  // of the file after the one being read
  std::uint64_t damaged_ = 0;
  std::string problem_;
  std::string torn_;  // what a recorder that was killed left behind
};

// Whether a capture has to do with a vendor; its symbols go into `symbols`.
bool concerns(CaptureReader& reader, std::string_view vendor, std::vector<std::string>& symbols) {
  bool named = false;
  for (const auto& [name, feed] : reader.header().feeds) {
    if (feed.vendor != vendor) continue;
    named = true;
    for (const auto& [ours, theirs] : feed.symbols) {
      if (std::find(symbols.begin(), symbols.end(), ours) == symbols.end()) symbols.push_back(ours);
    }
  }
  // The first line need not list the feeds.
  CaptureRecord record;
  for (auto read = CaptureRead::kBad; !named && read != CaptureRead::kEnd;) {
    read = reader.next(record);
    named = read == CaptureRead::kRecord && record.dir == FrameDir::kIn && record.vendor == vendor;
  }
  return named;
}

}  // namespace

std::unique_ptr<ReplayTickSource> make_replay_source(std::vector<LoadedSource> sources, const SymbolTable& symbols) {
  return std::make_unique<MergedReplay>(std::move(sources), symbols);
}

Result<std::unique_ptr<ReplayFrameSource>, SourceError> open_replay_frames(const std::vector<std::string>& files,
                                                                           std::string_view vendor) {
  std::vector<std::string> symbols;
  for (const auto& file : files) {
    auto reader = CaptureReader::open(file);
    if (!reader) return reader.error();
    if (!concerns(**reader, vendor, symbols)) return std::unique_ptr<ReplayFrameSource>{};
  }
  auto frames = std::make_unique<CaptureFrames>(files, std::string{vendor}, std::move(symbols));
  ReplayFrame first;
  if (!frames->next(first) || !frames->rewind()) return std::unique_ptr<ReplayFrameSource>{};
  return std::unique_ptr<ReplayFrameSource>{std::move(frames)};
}

}  // namespace yagura::feeds
