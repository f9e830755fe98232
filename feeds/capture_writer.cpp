#include <simdjson.h>

#include "core/json_writer.hpp"
#include "feeds/base64.hpp"
#include "feeds/capture.hpp"
#include "feeds/text_file.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kBinary = "b64:";

std::string header_line(const CaptureHeader& header) {
  std::string line;
  JsonWriter json{line};
  json.begin_object().field("ycap", 1).field("created_ns", to_ns(header.created)).key("feeds").begin_object();
  for (const auto& [name, feed] : header.feeds) {
    json.key(name).begin_object().field("vendor", feed.vendor).key("symbols").begin_object();
    for (const auto& [ours, theirs] : feed.symbols) json.field(ours, theirs);
    json.end_object().end_object();
  }
  json.end_object().end_object();
  return line += '\n';
}

}  // namespace

CaptureWriter::CaptureWriter(std::unique_ptr<TextFile> file) : file_(std::move(file)) {}
CaptureWriter::~CaptureWriter() = default;

Result<std::unique_ptr<CaptureWriter>> CaptureWriter::create(const std::string& file, const CaptureHeader& header) {
  auto created = TextFile::create(file);
  if (!created) return created.error();
  std::unique_ptr<CaptureWriter> writer{new CaptureWriter{*std::move(created)}};
  if (!writer->file_->write(header_line(header)) || !writer->flush()) return Error{writer->error()};
  return writer;
}

bool CaptureWriter::write(const CaptureRecord& record) {
  const auto payload = record.frame.payload;
  const bool binary = record.frame.binary;
  const bool readable = simdjson::validate_utf8(payload.data(), payload.size()) && !payload.starts_with(kBinary);
  line_.clear();
  JsonWriter json{line_};
  json.begin_object().field("ts_ns", to_ns(record.ts));
  if (record.mono) json.field("mono_ns", Duration{record.mono->time_since_epoch()}.count());
  json.field("feed", record.feed).field("vendor", record.vendor);
  json.field("dir", record.dir == FrameDir::kIn ? "in" : "out").key("frame");
  if (!binary && readable) {
    json.value(payload);
  } else {
    std::string encoded{kBinary};
    append_base64(encoded, payload);
    json.value(encoded);
    if (!binary) json.field("text", true);  // it was a text frame, though written like a binary one
  }
  json.end_object();
  line_ += '\n';
  if (!file_->write(line_)) return false;
  ++records_;
  return true;
}

bool CaptureWriter::flush() { return file_->flush(); }
bool CaptureWriter::close() { return file_->close(); }
bool CaptureWriter::finish() { return file_->finish(); }
bool CaptureWriter::retry() { return file_->retry(); }
std::uint64_t CaptureWriter::size() const { return file_->size(); }
const std::string& CaptureWriter::error() const { return file_->error(); }

}  // namespace yagura::feeds
