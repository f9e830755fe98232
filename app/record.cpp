// yagura record: the raw frames of the live feeds into a capture.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>

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
    for (auto& secret : feed.credentials.secrets()) all.push_back(std::move(secret));
  }
  return all;
}

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
  std::function<void()> watch = [&] {
    progress.expires_after(std::chrono::seconds{1});
    progress.async_wait([&](const boost::system::error_code&) {
      const auto stats = recorder.stats();
      if (!stats.error.empty()) return io.stop();
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

}  // namespace

int record(const RecordOptions& options) {
  const auto settings = load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  if (settings->feeds.empty()) return complain(kUsage, settings->file + ": has no [[feed]] to record");
  std::optional<Duration> run_for;
  if (!options.run_for.empty() && !(run_for = parse_duration(options.run_for))) {
    return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  }
  if (!has_ending(options.out, {".ycap", ".ycap.gz"}))
    return complain(kUsage, "--out " + options.out + ": must end in .ycap or .ycap.gz");
  std::error_code ec;
  if (std::filesystem::exists(options.out, ec) && std::filesystem::file_size(options.out, ec) > 0) {
    return complain(kUsage, "--out " + options.out + ": is there already and is not overwritten; choose another name");
  }
  set_up_log(settings->log.level);
  auto recorder =
      feeds::Recorder::start({.file = options.out, .header = header_of(*settings), .secrets = secrets_of(*settings)});
  if (!recorder) return complain(kFailed, recorder.error().message);

  const RealClock clock;
  TickCounter counter;
  FeedThread feeds{settings->feeds, settings->symbols, std::vector<feeds::TickSink*>(settings->feeds.size(), &counter),
                   clock,           recorder->get(),   nullptr};
  feeds.start();
  wait(run_for, **recorder, counter);
  feeds.stop();
  const auto stopped = (*recorder)->stop();
  const auto stats = (*recorder)->stats();
  std::fprintf(stderr, "%s: %s frames, %s ticks, %s lost\n", options.out.c_str(), grouped(stats.recorded).c_str(),
               grouped(counter.ticks()).c_str(), grouped(stats.lost).c_str());
  return stopped ? static_cast<int>(kDone) : complain(kFailed, stopped.error().message);
}

}  // namespace yagura::app
