#include "app/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "app/log_line.hpp"
#include "app/patient_writer.hpp"
#include "core/thread_name.hpp"

namespace yagura::app {
namespace {

using config::LogSettings;
using spdlog::details::thread_pool;

constexpr std::size_t kLines = 2'048;  // that wait, 400 bytes each, taken at the start
constexpr auto kLastWords = std::chrono::seconds{1};
constexpr auto kPeopleWait = std::chrono::seconds{2};

MonoTime now() { return std::chrono::steady_clock::now(); }

// JOURNAL_STREAM names the device and inode of a stderr that is systemd's journal.
bool stderr_is_the_journal() {
  const char* named = std::getenv("JOURNAL_STREAM");
  struct stat found {};
  if (named == nullptr || ::fstat(STDERR_FILENO, &found) != 0) return false;
  return std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino) == named;
}

// Lines that wait while a screen covers the terminal.
class HeldLines {
 public:
  static constexpr std::size_t kMost = 500;

  void begin(std::function<void(std::string)> trouble) {
    const std::lock_guard lock{mutex_};
    held_ = true;
    keeps_ = ::isatty(STDERR_FILENO) != 0;
    trouble_ = std::move(trouble);
  }
  // Whether the line is kept here.
  bool take(spdlog::level::level_enum level, std::string_view text, const std::string& line) {
    const std::lock_guard lock{mutex_};
    if (!held_) return false;
    if (level >= spdlog::level::warn && trouble_) trouble_(std::string(text));
    if (!keeps_) return false;
    if (lines_.size() == kMost) {
      lines_.pop_front();
      ++left_out_;
    }
    lines_.push_back(line);
    return true;
  }
  void end() {
    const std::lock_guard lock{mutex_};
    held_ = false;
    trouble_ = nullptr;
    std::string text;
    if (left_out_ > 0) text = fmt::format("({} earlier lines of the log were left out)\n", left_out_);
    for (const auto& line : lines_) text += line;
    lines_.clear();
    left_out_ = 0;
    const auto until = now() + kPeopleWait;
    write_patiently(STDERR_FILENO, text, [until] { return now() >= until; });
  }

 private:
  std::mutex mutex_;
  bool held_ = false;
  bool keeps_ = false;
  std::function<void(std::string)> trouble_;
  std::deque<std::string> lines_;
  std::uint64_t left_out_ = 0;
};
HeldLines& held_lines() {
  static HeldLines held;
  return held;
}

// Used by one thread, that of the pool, but for the counts and finish_by().
class StderrSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  StderrSink(bool json, bool colour) : json_(json), colour_(colour) {}

  void watch(thread_pool& pool) { pool_ = &pool; }
  void finish_by(MonoTime deadline) { deadline_ = deadline; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] LogCounts counts() const {
    return {.written = written_, .dropped = lost_ + overrun(), .repeated = repeated_};
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view payload{message.payload.data(), message.payload.size()};
    const auto like_it = repeats_.admit(payload, now());
    repeated_ = repeats_.held_back();
    if (!like_it) return;
    std::string longer;
    if (*like_it > 0) longer = fmt::format("{} ({} more like it were held back)", payload, *like_it);
    write(message, *like_it > 0 ? std::string_view{longer} : payload);
    report_drops(message);
  }
  void flush_() override {}

 private:
  [[nodiscard]] std::uint64_t overrun() const { return pool_ == nullptr ? 0 : pool_->overrun_counter(); }

  void write(const spdlog::details::log_msg& message, std::string_view payload) {
    line_.clear();
    if (json_)
      append_json(message, payload);
    else
      append_text(message, payload);
    if (held_lines().take(message.level, text_of(payload), line_) ||
        write_patiently(STDERR_FILENO, line_, [this] { return now() >= deadline_.load(); }))
      ++written_;
    else
      ++lost_;
  }

