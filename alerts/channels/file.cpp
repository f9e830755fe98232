#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>

#include "alerts/channels/local_channels.hpp"
#include "alerts/channels/rotated_files.hpp"
#include "core/hash128.hpp"

namespace yagura::alerts {
namespace {

using Came = Attempt::Result;

// How far back a repeated line is looked for: far more than can be on its way when we crash.
constexpr std::size_t kTail = 256 << 10;  // bytes, when a file is opened
constexpr std::size_t kMostLines = 1024;

Date day_of(Timestamp t) { return std::chrono::floor<std::chrono::days>(t); }

// Lines that are in the file, the newest of them.
class RecentLines {
 public:
  void add(std::string_view line) {
    hashes_.push_back(Fnv128{}.bytes(line).value());
    if (hashes_.size() > kMostLines) hashes_.pop_front();
  }
  [[nodiscard]] bool contains(std::string_view line) const {
    return std::find(hashes_.begin(), hashes_.end(), Fnv128{}.bytes(line).value()) != hashes_.end();
  }

 private:
  std::deque<Id128> hashes_;
};

class File final : public Channel {
 public:
  File(const FileChannel& options, std::shared_ptr<const Clock> clock)
      : options_(options), clock_(std::move(clock)), rotated_(options.path, options.keep) {}
  ~File() override { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Attempt send(const Letter& letter, const std::stop_token&) override {
    auto line = letter.json + "\n";
    if (const auto ready = prepare(line.size()); !ready) return {Came::kFailed, ready.error().message, {}};
    if (lines_.contains(letter.json) && letter.json != doubted_) return {Came::kDelivered, "was there already", {}};
    if (const auto written = append(line); !written) return {Came::kFailed, written.error().message, {}};
    lines_.add(letter.json);
    if (letter.json == doubted_) doubted_.clear();
    return {};
  }

  // Opens the file, reads the end of it, closes a torn last line.
  Result<void> open();

 private:
  [[nodiscard]] Error failure(std::string_view what, int code) const {
    return Error{fmt::format("{}: {}: {}", options_.path, what, std::strerror(code))};
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  Result<void> prepare(std::size_t size);
  [[nodiscard]] bool was_moved() const;
  Result<void> rotate_if_due(std::size_t size);
  void read_tail(std::uint64_t size);
  Result<void> append(std::string_view line);
  bool take_back(off_t to, std::size_t written);

  const FileChannel options_;
  const std::shared_ptr<const Clock> clock_;
  const RotatedFiles rotated_;
  int fd_ = -1;
  bool regular_ = false;  // not a device or a named pipe
  bool torn_ = false;     // the last line lacks its end
  Date day_{};            // of the newest line
  RecentLines lines_;
  std::string doubted_;  // stands in the file, but perhaps not on the disk
};

Result<void> File::open() {
  close();
  fd_ = ::open(options_.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  struct stat info {};
  if (fd_ < 0 || ::fstat(fd_, &info) != 0) return failure("cannot be opened for alerts", errno);
  regular_ = S_ISREG(info.st_mode);
  torn_ = false;
  if (!regular_) return {};
  if (info.st_size == 0) {
    day_ = day_of(clock_->now());
    return {};
  }
  day_ = day_of(Timestamp{std::chrono::seconds{info.st_mtim.tv_sec}});
  read_tail(static_cast<std::uint64_t>(info.st_size));
  return {};
}

void File::read_tail(std::uint64_t size) {
  const auto from = size > kTail ? size - kTail : 0;
  std::string tail(static_cast<std::size_t>(size - from), '\0');
  const auto got = ::pread(fd_, tail.data(), tail.size(), static_cast<off_t>(from));
  if (got <= 0) return;
  tail.resize(static_cast<std::size_t>(got));
  torn_ = tail.back() != '\n';
  std::string_view rest = tail;
  if (from != 0) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);  // the first is cut
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    lines_.add(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
}

// Someone renamed or removed it, as logrotate does.
bool File::was_moved() const {
  struct stat ours {
  }, named{};
  if (::fstat(fd_, &ours) != 0 || ::stat(options_.path.c_str(), &named) != 0) return true;
  return ours.st_ino != named.st_ino || ours.st_dev != named.st_dev;
}

Result<void> File::prepare(std::size_t size) {
  if (fd_ < 0 || (regular_ && was_moved())) {
    if (const auto opened = open(); !opened) return opened;
  }
  if (regular_) return rotate_if_due(size);
  return {};
}

Result<void> File::rotate_if_due(std::size_t size) {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return failure("cannot be looked at", errno);
  const auto held = static_cast<std::uint64_t>(info.st_size);
  const bool too_old = options_.rotate_daily && day_ < day_of(clock_->now());
  const bool too_large = options_.rotate_size > 0 && held + size > options_.rotate_size;
  if (held == 0 || (!too_old && !too_large)) return {};
  if (const auto moved = rotated_.rotate(day_); !moved) return moved;
  return open();
}

Result<void> File::append(std::string_view line) {
  struct stat before {};
  if (::fstat(fd_, &before) != 0) return failure("cannot be looked at", errno);
  std::string text;  // in one piece, so that what else appends to the file does not come between
  if (torn_) text = '\n';
  text += line;
  std::size_t done = 0;
  while (done < text.size()) {
    const auto written = ::write(fd_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int code = written < 0 ? errno : EIO;
      take_back(before.st_size, done);
      return failure("cannot write alerts", code);
    }
    done += static_cast<std::size_t>(written);
  }
  if (regular_ && ::fdatasync(fd_) != 0) {
    const int code = errno;
    // Nobody knows what the disk holds, and asking again would not tell: start anew from the file.
    if (!take_back(before.st_size, done)) doubted_ = line.substr(0, line.size() - 1);
    close();
    return failure("alerts are not on the disk", code);
  }
  torn_ = false;
  day_ = day_of(clock_->now());
  return {};
}

// Half a line helps nobody. If it cannot be removed, the next line begins with a line end.
bool File::take_back(off_t to, std::size_t written) {
  if (!regular_ || written == 0) return true;
  struct stat info {};
  const bool alone = ::fstat(fd_, &info) == 0 && info.st_size == to + static_cast<off_t>(written);
  if (alone && ::ftruncate(fd_, to) == 0) return true;
  torn_ = true;
  return false;
}

}  // namespace

Result<std::unique_ptr<Channel>> make(const FileChannel& options, std::shared_ptr<const Clock> clock) {
  auto file = std::make_unique<File>(options, std::move(clock));
  if (const auto opened = file->open(); !opened) return opened.error();
  return std::unique_ptr<Channel>{std::move(file)};
}

Result<std::unique_ptr<Channel>> make(const FileChannel& options) {
  return make(options, std::make_shared<RealClock>());
}

}  // namespace yagura::alerts
