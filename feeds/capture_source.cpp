// Captures as ticks: each feed's frames through its vendor's codec, as they were received.
#include <deque>

#include "feeds/capture.hpp"
#include "feeds/source_readers.hpp"
#include "feeds/vendor_tick.hpp"

namespace yagura::feeds {
namespace {

std::shared_ptr<const JsonFormat> format_of(std::string_view feed, const SourceOptions& options) {
  const auto found = options.capture_formats.find(feed);
  return found == options.capture_formats.end() ? nullptr : found->second;
}

// One feed of the capture, through all of its connections.
class CapturedFeed {
 public:
  CapturedFeed(std::string name, const Vendor& vendor, const CaptureHeader& header, const SymbolTable& symbols,
               const SourceOptions& options, SourceId source)
      : name_(std::move(name)),
        vendor_(vendor.name),
        codec_(vendor.make_codec({.credentials = {}, .json = format_of(name_, options)})),
        source_(source) {
    collect_symbols(vendor, header, symbols, options);
    std::vector<std::string> theirs;
    for (const auto& entry : ids_) theirs.push_back(entry.first);
    codec_->on_open(theirs);
  }

  [[nodiscard]] bool is(std::string_view name, std::string_view vendor) const {
    return name == name_ && vendor == vendor_;
  }
  [[nodiscard]] const Decoded& decode(Frame frame) {
    codec_->decode(frame, decoded_);
    return decoded_;
  }
  [[nodiscard]] std::optional<SymbolId> symbol(std::string_view theirs) const {
    const auto known = ids_.find(theirs);
    return known == ids_.end() ? std::nullopt : std::optional{known->second};
  }
  [[nodiscard]] SourceId source() const { return source_; }

  // A new connection counts its sequence numbers anew, so it is another source.
  void reconnected(SourceNames& sources) {
    if (has_ticks_) source_ = sources.fresh();
    has_ticks_ = false;
  }
  void saw_tick() { has_ticks_ = true; }

 private:
  // The settings win over the capture's header, that over the vendor's rule.
  void collect_symbols(const Vendor& vendor, const CaptureHeader& header, const SymbolTable& symbols,
                       const SourceOptions& options) {
    const auto add = [&](std::string_view theirs, std::string_view ours) {
      if (ids_.find(theirs) != ids_.end()) return;
      if (const auto id = symbols.find(ours)) ids_.emplace(theirs, *id);
    };
    if (const auto set = options.capture_symbols.find(name_); set != options.capture_symbols.end()) {
      for (const auto& [theirs, ours] : set->second) add(theirs, ours);
    }
    if (const auto feed = header.feeds.find(name_); feed != header.feeds.end()) {
      for (const auto& [ours, theirs] : feed->second.symbols) add(theirs, ours);
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const auto& ours = symbols.name(SymbolId{static_cast<std::uint16_t>(i)});
      add(vendor.vendor_symbol(ours), ours);
    }
  }

  std::string name_;
  std::string_view vendor_;
  std::unique_ptr<Codec> codec_;
  SourceId source_;
  bool has_ticks_ = false;
  std::map<std::string, SymbolId, std::less<>> ids_;  // by the vendor's spelling
  Decoded decoded_;
};

// What is told at the end besides the bad rows.
struct Remarks {
  std::uint64_t vendor_errors = 0;
  std::uint64_t first_error_line = 0;
  std::string first_error;
  std::uint64_t one_sided = 0;

  [[nodiscard]] std::string text(std::string_view torn) const {
    std::string text{torn};
    const auto next = [&]() -> std::string& { return text.append(text.empty() ? "" : "; "); };
    if (vendor_errors > 0) {
      next() += std::to_string(vendor_errors) + " frames with an error, the first in line " +
                std::to_string(first_error_line) + ": " + first_error;
    }
    if (one_sided > 0) next() += std::to_string(one_sided) + " quotes with one side only";
    return text;
  }
};

class CaptureLoader {
 public:
  CaptureLoader(CaptureReader& reader, const SymbolTable& symbols, SourceNames& sources, const SourceOptions& options,
                LoadedSource& out)
      : reader_(reader), symbols_(symbols), sources_(sources), options_(options), out_(out) {}

  Result<void, SourceError> run() {
    CaptureRecord record;
    for (auto read = reader_.next(record); read != CaptureRead::kEnd; read = reader_.next(record)) {
      if (read == CaptureRead::kBad) {
        ++out_.rows;
        add_bad_row(out_, reader_.line_number(), {reader_.problem().c_str(), {}, {}});
      } else if (record.dir == FrameDir::kIn) {
        ++out_.rows;
        auto* feed = feed_of(record);
        if (feed == nullptr) return unreadable(record);
        take_frame(*feed, record);
      }
    }
    if (reader_.error()) return *reader_.error();
    out_.note = remarks_.text(reader_.note());
    return {};
  }

 private:
  CapturedFeed* feed_of(const CaptureRecord& record) {
    for (auto& feed : feeds_) {
      if (feed.is(record.feed, record.vendor)) return &feed;
    }
    const auto* vendor = find_vendor(record.vendor);
    if (vendor == nullptr || (vendor->wants_format && !format_of(record.feed, options_))) return nullptr;
    return &feeds_.emplace_back(std::string{record.feed}, *vendor, reader_.header(), symbols_, options_,
                                sources_.fresh());
  }

  [[nodiscard]] SourceError unreadable(const CaptureRecord& record) const {
    const auto place = out_.spec.file + ": line " + std::to_string(reader_.line_number());
    if (find_vendor(record.vendor) != nullptr) {
      return {place + ": feed \"" + std::string{record.feed} + "\" is of vendor \"" + std::string{record.vendor} +
                  "\": its frames are read by the settings of a feed of that name, and there are none",
              SourceErrorKind::kUsage};
    }
    std::string known;
    for (const auto& vendor : vendors()) known.append(known.empty() ? "" : ", ").append(vendor.name);
    return {place + ": vendor \"" + std::string{record.vendor} + "\" is unknown (known: " + known + ")",
            SourceErrorKind::kData};
  }

  void take_frame(CapturedFeed& feed, const CaptureRecord& record) {
    const auto& decoded = feed.decode({record.frame.payload, record.frame.binary, record.ts});
    if (decoded.subscribed) feed.reconnected(sources_);
    if (!decoded.error.empty() && ++remarks_.vendor_errors == 1) {
      remarks_.first_error_line = reader_.line_number();
      remarks_.first_error = decoded.error;
    }
    for (const auto& update : decoded.ticks) {
      const auto symbol = feed.symbol(update.symbol);
      if (!symbol) continue;
      auto tick = to_tick(update, *symbol, feed.source(), record.ts);
      if (!tick) {
        ++remarks_.one_sided;
        continue;
      }
      tick->ts_recv = tick->ts_event;
      out_.ticks.push_back(*tick);
      feed.saw_tick();
    }
  }

  CaptureReader& reader_;
  const SymbolTable& symbols_;
  SourceNames& sources_;
  const SourceOptions& options_;
  LoadedSource& out_;
  std::deque<CapturedFeed> feeds_;
  Remarks remarks_;
};

}  // namespace

Result<void, SourceError> read_capture(const SymbolTable& symbols, SourceNames& sources, const SourceOptions& options,
                                       LoadedSource& out) {
  auto reader = CaptureReader::open(out.spec.file, options.on_read);
  if (!reader) return reader.error();
  return CaptureLoader{**reader, symbols, sources, options, out}.run();
}

}  // namespace yagura::feeds