  void append_json(const spdlog::details::log_msg& message, std::string_view payload) {
    const auto level = spdlog::level::to_string_view(message.level);
    append_json_line(line_, std::chrono::time_point_cast<Duration>(message.time), {level.data(), level.size()},
                     payload);
  }

  void append_text(const spdlog::details::log_msg& message, std::string_view payload) {
    static constexpr std::string_view kColours[] = {"",         "\x1b[36m",   "\x1b[32m", "\x1b[33;1m",
                                                    "\x1b[31m", "\x1b[31;1m", ""};
    auto plain = message;
    const auto text = text_of(payload);
    plain.payload = {text.data(), text.size()};
    spdlog::memory_buf_t buffer;
    formatter_->format(plain, buffer);
    line_.assign(buffer.data(), buffer.size());
    if (!colour_ || plain.color_range_end <= plain.color_range_start) return;
    line_.insert(plain.color_range_end, "\x1b[m");
    line_.insert(plain.color_range_start, kColours[static_cast<std::size_t>(message.level)]);
  }

  // Once it flows again.
  void report_drops(const spdlog::details::log_msg& message) {
    const auto dropped = counts().dropped;
    if (dropped == told_ || pool_->queue_size() > 0) return;
    auto line = message;
    line.level = spdlog::level::warn;
    const auto number = std::to_string(dropped - told_);
    told_ = dropped;
    write(line, pack_event("log_dropped", {{"lines", number}}, "log: " + number + " lines were dropped"));
  }

  const bool json_;
  const bool colour_;
  thread_pool* pool_ = nullptr;
  std::atomic<MonoTime> deadline_{MonoTime::max()};
  std::atomic<std::uint64_t> written_{0}, lost_{0}, repeated_{0};
  std::uint64_t told_ = 0;
  RepeatFilter repeats_;
  std::string line_;
};

// A pool of our own, not spdlog's: the sink looks at it while it is being closed.
struct Log {
  std::shared_ptr<StderrSink> sink;
  std::shared_ptr<thread_pool> pool;

  void close() {
    if (sink) sink->finish_by(now() + kLastWords);
    pool.reset();
  }
  ~Log() { close(); }
};
Log& the_log() {
  static Log log;
  return log;
}

bool wants_json(LogSettings::Format format) {
  return format == LogSettings::Format::kJson || (format == LogSettings::Format::kAuto && stderr_is_the_journal());
}

}  // namespace

void set_up_log(const config::LogSettings& settings) {
  auto& log = the_log();
  const bool colour = ::isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  log.sink = std::make_shared<StderrSink>(wants_json(settings.format), colour);
  log.pool = std::make_shared<thread_pool>(kLines, 1, [] { name_this_thread("log"); });
  log.sink->watch(*log.pool);
  auto logger = std::make_shared<spdlog::async_logger>("yagura", log.sink, log.pool,
                                                       spdlog::async_overflow_policy::overrun_oldest);
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(settings.level));
  spdlog::set_default_logger(std::move(logger));
}

void close_log() {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("closed"));
  the_log().close();
}

bool log_is_json() { return the_log().sink && the_log().sink->json(); }

LogCounts log_counts() { return the_log().pool ? the_log().sink->counts() : LogCounts{}; }

void log_event(spdlog::level::level_enum level, std::string_view event, LogFields fields, std::string_view text) {
  auto* const logger = spdlog::default_logger_raw();
  if (!logger->should_log(level)) return;
  const auto payload = the_log().sink ? pack_event(event, fields, text) : std::string(text);
  logger->log(level, spdlog::string_view_t{payload});
}

void hold_log(std::function<void(std::string text)> trouble) { held_lines().begin(std::move(trouble)); }
void release_log() { held_lines().end(); }

void print_to_people(std::string_view text) {
  if (log_is_json()) return;
  const auto until = now() + kPeopleWait;
  write_patiently(STDERR_FILENO, text, [until] { return now() >= until; });
}

}  // namespace yagura::app
