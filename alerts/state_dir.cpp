#include "alerts/state_dir.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>  // exchange

namespace yagura::alerts {
namespace fs = std::filesystem;
namespace {

StateError io_error(const fs::path& file, std::string_view what, int code) {
  return {StateError::Kind::kIo, fmt::format("{}: cannot {}: {}", file.string(), what, std::strerror(code))};
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::string_view{value} : std::string_view{};
}

// A descriptor that closes itself.
class File {
 public:
  File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The pid in a lock file that somebody else holds; empty when it cannot be read.
std::string owner_of(int fd) {
  char text[32];
  const auto size = ::pread(fd, text, sizeof text, 0);
  std::string pid{text, size > 0 ? static_cast<std::size_t>(size) : 0};
  while (!pid.empty() && (pid.back() < '0' || pid.back() > '9')) pid.pop_back();
  return pid;
}

}  // namespace

Result<StateDir, StateError> StateDir::resolve(std::string_view flag) {
  if (!flag.empty()) return StateDir{fs::path{flag}};
  if (const auto dir = environment("YAGURA_STATE_DIR"); !dir.empty()) return StateDir{fs::path{dir}};
  // The XDG rules ignore a relative path.
  if (const auto dir = environment("XDG_STATE_HOME"); dir.starts_with('/')) return StateDir{fs::path{dir} / "yagura"};
  if (const auto home = environment("HOME"); !home.empty()) return StateDir{fs::path{home} / ".local/state/yagura"};
  return StateError{StateError::Kind::kIo, "no state directory: give --state DIR, or set YAGURA_STATE_DIR or HOME"};
}

Result<void, StateError> StateDir::create() const {
  fs::path made;
  for (const auto& part : path_) {
    made /= part;
    std::error_code ignored;
    if (fs::is_directory(made, ignored)) continue;
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST) return io_error(made, "create the state directory", errno);
  }
  std::error_code failed;
  if (!fs::is_directory(path_, failed)) return io_error(path_, "use it as the state directory", ENOTDIR);
  return {};
}

fs::path StateDir::history_file(std::string_view symbol) const {
  std::string name;
  for (const char c : symbol) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    name += plain ? c : '_';
  }
  return path_ / "history" / (name + ".csv");
}

Result<StateLock, StateError> StateLock::acquire(const StateDir& dir) {
  const auto path = dir.lock_file();
  File file{path, O_RDWR | O_CREAT | O_NOFOLLOW};
  if (!file.is_open()) return io_error(path, "open", errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_error(path, "lock", errno);
    const std::string pid = owner_of(file.get());
    return StateError{
        StateError::Kind::kBusy,
        fmt::format("{}: another yagura monitor (pid {}) owns this state directory; stop it or use --state DIR",
                    path.string(), pid.empty() ? "unknown" : pid)};
  }
  // The pid is a help for people; the lock itself needs no content, so a full disk is no reason to stop.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file.get(), 0) == 0) static_cast<void>(write_all(file.get(), pid));
  return StateLock{file.release()};
}

StateLock::StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

StateLock::~StateLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void, StateError> replace_file(const fs::path& file, std::string_view content) {
  const fs::path draft = file.string() + fmt::format(".{}.tmp", ::getpid());
  {
    const File out{draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW};
    if (!out.is_open()) return io_error(draft, "create", errno);
    if (!write_all(out.get(), content) || ::fsync(out.get()) != 0) {
      const int code = errno;
      ::unlink(draft.c_str());
      return io_error(draft, "write", code);
    }
  }
  if (::rename(draft.c_str(), file.c_str()) != 0) {
    const int code = errno;
    ::unlink(draft.c_str());
    return io_error(file, "replace", code);
  }
  return sync_directory(file.parent_path());
}

Result<void, StateError> sync_directory(const fs::path& dir) {
  const fs::path path = dir.empty() ? fs::path{"."} : dir;
  const File handle{path, O_RDONLY | O_DIRECTORY};
  if (!handle.is_open()) return io_error(path, "open", errno);
  if (::fsync(handle.get()) != 0) return io_error(path, "sync", errno);
  return {};
}

}  // namespace yagura::alerts
