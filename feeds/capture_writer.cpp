#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <system_error>

#include "core/json_writer.hpp"
#include "feeds/base64.hpp"
#include "feeds/capture.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kBinary = "b64:";
constexpr unsigned kBufferBytes = 256 * 1024;

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

// zlib writes plain files as well ("T"), through the same buffer.
struct CaptureWriter::Output {
  gzFile file = nullptr;
};

CaptureWriter::CaptureWriter(std::string file) : file_(std::move(file)), output_(std::make_unique<Output>()) {}

CaptureWriter::~CaptureWriter() { close(); }

Result<std::unique_ptr<CaptureWriter>> CaptureWriter::create(const std::string& file, const CaptureHeader& header) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Error{file + ": cannot be written: " + std::generic_category().message(errno)};
  std::unique_ptr<CaptureWriter> writer{new CaptureWriter{file}};
  writer->output_->file = gzdopen(fd, file.ends_with(".gz") ? "wb6" : "wbT");
  if (writer->output_->file == nullptr) {
    ::close(fd);
    return Error{file + ": cannot be written: out of memory"};
  }
  gzbuffer(writer->output_->file, kBufferBytes);
  if (!writer->put(header_line(header)) || !writer->flush()) return Error{writer->error_};
  return writer;
}

bool CaptureWriter::put(std::string_view text) {
  if (!error_.empty() || output_->file == nullptr) return false;
  if (gzwrite(output_->file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size())) return true;
  error_ = file_ + ": cannot be written: " + std::generic_category().message(errno);
  return false;
}

bool CaptureWriter::write(const CaptureRecord& record) {
  const auto& [payload, binary] = record.frame;
  const bool readable = simdjson::validate_utf8(payload.data(), payload.size()) && !payload.starts_with(kBinary);
  line_.clear();
  JsonWriter json{line_};
  json.begin_object().field("ts_ns", to_ns(record.ts)).field("feed", record.feed).field("vendor", record.vendor);
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
  if (!put(line_)) return false;
  ++records_;
  return true;
}

bool CaptureWriter::flush() {
  if (!error_.empty() || output_->file == nullptr) return false;
  if (gzflush(output_->file, Z_SYNC_FLUSH) == Z_OK) return true;
  error_ = file_ + ": cannot be written: " + std::generic_category().message(errno);
  return false;
}

bool CaptureWriter::close() {
  if (output_->file == nullptr) return error_.empty();
  const int status = gzclose_w(output_->file);
  output_->file = nullptr;
  if (status != Z_OK && error_.empty()) error_ = file_ + ": cannot be written: " + std::generic_category().message(errno);
  return error_.empty();
}

}  // namespace yagura::feeds
