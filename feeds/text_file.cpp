#include "feeds/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace yagura::feeds {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr int kLevel = 6;

}  // namespace

struct TextFile::Gzip {
  z_stream stream{};

  Gzip() {
    constexpr int kGzipOnly = MAX_WBITS + 16;
    constexpr int kMemory = 8;
    if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipOnly, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc{};
  }
  ~Gzip() { deflateEnd(&stream); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
};

Result<std::unique_ptr<TextFile>> TextFile::create(const std::string& file) {
  return create(file, file.ends_with(".gz"));
}

Result<std::unique_ptr<TextFile>> TextFile::create(const std::string& file, bool gzip) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Error{file + ": cannot be written: " + std::generic_category().message(errno)};
  return std::unique_ptr<TextFile>{new TextFile{file, fd, gzip}};
}

TextFile::TextFile(std::string file, int fd, bool gzip)
    : file_(std::move(file)), fd_(fd), gzip_(gzip ? std::make_unique<Gzip>() : nullptr) {
  waiting_.reserve(kBufferBytes + kBufferBytes / 4);
}

TextFile::~TextFile() { close(); }

bool TextFile::fail() {
  if (error_.empty()) error_ = file_ + ": cannot be written: " + std::generic_category().message(errno);
  return false;
}

// Appends to what waits.
void TextFile::compress(std::string_view text, int flush) {
  auto& stream = gzip_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // only read
  stream.avail_in = static_cast<uInt>(text.size());
  int status = Z_OK;
  do {
    char out[16 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = sizeof out;
    status = deflate(&stream, flush);
    waiting_.append(out, sizeof out - stream.avail_out);
  } while (stream.avail_out == 0 && status != Z_STREAM_END);
}

// What a failure leaves waits for the next call.
bool TextFile::drain() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    const auto wrote = ::write(fd_, waiting_.data() + done, waiting_.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  const bool all = done == waiting_.size();
  if (!all) fail();
  waiting_.erase(0, done);
  written_ += done;
  return all;
}

bool TextFile::write(std::string_view text) {
  if (!error_.empty() || fd_ < 0) return false;
  if (gzip_ != nullptr) {
    if (!text.empty()) compress(text, Z_NO_FLUSH);
  } else {
    waiting_ += text;
  }
  if (waiting_.size() >= kBufferBytes) drain();
  return true;
}

bool TextFile::flush() {
  if (!error_.empty() || fd_ < 0) return false;
  if (gzip_ != nullptr) compress({}, Z_SYNC_FLUSH);
  return drain();
}

bool TextFile::retry() {
  if (fd_ < 0) return false;
  error_.clear();
  return drain();
}

bool TextFile::close() { return end(false); }
bool TextFile::finish() { return end(true); }

bool TextFile::end(bool durable) {
  if (fd_ < 0) return error_.empty();
  if (error_.empty()) {
    if (gzip_ != nullptr) compress({}, Z_FINISH);
    if (drain() && durable && ::fdatasync(fd_) != 0 && errno != EINVAL) fail();  // EINVAL: a pipe
  }
  if (::close(fd_) != 0) fail();
  fd_ = -1;
  return error_.empty();
}

}  // namespace yagura::feeds
