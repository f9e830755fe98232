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
  CaptureFrames(std::string file, std::string vendor, std::unique_ptr<CaptureReader> reader)
      : file_(std::move(file)), vendor_(std::move(vendor)), reader_(std::move(reader)) {}

  bool next(ReplayFrame& frame) override {
    CaptureRecord record;
    for (;;) {
      switch (reader_->next(record)) {
        case CaptureRead::kEnd: return ended();
        case CaptureRead::kBad: ++damaged_; break;
        case CaptureRead::kRecord:
          if (record.dir != FrameDir::kIn || record.vendor != vendor_) break;
          frame = {record.ts, record.frame};
          return true;
      }
    }
  }
  bool rewind() override {
    auto again = CaptureReader::open(file_);
    if (!again) return false;
    reader_ = std::move(*again);
    damaged_ = 0;
    return true;
  }
  [[nodiscard]] std::vector<std::string> symbols() const override {
    std::vector<std::string> names;
    for (const auto& [name, feed] : reader_->header().feeds) {
      if (feed.vendor != vendor_) continue;
      for (const auto& [ours, theirs] : feed.symbols) names.push_back(ours);
    }
    return names;
  }
  [[nodiscard]] std::string problem() const override {
    if (!problem_.empty() || damaged_ == 0) return problem_;
    return file_ + ": " + std::to_string(damaged_) + " damaged lines left out";
  }

 private:
  bool ended() {
    if (reader_->error()) problem_ = reader_->error()->message;
    return false;
  }

  std::string file_;
  std::string vendor_;
  std::unique_ptr<CaptureReader> reader_;
  std::uint64_t damaged_ = 0;
  std::string problem_;
};

}  // namespace

std::unique_ptr<ReplayTickSource> make_replay_source(std::vector<LoadedSource> sources, const SymbolTable& symbols) {
  return std::make_unique<MergedReplay>(std::move(sources), symbols);
}

Result<std::unique_ptr<ReplayFrameSource>, SourceError> open_replay_frames(const std::string& file,
                                                                           std::string_view vendor) {
  auto reader = CaptureReader::open(file);
  if (!reader) return reader.error();
  auto frames = std::make_unique<CaptureFrames>(file, std::string{vendor}, std::move(*reader));
  // Found out by reading: the first line need not list the feeds.
  ReplayFrame first;
  if (!frames->next(first) || !frames->rewind()) return std::unique_ptr<ReplayFrameSource>{};
  return std::unique_ptr<ReplayFrameSource>{std::move(frames)};
}

}  // namespace yagura::feeds
