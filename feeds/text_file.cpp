#include "feeds/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace yagura::feeds {
namespace {

constexpr unsigned kBufferBytes = 256 * 1024;

}  // namespace

// zlib writes plain files as well ("T"), through the same buffer.
struct TextFile::Handle {
  gzFile gz = nullptr;
};

Result<std::unique_ptr<TextFile>> TextFile::create(const std::string& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Error{file + ": cannot be written: " + std::generic_category().message(errno)};
  return std::unique_ptr<TextFile>{new TextFile{file, fd}};
}

TextFile::TextFile(std::string file, int fd) : file_(std::move(file)), handle_(std::make_unique<Handle>()) {
  handle_->gz = gzdopen(fd, file_.ends_with(".gz") ? "wb6" : "wbT");
  if (handle_->gz == nullptr) {
    ::close(fd);
    throw std::bad_alloc{};
  }
  gzbuffer(handle_->gz, kBufferBytes);
}

TextFile::~TextFile() { close(); }

bool TextFile::fail() {
  if (error_.empty()) error_ = file_ + ": cannot be written: " + std::generic_category().message(errno);
  return false;
}

bool TextFile::write(std::string_view text) {
  if (!error_.empty() || handle_->gz == nullptr) return false;
  if (text.empty()) return true;
  return gzwrite(handle_->gz, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()) ||
         fail();
}

bool TextFile::flush() {
  if (!error_.empty() || handle_->gz == nullptr) return false;
  return gzflush(handle_->gz, Z_SYNC_FLUSH) == Z_OK || fail();
}

bool TextFile::close() {
  if (handle_->gz == nullptr) return error_.empty();
  const int status = gzclose_w(handle_->gz);
  handle_->gz = nullptr;
  return (status == Z_OK || fail()) && error_.empty();
}

}  // namespace yagura::feeds
