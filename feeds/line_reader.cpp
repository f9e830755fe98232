#include "feeds/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <vector>

namespace yagura::feeds {
namespace {

constexpr std::size_t kChunk = 256 * 1024;  // bytes asked for at once
constexpr std::size_t kBuffer = LineReader::kMaxLine + kChunk;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string reason_of(int error) { return std::generic_category().message(error); }

bool is_gzip(const char* bytes) {
  return static_cast<unsigned char>(bytes[0]) == 0x1f && static_cast<unsigned char>(bytes[1]) == 0x8b;
}

}  // namespace

struct LineReader::Inflater {
  z_stream stream{};
  std::vector<char> input;
  bool in_member = true;  // false between two members of one file

  Inflater() : input(kChunk) {
    constexpr int kGzipOnly = MAX_WBITS + 16;
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw std::bad_alloc{};
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void set_input(std::size_t size) {
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(size);
  }
};

Result<std::unique_ptr<LineReader>, SourceError> LineReader::open(const std::string& file, OnRead on_read) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const auto reason = errno == ENOENT ? std::string{"no such file"} : "cannot be opened: " + reason_of(errno);
    return SourceError{file + ": " + reason, SourceErrorKind::kUsage};
  }
  std::unique_ptr<LineReader> reader{new LineReader{file, fd, std::move(on_read)}};
  struct stat info {};
  if (::fstat(fd, &info) == 0) {
    if (S_ISDIR(info.st_mode)) return SourceError{file + ": is a directory; a file is needed", SourceErrorKind::kUsage};
    if (S_ISREG(info.st_mode)) reader->size_ = static_cast<std::uint64_t>(info.st_size);
  }
  reader->detect_gzip();
  return reader;
}

LineReader::LineReader(std::string file, int fd, OnRead on_read)
    : file_(std::move(file)),
      fd_(fd),
      on_read_(std::move(on_read)),
      buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)) {}

LineReader::~LineReader() { ::close(fd_); }

void LineReader::fail(std::string what) {
  at_end_ = true;
  if (!error_) error_ = SourceError{file_ + ": " + std::move(what), SourceErrorKind::kData};
}

void LineReader::detect_gzip() {
  while (end_ < 2 && !at_end_) end_ += read_plain(buffer_.get() + end_, kChunk);
  if (end_ < 2 || !is_gzip(buffer_.get())) return;
  gzip_ = std::make_unique<Inflater>();
  if (gzip_->input.size() < end_) gzip_->input.resize(end_);
  std::memcpy(gzip_->input.data(), buffer_.get(), end_);
  gzip_->set_input(end_);
  end_ = 0;
  at_end_ = false;
}

std::size_t LineReader::read_plain(char* into, std::size_t room) {
  for (;;) {
    const auto got = ::read(fd_, into, room);
    if (got > 0) {
      bytes_ += static_cast<std::uint64_t>(got);
      if (on_read_) on_read_({bytes_, size_, line_});
      return static_cast<std::size_t>(got);
    }
    if (got < 0 && errno == EINTR) continue;
    at_end_ = true;
    if (got < 0) fail("cannot be read after line " + std::to_string(line_) + ": " + reason_of(errno));
    return 0;
  }
}

std::size_t LineReader::read_gzip(char* into, std::size_t room) {
  auto& stream = gzip_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(into);
  stream.avail_out = static_cast<uInt>(room);
  const auto need_input = [&] {
    if (stream.avail_in == 0) gzip_->set_input(read_plain(gzip_->input.data(), gzip_->input.size()));
    return stream.avail_in > 0;
  };
  while (stream.avail_out == room && !at_end_) {
    if (!gzip_->in_member) {  // the file may end here; else another member follows
      if (!need_input() || inflateReset(&stream) != Z_OK) break;
      gzip_->in_member = true;
    }
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      gzip_->in_member = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail("gzip data is damaged after line " + std::to_string(line_));
    } else if (stream.avail_out == room && !need_input() && !error_) {
      cut_short_ = true;
      fail("gzip data ends early after line " + std::to_string(line_));
    }
  }
  return room - stream.avail_out;
}

// Makes room and reads more; false when there is no more.
bool LineReader::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto room = std::min(kChunk, kBuffer - end_);
  const auto got = gzip_ ? read_gzip(buffer_.get() + end_, room) : read_plain(buffer_.get() + end_, room);
  end_ += got;
  return got > 0;
}

bool LineReader::take_line(std::string_view& line, std::size_t size) {
  line = {buffer_.get() + begin_, size};
  begin_ += size + (terminated_ ? 1 : 0);
  if (++line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = 0;  // bytes of this line known to hold no line end
  for (;;) {
    const auto unread = end_ - begin_;
    const char* const start = buffer_.get() + begin_;
    if (const void* at = std::memchr(start + searched, '\n', unread - searched)) {
      terminated_ = true;
      const auto size = static_cast<std::size_t>(static_cast<const char*>(at) - start);
      if (size <= kMaxLine) return take_line(line, size);
    }
    if (unread > kMaxLine) {
      fail("line " + std::to_string(line_ + 1) + " is longer than 1 MiB");
      begin_ = end_ = 0;
      return false;
    }
    searched = unread;
    if (fill()) continue;
    if (begin_ == end_ || error_) return false;  // what precedes an error is half a line
    terminated_ = false;
    return take_line(line, end_ - begin_);
  }
}

}  // namespace yagura::feeds
