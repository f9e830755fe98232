#include "feeds/file_compressor.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "feeds/text_file.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;

// The processor and the disk belong to everybody else first. Both are per thread on Linux; a refusal
// costs nothing but manners.
void step_back() {
  constexpr int kNicest = 19;
  constexpr int kWhoThread = 1, kIdleClass = 3 << 13;  // linux/ioprio.h, which glibc does not wrap
  const auto self = static_cast<id_t>(::syscall(SYS_gettid));
  (void)::setpriority(PRIO_PROCESS, self, kNicest);
  (void)::syscall(SYS_ioprio_set, kWhoThread, 0, kIdleClass);
}

Error failure(const std::string& file, const char* what) {
  return Error{file + ": " + what + ": " + std::generic_category().message(errno)};
}

// So that a rename survives a power cut.
void sync_folder_of(const std::string& file) {
  const auto folder = std::filesystem::path{file}.parent_path();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

// A file descriptor that closes itself.
struct Input {
  explicit Input(const std::string& file) : fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Input() {
    if (fd >= 0) ::close(fd);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  int fd;
};

}  // namespace

FileCompressor::FileCompressor() : thread_([this] { run(); }) {}

FileCompressor::~FileCompressor() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void FileCompressor::add(std::string file) {
  {
    const std::lock_guard lock{mutex_};
    files_.push_back(std::move(file));
  }
  wake_.notify_all();
}

FileCompressor::Stats FileCompressor::stats() const {
  const std::lock_guard lock{mutex_};
  return stats_;
}

bool FileCompressor::stopping() const {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

void FileCompressor::run() {
  step_back();
  for (;;) {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return stopping_ || !files_.empty(); });
    if (stopping_) return;
    const auto file = std::move(files_.front());
    files_.pop_front();
    lock.unlock();
    const auto done = compress(file);
    if (!done || !*done) std::remove((file + ".gz.part").c_str());
    lock.lock();
    if (!done) {
      ++stats_.failed;
      stats_.error = done.error().message;
    } else if (*done) {
      ++stats_.compressed;
    }
  }
}

Result<bool> FileCompressor::compress(const std::string& file) {
  const auto target = file + ".gz";
  const auto part = target + ".part";
  const Input input{file};
  if (input.fd < 0) return failure(file, "cannot be read");
  auto created = TextFile::create(part, /*gzip=*/true);
  if (!created) return created.error();
  auto& output = **created;
  for (std::vector<char> chunk(kChunk);;) {
    if (stopping()) return false;
    const auto got = ::read(input.fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(file, "cannot be read");
    if (got == 0) break;
    if (!output.write({chunk.data(), static_cast<std::size_t>(got)})) return Error{output.error()};
  }
  if (!output.finish()) return Error{output.error()};
  if (std::rename(part.c_str(), target.c_str()) != 0) return failure(target, "cannot be renamed to");
  sync_folder_of(target);
  std::remove(file.c_str());
  return true;
}

}  // namespace yagura::feeds
