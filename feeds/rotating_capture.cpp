#include "feeds/rotating_capture.hpp"

#include <cstdio>
#include <filesystem>
#include <utility>

namespace yagura::feeds {
namespace {

constexpr int kMostOfOneSecond = 999;
constexpr auto kBetweenTries = std::chrono::seconds{1};

Date day_of(Timestamp at) { return std::chrono::floor<std::chrono::days>(at); }

}  // namespace

std::string rotated_name(const std::string& file, Timestamp begin, int number) {
  const auto text = format_utc(begin);  // 2026-02-09T00:00:00.000000Z
  std::string stamp;
  for (const char c : text.substr(0, 19)) {
    if (c != '-' && c != ':') stamp += c;
  }
  stamp += 'Z';
  if (number > 1) {
    char suffix[16];
    std::snprintf(suffix, sizeof suffix, "_%03d", number);
    stamp += suffix;
  }
  const auto slash = file.rfind('/');
  const auto ending = file.find(".ycap", slash == std::string::npos ? 0 : slash);
  const auto stem = std::min(ending, file.size());
  return file.substr(0, stem) + "-" + stamp + file.substr(stem);
}

Result<std::unique_ptr<RotatingCapture>> RotatingCapture::create(Options options) {
  const auto begin = options.header.created;
  std::unique_ptr<RotatingCapture> capture{new RotatingCapture{std::move(options)}};
  if (const auto begun = capture->begin(begin); !begun) return begun.error();
  return capture;
}

// The next file; the one in use stays so unless this succeeds.
Result<void> RotatingCapture::begin(Timestamp at) {
  namespace fs = std::filesystem;
  std::string name = options_.file;
  std::error_code ignored;
  if (options_.rotation.any()) {
    int number = 0;
    do {
      if (++number > kMostOfOneSecond) return Error{name + ": is there already, as are all before it"};
      name = rotated_name(options_.file, at, number);
    } while (fs::exists(name, ignored) || fs::exists(name + ".gz", ignored));
  }
  auto header = options_.header;
  header.created = at;
  auto writer = CaptureWriter::create(name, header);
  if (!writer) {
    if (files_ != 0) fs::remove(name, ignored);  // without its header it is no capture
    return writer.error();
  }
  writer_ = *std::move(writer);
  name_ = std::move(name);
  day_ = day_of(at);
  ++files_;
  return {};
}

bool RotatingCapture::is_due(const CaptureRecord& record) const {
  if (writer_->records() == 0) return false;
  const auto& rotation = options_.rotation;
  if (rotation.daily && day_of(record.ts) > day_) return true;
  constexpr std::size_t kAround = 128;  // what stands around a frame
  return rotation.max_bytes != 0 && writer_->size() + record.frame.payload.size() + kAround > rotation.max_bytes;
}

void RotatingCapture::rotate(Timestamp at) {
  const auto now = std::chrono::steady_clock::now();
  if (now < try_again_) return;
  if (!writer_->flush()) return;  // the old file has to be whole first
  auto old = std::exchange(writer_, nullptr);
  auto old_name = name_;
  if (const auto begun = begin(at); !begun) {
    writer_ = std::move(old);
    rotation_error_ = begun.error().message;
    try_again_ = now + kBetweenTries;
    return;
  }
  const bool whole = old->finish();
  rotation_error_ = whole ? std::string{} : old->error();
  if (whole && options_.on_finished) options_.on_finished(old_name);
}

bool RotatingCapture::write(const CaptureRecord& record) {
  if (options_.rotation.any() && is_due(record)) rotate(record.ts);
  return writer_->write(record);
}

}  // namespace yagura::feeds
