// yagura relay: the feeds' ticks to NATS, for monitors on other machines.
#include <cstdio>
#include <map>

#include <spdlog/spdlog.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "alerts/channels/nats.hpp"
#include "app/commands.hpp"
#include "app/feed_thread.hpp"
#include "app/log.hpp"
#include "app/start_up.hpp"
#include "app/tick_relay.hpp"

namespace yagura::app {
namespace {

// An instrument of two feeds would come out as one stream of both: nobody could tell a gap from the other.
std::optional<std::string> doubled(const config::Settings& settings) {
  std::map<std::string, std::string> feed_of;
  for (const auto& feed : settings.feeds) {
    for (const auto& [symbol, theirs] : feed.symbols) {
      const auto [known, fresh] = feed_of.emplace(symbol, feed.name);
      if (!fresh)
        return symbol + " comes from feed '" + known->second + "' and from feed '" + feed.name +
               "'; a second relay with another publish.subject carries the second";
    }
  }
  return std::nullopt;
}

// Says when the way out is lost, and when it is back.
class RelayLog {
 public:
  void look(net::NatsClient& nats, const TickRelay::Stats& stats) {
    const auto trouble = nats.trouble();
    if (trouble.empty() == trouble_.empty()) return;
    if (trouble.empty())
      spdlog::info("relay: connected; {} ticks lost so far", stats.lost);
    else
      spdlog::warn("relay: {}; ticks are lost until it is back", trouble);
    trouble_ = trouble;
  }

 private:
  std::string trouble_ = "not connected yet";
};

void wait(std::optional<Duration> run_for, net::NatsClient& nats, const TickRelay& relay) {
  boost::asio::io_context io;
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  boost::asio::steady_timer end{io};
  boost::asio::steady_timer second{io};
  if (run_for) {
    end.expires_after(*run_for);
    end.async_wait([&](const boost::system::error_code&) { io.stop(); });
  }
  RelayLog log;
  std::function<void()> watch = [&] {
    log.look(nats, relay.stats());
    second.expires_after(std::chrono::milliseconds{250});
    second.async_wait([&](const boost::system::error_code&) { watch(); });
  };
  watch();
  io.run();
}

}  // namespace

int relay(const RelayOptions& options) {
  if (!net::NatsClient::built_in())
    return complain(kUsage, "this yagura was built without NATS; install libnats-dev and build again");
  const auto settings = load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  if (!settings->publish) return complain(kUsage, settings->file + ": has no [publish] to send ticks to");
  if (settings->feeds.empty()) return complain(kUsage, settings->file + ": has no [[feed]] to relay");
  if (const auto twice = doubled(*settings)) return complain(kUsage, settings->file + ": " + *twice);
  std::optional<Duration> run_for;
  if (!options.run_for.empty() && !(run_for = parse_duration(options.run_for)))
    return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  set_up_log(settings->log);
  auto connection = alerts::connection_options(*settings->publish);
  connection.name = "yagura relay";
  auto nats = net::NatsClient::open(std::move(connection));
  if (!nats) return complain(kUsage, "publish." + nats.error().message);

  const RealClock clock;
  TickRelay relay{**nats, settings->symbols, settings->publish->subject};
  FeedThread feeds{settings->feeds, settings->symbols, std::vector<feeds::TickSink*>(settings->feeds.size(), &relay),
                   clock,           nullptr,           nullptr};
  feeds.start();
  std::fprintf(stderr, "Yagura relay: %zu feed%s to %s.*. Ctrl-C ends.\n", settings->feeds.size(),
               settings->feeds.size() == 1 ? "" : "s", settings->publish->subject.c_str());
  wait(run_for, **nats, relay);
  feeds.stop();
  relay.stop();
  const auto stats = relay.stats();
  std::fprintf(stderr, "%s ticks published, %s lost\n", grouped(stats.published).c_str(), grouped(stats.lost).c_str());
  return kDone;
}

}  // namespace yagura::app
