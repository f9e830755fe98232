#include "app/feed_thread.hpp"

#include <random>

#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>

#include "app/log.hpp"
#include "core/thread_name.hpp"
#include "feeds/curl_http.hpp"
#include "feeds/curl_stream.hpp"
#include "feeds/nats_transport.hpp"

namespace yagura::app {
namespace {

constexpr auto kSoon = std::chrono::milliseconds{2};
constexpr auto kBeat = std::chrono::milliseconds{250};
// While it spins, what is not read by polling is looked at every so many turns.
constexpr std::uint64_t kContextEvery = 16;

void write(const FeedLog::Line& line, std::string_view event, const feeds::FeedStatus& status) {
  static constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                          spdlog::level::warn};
  log_event(kLevels[static_cast<std::size_t>(line.level)], event,
            {{"feed", status.name}, {"state", to_string(status.state)}, {"reason", to_string(status.reason)}},
            line.text);
}

std::string_view name_of_change(feeds::FeedState state) {
  if (state == feeds::FeedState::kBackoff) return "feed_lost";
  return state == feeds::FeedState::kLive ? "feed_live" : "feed_state";
}

feeds::FeedSession::Options session_options(const config::FeedSettings& feed, const SymbolTable& symbols) {
  feeds::FeedSession::Options options;
  options.name = feed.name;
  options.url =
      *feeds::parse_url(feed.url, feeds::find_vendor(feed.vendor)->carrier);  // checked when the settings were read
  for (const auto& [ours, theirs] : feed.symbols) options.symbols.push_back({*symbols.find(ours), theirs});
  options.login_url = feed.login_url;
  options.ca_file = feed.ca_file;
  options.proxy = feed.ws_proxy;
  options.login_proxy = feed.login_proxy;
  options.secrets = feed.secrets();
  options.silence = feed.silence;
  options.seed = std::random_device{}();  // so that a thousand monitors do not come back in step
  return options;
}

}  // namespace

FeedThread::FeedThread(const std::vector<config::FeedSettings>& feeds, const SymbolTable& symbols,
                       const std::vector<feeds::TickSink*>& sinks, const Clock& clock, feeds::FrameTap* tap,
                       boost::asio::io_context* shared, Duration spin_for, Hooks hooks)
    : io_(shared != nullptr ? *shared : own_),
      has_thread_(shared == nullptr),
      spin_for_(spin_for),
      log_(clock),
      clock_(clock),
      client_(feeds::make_ws_transport(io_, clock, spin_for > Duration{0})),
      streams_(feeds::make_http_transport(io_, clock)),
      nats_(feeds::make_nats_transport(io_, clock)),
      http_(feeds::make_http_caller(io_)),
      timer_(io_),
      beat_timer_(io_) {
  if (!hooks.on_change) {
    hooks.on_change = [this](const feeds::FeedStatus& status) {
      if (const auto line = log_.on_change(status)) write(*line, name_of_change(status.state), status);
    };
  }
  if (!hooks.on_error) {
    hooks.on_error = [this](const feeds::FeedStatus& status) {
      if (const auto line = log_.on_error(status)) write(*line, "feed_error", status);
    };
  }
  for (const auto& feed : feeds) {
    const auto& vendor = *feeds::find_vendor(feed.vendor);
    auto& transport = vendor.carrier == feeds::Carrier::kHttp   ? *streams_
                      : vendor.carrier == feeds::Carrier::kNats ? *nats_
                                                                : *client_;
    all_websockets_ = all_websockets_ && &transport == client_.get();
    sessions_.push_back(std::make_unique<feeds::FeedSession>(
        session_options(feed, symbols), vendor.make_codec({feed.credentials, feed.json}),
        feeds::FeedSession::Context{.io = io_,
                                    .client = transport,
                                    .clock = clock,
                                    .sources = sources_,
                                    .sink = *sinks[sessions_.size()],
                                    .pacer = &pacers_[feed.vendor],
                                    .tap = tap,
                                    .on_change = hooks.on_change,
                                    .http = http_.get(),
                                    .on_stage = hooks.on_stage,
                                    .on_error = hooks.on_error}));
  }
}

FeedThread::~FeedThread() { stop(); }

void FeedThread::start(std::function<void()> prepare) {
  boost::asio::post(io_, [this] {
    for (auto& session : sessions_) session->start();
    beat();
  });
  if (!has_thread_) return;
  work_.emplace(io_.get_executor());
  thread_ = std::thread([this, prepare = std::move(prepare)] {
    name_this_thread("feeds");
    if (prepare) prepare();
    while (!io_.stopped()) {
      try {
        if (spin_for_ > Duration{0}) {
          turn();
        } else {
          io_.run();
        }
      } catch (const std::exception& error) {
        spdlog::error("feed thread: {}", error.what());
      }
    }
  });
}

// Looks for work, and sleeps when there has been none for a while.
void FeedThread::turn() {
  const bool read = client_->poll();
  bool any = read;
  if (context_too() || ++turns_ % kContextEvery == 0) any = io_.poll_one() != 0 || any;
  if (read) pause_.worked();
  if (spin_for_ == Duration::max()) return pause_();
  if (any) last_traffic_ = clock_.mono();
  if (any || clock_.mono() - last_traffic_ < spin_for_) return pause_();
  client_->park();
  io_.run_one();
  last_traffic_ = clock_.mono();
}

void FeedThread::stop() {
  const auto goodbye = [this] {
    for (auto& session : sessions_) session->stop();
    timer_.cancel();
    beat_timer_.cancel();
    pulse_.rest();
  };
  if (!has_thread_) return goodbye();
  if (!thread_.joinable()) return;
  // Time for the close frames to go out; vendors that do not answer are not waited for.
  boost::asio::post(io_, [this, goodbye] {
    goodbye();
    work_.reset();
    timer_.expires_after(std::chrono::milliseconds{300});
    timer_.async_wait([this](const boost::system::error_code&) { io_.stop(); });
  });
  thread_.join();
}

void FeedThread::restart(std::size_t feed, std::uint64_t connection, std::string why) {
  boost::asio::post(io_, [this, feed, connection, why = std::move(why)] { sessions_[feed]->restart(why, connection); });
}

void FeedThread::beat() {
  pulse_.beat();
  beat_timer_.expires_after(kBeat);
  beat_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) beat();
  });
}

void FeedThread::soon(std::function<void()> work) {
  if (timer_armed_) return;
  timer_armed_ = true;
  timer_.expires_after(kSoon);
  timer_.async_wait([this, work = std::move(work)](const boost::system::error_code& error) {
    timer_armed_ = false;
    if (!error) work();
  });
}

}  // namespace yagura::app
