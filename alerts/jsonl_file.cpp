#include "alerts/jsonl_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace yagura::alerts {
namespace {

constexpr auto kIdle = std::chrono::seconds{10};
// How long a first line waits for company, so that a storm of alerts wakes the thread once for many.
constexpr auto kGroup = std::chrono::milliseconds{5};

// Whether the last line lacks its end. A pipe or terminal has no last line.
bool is_torn(int fd) {
  const auto size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

Result<std::unique_ptr<JsonlFile>> JsonlFile::open(const std::filesystem::path& file, Options options) {
  const int fd = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Error{fmt::format("{}: cannot be opened for alerts: {}", file.string(), std::strerror(errno))};
  std::unique_ptr<JsonlFile> sink{new JsonlFile{fd, true, file.string(), std::move(options)}};
  if (is_torn(fd)) sink->pending_ = "\n";
  sink->worker_ = std::jthread{[self = sink.get()](const std::stop_token& stop) { self->run(stop); }};
  return sink;
}

std::unique_ptr<JsonlFile> JsonlFile::on_descriptor(int fd, std::string name, Options options) {
  std::unique_ptr<JsonlFile> sink{new JsonlFile{fd, false, std::move(name), std::move(options)}};
  sink->worker_ = std::jthread{[self = sink.get()](const std::stop_token& stop) { self->run(stop); }};
  return sink;
}

JsonlFile::JsonlFile(int fd, bool owned, std::string name, Options options)
    : fd_(fd), owned_(owned), name_(std::move(name)), options_(std::move(options)), mailbox_(options_.capacity) {}

JsonlFile::~JsonlFile() {
  if (worker_.joinable()) {
    worker_.request_stop();
    mailbox_.poke();
    worker_.join();
  }
  if (owned_) ::close(fd_);
}

bool JsonlFile::append(std::string line) {
  line += '\n';
  const bool room = queued_.fetch_add(1, std::memory_order_relaxed) < options_.capacity;
  if (room && mailbox_.post(std::move(line))) return true;
  queued_.fetch_sub(1, std::memory_order_relaxed);
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool JsonlFile::flush(Duration timeout) {
  std::unique_lock guard{mutex_};
  const auto wanted = ++flush_wanted_;
  mailbox_.poke();
  return flushed_.wait_for(guard, timeout, [&] { return flush_done_ >= wanted; }) && ok_;
}

void JsonlFile::run(const std::stop_token& stop) {
  const auto flush_wanted = [this] {
    const std::scoped_lock guard{mutex_};
    return flush_wanted_;
  };
  for (bool last = false, ok = true; !last;) {
    if (flush_wanted() == flush_done_) mailbox_.wait(ok ? Duration{kIdle} : options_.retry_after);
    if (flush_wanted() == flush_done_ && !stop.stop_requested()) mailbox_.wait(kGroup);
    last = stop.stop_requested();
    const auto answered = flush_wanted();
    mailbox_.drain([this](std::string&& line) {
      pending_ += line;
      ++pending_lines_;
    });
    ok = write_pending();
    {
      const std::scoped_lock guard{mutex_};
      flush_done_ = answered;
      ok_ = ok;
    }
    flushed_.notify_all();
  }
}

bool JsonlFile::write_pending() {
  std::size_t done = 0;
  while (done < pending_.size()) {
    const auto written = ::write(fd_, pending_.data() + done, pending_.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written > 0) {
      done += static_cast<std::size_t>(written);
      continue;
    }
    const int code = errno;
    pending_.erase(0, done);
    if (!std::exchange(reported_, true) && options_.on_error) {
      options_.on_error(
          fmt::format("{}: cannot write alerts: {}; kept in memory and tried again", name_, std::strerror(code)));
    }
    return false;
  }
  pending_.clear();
  queued_.fetch_sub(std::exchange(pending_lines_, 0), std::memory_order_relaxed);
  reported_ = false;
  return true;
}

}  // namespace yagura::alerts
