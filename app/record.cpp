// yagura record: the raw frames of the live feeds into a capture.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <spdlog/spdlog.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/commands.hpp"
#include "app/feed_thread.hpp"
#include "app/log.hpp"
#include "app/start_up.hpp"
#include "feeds/recorder.hpp"

namespace yagura::app {
namespace {

// Counts what passes; the frames themselves go to the recorder.
class TickCounter final : public feeds::TickSink {
 public:
  void on_tick(const Tick&) noexcept override { ticks_.fetch_add(1, std::memory_order_relaxed); }
  void on_batch_end() noexcept override {}
  [[nodiscard]] std::uint64_t ticks() const { return ticks_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> ticks_{0};
};

feeds::CaptureHeader header_of(const config::Settings& settings) {
  feeds::CaptureHeader header;
  header.created = RealClock{}.now();
  for (const auto& feed : settings.feeds) {
    header.feeds[feed.name] = {.vendor = feed.vendor, .symbols = {feed.symbols.begin(), feed.symbols.end()}};
  }
  return header;
}

std::vector<std::string> secrets_of(const config::Settings& settings) {
  std::vector<std::string> all;
  for (const auto& feed : settings.feeds) {
    for (auto& secret : feed.secrets()) all.push_back(std::move(secret));
  }
  return all;
}

// Says in the log what goes wrong: at once when it begins, once a minute while it lasts.
class RecordLog {
 public:
  void look(const feeds::Recorder::Stats& stats, MonoTime now) {
    if (stats.failures != failures_) {
      failures_ = stats.failures;
      failing_ = true;
      spdlog::warn("recording: {}; frames wait in memory, and it is tried again", stats.error);
    } else if (failing_ && stats.error.empty()) {
      failing_ = false;
      spdlog::info("recording: goes on, {} frames wait", stats.waiting);
    }
    if (stats.warning != warning_ && !(warning_ = stats.warning).empty()) spdlog::warn("recording: {}", warning_);
    if (stats.lost != lost_ && (last_said_ == MonoTime{} || now - last_said_ >= std::chrono::minutes{1})) {
      last_said_ = now;
      spdlog::warn("recording: {} frames lost, {} so far; the disk does not keep up and {} wait", stats.lost - lost_,
                   stats.lost, stats.waiting);
      lost_ = stats.lost;
    }
  }

 private:
  std::uint64_t failures_ = 0;
  std::uint64_t lost_ = 0;  // when it was said last
  std::string warning_;
  bool failing_ = false;
  MonoTime last_said_{};
};

// Runs until a signal, or until `run_for` has passed.
void wait(std::optional<Duration> run_for, const feeds::Recorder& recorder, const TickCounter& counter) {
  boost::asio::io_context io;
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  boost::asio::steady_timer end{io};
  boost::asio::steady_timer progress{io};
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  if (run_for) {
    end.expires_after(*run_for);
    end.async_wait([&](const boost::system::error_code&) { io.stop(); });
  }
  RecordLog log;
  std::function<void()> watch = [&] {
    progress.expires_after(std::chrono::seconds{1});
    progress.async_wait([&](const boost::system::error_code&) {
      const auto stats = recorder.stats();
      log.look(stats, std::chrono::steady_clock::now());
      if (isatty(STDERR_FILENO) != 0)
        std::fprintf(stderr, "\r%s frames, %s ticks  ", grouped(stats.recorded).c_str(),
                     grouped(counter.ticks()).c_str());
      watch();
    });
  };
  watch();
  io.run();
  if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
}

// kDone, or what is wrong with the arguments.
int read_rotation(const RecordOptions& options, feeds::CaptureRotation& rotation) {
  if (!options.rotate.empty()) {
    if (options.rotate != "daily") return complain(kUsage, "--rotate " + options.rotate + ": must be daily");
    rotation.daily = true;
  }
  if (options.rotate_size.empty()) return kDone;
  constexpr std::uint64_t kLeast = 64 * 1024;
  const auto size = parse_size(options.rotate_size);
  if (!size || *size < kLeast)
    return complain(kUsage,
                    "--rotate-size " + options.rotate_size + ": must be a size such as 256M or 1G, 64K or more");
  rotation.max_bytes = *size;
  return kDone;
}

int check_name(const RecordOptions& options, const feeds::CaptureRotation& rotation) {
  if (!has_ending(options.out, {".ycap", ".ycap.gz"}))
    return complain(kUsage, "--out " + options.out + ": must end in .ycap or .ycap.gz");
  std::error_code ec;  // rotated files have names that are not there yet
  if (!rotation.any() && std::filesystem::exists(options.out, ec) && std::filesystem::file_size(options.out, ec) > 0) {
    return complain(kUsage, "--out " + options.out + ": is there already and is not overwritten; choose another name");
  }
  return kDone;
}

void print_summary(const feeds::Recorder::Stats& stats, const TickCounter& counter) {
  std::string line = stats.file;
  if (stats.files > 1) line += ", the last of " + grouped(stats.files) + " files";
  line += ": " + grouped(stats.recorded) + " frames, " + grouped(counter.ticks()) + " ticks, " + grouped(stats.lost) +
          " lost";
  if (stats.failures > 0) line += "; the disk refused " + grouped(stats.failures) + " times";
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace

int record(const RecordOptions& options) {
  const auto settings = load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  if (settings->feeds.empty()) return complain(kUsage, settings->file + ": has no [[feed]] to record");
  std::optional<Duration> run_for;
  if (!options.run_for.empty() && !(run_for = parse_duration(options.run_for))) {
    return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  }
  feeds::CaptureRotation rotation;
  if (const int code = read_rotation(options, rotation); code != kDone) return code;
  if (const int code = check_name(options, rotation); code != kDone) return code;
  set_up_log(settings->log);
  auto recorder = feeds::Recorder::start(
      {.file = options.out, .header = header_of(*settings), .rotation = rotation, .secrets = secrets_of(*settings)});
  if (!recorder) return complain(kFailed, recorder.error().message);

  const RealClock clock;
  TickCounter counter;
  FeedThread feeds{settings->feeds, settings->symbols, std::vector<feeds::TickSink*>(settings->feeds.size(), &counter),
                   clock,           recorder->get(),   nullptr};
  feeds.start();
  wait(run_for, **recorder, counter);
  feeds.stop();
  const auto stopped = (*recorder)->stop();
  print_summary((*recorder)->stats(), counter);
  return stopped ? static_cast<int>(kDone) : complain(kFailed, stopped.error().message);
}

}  // namespace yagura::app
