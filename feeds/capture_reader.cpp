#include <simdjson.h>

#include "feeds/base64.hpp"
#include "feeds/capture.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/line_reader.hpp"

namespace yagura::feeds {
namespace {

namespace dom = simdjson::dom;
constexpr std::string_view kBinary = "b64:";
constexpr std::int64_t kVersion = 1;

bool read_feed(dom::element json, CaptureFeed& feed) {
  std::string_view vendor;
  if (json["vendor"].get(vendor) != simdjson::SUCCESS) return false;
  feed.vendor = vendor;
  dom::object symbols;
  if (json["symbols"].get(symbols) != simdjson::SUCCESS) return true;  // optional
  for (const auto member : symbols) {
    std::string_view theirs;
    if (member.value.get(theirs) != simdjson::SUCCESS) return false;
    feed.symbols.emplace(member.key, theirs);
  }
  return true;
}

// Empty when `line` is the header of a capture, else what is wrong with it.
std::string read_header(std::string_view line, CaptureHeader& header) {
  constexpr auto kShould = "is no capture: line 1 should be {\"ycap\":1,\"created_ns\":...,\"feeds\":{...}}";
  dom::parser parser;
  dom::element json;
  std::int64_t version = 0;
  if (line.empty() || parser.parse(line.data(), line.size()).get(json) != simdjson::SUCCESS ||
      json["ycap"].get(version) != simdjson::SUCCESS || version < 1) {
    return kShould;
  }
  if (version > kVersion) return "is a capture of version " + std::to_string(version) + ", newer than this program (1)";
  std::int64_t created = 0;
  if (json["created_ns"].get(created) == simdjson::SUCCESS) header.created = timestamp_from_ns(created);
  dom::object feeds;
  if (json["feeds"].get(feeds) != simdjson::SUCCESS) return {};  // a capture made by hand
  for (const auto member : feeds) {
    if (!read_feed(member.value, header.feeds[std::string{member.key}])) return kShould;
  }
  return {};
}

}  // namespace

struct CaptureReader::State {
  std::string file;
  std::unique_ptr<LineReader> lines;
  CaptureHeader header;
  JsonFrame json;
  std::string bytes;  // of a frame in base64
  std::string problem;
  std::string note;
  std::optional<SourceError> error;

  // Null when fine.
  const char* parse(std::string_view line, CaptureRecord& record);
  CaptureRead end();
};

const char* CaptureReader::State::parse(std::string_view line, CaptureRecord& record) {
  JsonScalar ts, mono, feed, vendor, dir, frame, text;
  const JsonField fields[] = {{"ts_ns", &ts}, {"mono_ns", &mono}, {"feed", &feed}, {"vendor", &vendor},
                              {"dir", &dir},  {"frame", &frame},  {"text", &text}};
  if (const char* wrong = json.read(line, fields)) return wrong;
  const auto ns = read_integer(ts);
  if (!ns) return "\"ts_ns\" is missing or no integer";
  if (feed.kind != JsonKind::kString) return "\"feed\" is missing";
  if (frame.kind != JsonKind::kString) return "\"frame\" is missing or no string";
  if (dir.text != "in" && dir.text != "out") return "\"dir\" is neither \"in\" nor \"out\"";
  record = {timestamp_from_ns(*ns), feed.text,   vendor.text, dir.text == "in" ? FrameDir::kIn : FrameDir::kOut,
            {frame.text, false},    std::nullopt};
  if (!mono.absent()) {
    const auto mono_ns = read_integer(mono);
    if (!mono_ns) return "\"mono_ns\" is no integer";
    record.mono = MonoTime{Duration{*mono_ns}};
  }
  if (vendor.kind != JsonKind::kString) {
    const auto known = header.feeds.find(feed.text);
    if (known == header.feeds.end()) return "\"vendor\" is missing";
    record.vendor = known->second.vendor;
  }
  if (frame.text.starts_with(kBinary)) {
    if (!decode_base64(frame.text.substr(kBinary.size()), bytes)) return "\"frame\" is not base64 after b64:";
    record.frame = {bytes, text.missing()};
  }
  return nullptr;
}

CaptureRead CaptureReader::State::end() {
  if (!lines->error()) return CaptureRead::kEnd;
  if (lines->cut_short()) {
    note = lines->error()->message + ": what followed is lost";
  } else {
    error = lines->error();
  }
  return CaptureRead::kEnd;
}

CaptureReader::CaptureReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaptureReader::~CaptureReader() = default;

Result<std::unique_ptr<CaptureReader>, SourceError> CaptureReader::open(const std::string& file, OnRead on_read) {
  auto lines = LineReader::open(file, std::move(on_read));
  if (!lines) return lines.error();
  auto state = std::make_unique<State>();
  state->file = file;
  state->lines = *std::move(lines);
  std::string_view line;
  if (!state->lines->next(line) && state->lines->error()) return *state->lines->error();
  if (const auto wrong = read_header(line, state->header); !wrong.empty()) {
    return SourceError{file + ": " + wrong, SourceErrorKind::kData};
  }
  return std::unique_ptr<CaptureReader>{new CaptureReader{std::move(state)}};
}

CaptureRead CaptureReader::next(CaptureRecord& record) {
  auto& s = *state_;
  for (std::string_view line;;) {
    if (!s.lines->next(line)) return s.end();
    if (line.empty()) continue;
    const char* wrong = s.parse(line, record);
    if (wrong == nullptr) return CaptureRead::kRecord;
    if (s.lines->terminated()) {
      s.problem = wrong;
      return CaptureRead::kBad;
    }
    s.note = s.file + ": line " + std::to_string(line_number()) + ", the last, is torn and was dropped";
    return CaptureRead::kEnd;
  }
}

const CaptureHeader& CaptureReader::header() const { return state_->header; }
std::uint64_t CaptureReader::line_number() const { return state_->lines->line_number(); }
const std::string& CaptureReader::problem() const { return state_->problem; }
const std::string& CaptureReader::note() const { return state_->note; }
const std::optional<SourceError>& CaptureReader::error() const { return state_->error; }

}  // namespace yagura::feeds
