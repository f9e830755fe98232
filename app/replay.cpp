// yagura replay: a feed server that speaks a vendor's language and serves recordings.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"
#include "core/net/ws_server.hpp"
#include "feeds/replay_server.hpp"
#include "feeds/source.hpp"

namespace yagura::app {
namespace {

// Any symbol may be replayed, whatever the configuration watches: the arguments name them.
Result<SymbolTable> symbols_of(const std::vector<feeds::SourceSpec>& specs) {
  SymbolTable symbols;
  for (const auto& spec : specs) {
    if (!spec.is_capture()) symbols.add(spec.symbol);
  }
  // Captures say what is in them; the shipped instruments are what a vendor's rule leads to.
  for (const std::string_view shipped : {"NI225", "USDJPY"}) symbols.add(shipped);
  return symbols;
}

class Replay {
 public:
  explicit Replay(const ReplayOptions& options) : options_(options) {}

  int run() {
    if (const int code = prepare(); code != kDone) return code;
    if (const auto listening = server_->listen(options_.listen); !listening)
      return complain(kFailed, listening.error().message + " (--listen)");
    std::fprintf(stderr, "yagura: replaying as %s on %s://%s, speed %s; starts with the first subscription\n",
                 options_.vendor.c_str(), scheme(), server_->address().c_str(), options_.speed.c_str());
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) stop();
    });
    show_progress();
    while (!stopped_) io_.run_one();
    return kDone;
  }

 private:
  int prepare() {
    const auto* vendor = feeds::find_vendor(options_.vendor);
    if (vendor == nullptr || vendor->make_server == nullptr) {
      std::string all;
      for (const auto& known : feeds::vendors()) {
        if (known.make_server != nullptr) all += (all.empty() ? "" : ", ") + std::string(known.name);
      }
      return complain(kUsage, "--as " + options_.vendor + ": cannot be imitated; one of " + all);
    }
    const auto speed = options_.speed == "max" ? std::optional{feeds::kMaxSpeed} : parse_speed(options_.speed);
    if (!speed)
      return complain(kUsage, "--speed " + options_.speed + ": must be a number above zero, up to a million, or 'max'");
    if (const auto good = net::check_listen_address(options_.listen); !good)
      return complain(kUsage, "--listen: " + good.error().message);
    feeds::ReplayServer::Options server;
    server.vendor = vendor;
    server.pace = {{.from = Timestamp::min(), .speed = *speed}};
    server.loop = options_.loop;
    server.exit_at_end = options_.exit_at_end;
    server.on_done = [this] { on_done(); };
    return open_sources(server);
  }

  [[nodiscard]] const char* scheme() const {
    return feeds::find_vendor(options_.vendor)->carrier == feeds::Carrier::kHttp ? "http" : "ws";
  }

  int open_sources(feeds::ReplayServer::Options& server) {
    std::vector<feeds::SourceSpec> specs;
    for (const auto& argument : options_.sources) {
      auto spec = feeds::parse_source(argument);
      if (!spec) return complain(kUsage, spec.error().message);
      specs.push_back(std::move(*spec));
    }
    // Captures of the same vendor are served as they were, byte for byte.
    if (std::ranges::all_of(specs, &feeds::SourceSpec::is_capture)) {
      std::vector<std::string> files;
      for (const auto& spec : specs) files.push_back(spec.file);
      auto frames = feeds::open_replay_frames(files, options_.vendor);
      if (!frames) {
        return complain(frames.error().kind == feeds::SourceErrorKind::kData ? kBadData : kUsage,
                        frames.error().message);
      }
      if (*frames) {
        server_.emplace(io_, clock_, std::move(*frames), std::move(server));
        return kDone;
      }
    }
    symbols_ = *symbols_of(specs);
    std::vector<feeds::LoadedSource> loaded;
    feeds::SourceNames names;
    for (const auto& spec : specs) {
      auto source = read_source(spec, symbols_, names, {.lenient = options_.lenient, .capture_symbols = {}});
      if (!source) {
        return complain(source.error().kind == feeds::SourceErrorKind::kData ? kBadData : kUsage,
                        source.error().message);
      }
      if (source->bad != 0) complain(0, spec.file + ": " + grouped(source->bad) + " bad rows skipped");
      loaded.push_back(std::move(*source));
    }
    server_.emplace(io_, clock_, feeds::make_replay_source(std::move(loaded), symbols_), std::move(server));
    return kDone;
  }

  void on_done() {
    const auto progress = server_->progress();
    std::fprintf(stderr, "%syagura: replayed %s ticks%s\n", isatty(STDERR_FILENO) ? "\r" : "",
                 grouped(progress.sent).c_str(), options_.exit_at_end ? "" : "; still serving heartbeats, Ctrl-C ends");
    if (const auto problem = server_->problem(); !problem.empty()) complain(0, problem);
    if (options_.exit_at_end) stop();
  }

  void show_progress() {
    if (!isatty(STDERR_FILENO)) return;
    timer_.expires_after(std::chrono::milliseconds{250});
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error || stopped_) return;
      const auto progress = server_->progress();
      if (progress.done) return;
      if (progress.started)
        std::fprintf(stderr, "\r%s ticks, %s  ", grouped(progress.sent).c_str(),
                     format_utc(progress.event_time).c_str());
      show_progress();
    });
  }

  void stop() {
    server_->stop([this] { stopped_ = true; });
  }

  ReplayOptions options_;
  RealClock clock_;
  SymbolTable symbols_;
  boost::asio::io_context io_;
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  boost::asio::steady_timer timer_{io_};
  std::optional<feeds::ReplayServer> server_;
  bool stopped_ = false;
};

}  // namespace

int replay(const ReplayOptions& options) { return Replay{options}.run(); }

}  // namespace yagura::app
