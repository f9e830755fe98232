// yagura notify: drives the sinks from the stream in which the monitors' alerts meet.
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include <spdlog/spdlog.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "alerts/channels/make_channel.hpp"
#include "alerts/channels/nats.hpp"
#include "app/commands.hpp"
#include "app/log.hpp"
#include "app/notify_lane.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"

namespace yagura::app {
namespace {

// Those that lead to people; a sink of kind nats leads back to where we are.
std::vector<alerts::SinkOptions> outside_sinks(const config::Settings& settings) {
  auto sinks = settings.sinks;
  std::erase_if(sinks, [](const auto& sink) { return std::holds_alternative<alerts::NatsChannel>(sink.channel); });
  return sinks;
}

struct Running {
  std::string name;
  std::unique_ptr<NotifyLane> lane;
  std::jthread thread;  // last: it uses the lane
};

Result<std::vector<Running>> make_lanes(const config::Settings& settings, net::NatsClient& nats, DeadLetters& dead,
                                        const Clock& clock) {
  std::vector<Running> lanes;
  for (auto& sink : outside_sinks(settings)) {
    auto channel = alerts::make_channel(sink);
    if (!channel) return channel.error();
    Running running;
    running.name = sink.name;
    NotifyLane::Options options;
    options.stream = alerts::alert_stream(*settings.notify);
    options.durable = "notify-" + net::nats_token(sink.name);
    options.instruments = settings.monitor.instruments;
    options.seed = std::random_device{}();
    options.sink = std::move(sink);
    running.lane = std::make_unique<NotifyLane>(std::move(options), nats, std::move(*channel), dead, clock);
    lanes.push_back(std::move(running));
  }
  return lanes;
}

void wait_for_signal(std::optional<Duration> run_for) {
  boost::asio::io_context io;
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  boost::asio::steady_timer end{io};
  if (run_for) {
    end.expires_after(*run_for);
    end.async_wait([&](const boost::system::error_code&) { io.stop(); });
  }
  io.run();
}

void print_summary(const std::vector<Running>& lanes) {
  for (const auto& running : lanes) {
    const auto stats = running.lane->stats();
    std::fprintf(stderr, "%s: %s delivered, %s known already, %s attempts failed, %s dead letters%s\n",
                 running.name.c_str(), grouped(stats.delivered).c_str(), grouped(stats.repeated).c_str(),
                 grouped(stats.failed).c_str(), grouped(stats.dead).c_str(), stats.gone ? ", off" : "");
  }
}

}  // namespace

int notify(const NotifyOptions& options) {
  if (!net::NatsClient::built_in())
    return complain(kUsage, "this yagura was built without NATS; install libnats-dev and build again");
  auto settings = load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  const auto problems = config::read_sink_secrets(*settings);
  for (const auto& problem : problems) complain(kUsage, problem);
  if (!problems.empty()) return kUsage;
  if (!settings->notify) return complain(kUsage, settings->file + ": has no [notify] to take alerts from");
  if (outside_sinks(*settings).empty()) return complain(kUsage, settings->file + ": has no [[sink]] to drive");
  std::optional<Duration> run_for;
  if (!options.run_for.empty() && !(run_for = parse_duration(options.run_for)))
    return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  const auto state = alerts::StateDir::resolve(options.state);
  if (!state) return complain(kUsage, state.error().message);
  if (const auto made = state->create(); !made) return complain(kFailed, made.error().message);
  set_up_log(settings->log);

  auto connection = alerts::connection_options(*settings->notify);
  connection.name = "yagura notify";
  auto nats = net::NatsClient::open(std::move(connection));
  if (!nats) return complain(kUsage, "notify." + nats.error().message);
  const RealClock clock;
  DeadLetters dead{state->path() / "dead-letters.jsonl"};
  auto lanes = make_lanes(*settings, **nats, dead, clock);
  if (!lanes) return complain(kUsage, lanes.error().message);
  for (auto& running : *lanes)
    running.thread = std::jthread{[lane = running.lane.get()](const std::stop_token& stop) { lane->run(stop); }};
  std::fprintf(stderr, "Yagura notify: %zu sink%s from stream %s. Ctrl-C ends.\n", lanes->size(),
               lanes->size() == 1 ? "" : "s", settings->notify->stream.c_str());
  wait_for_signal(run_for);
  for (auto& running : *lanes) running.thread.request_stop();
  for (auto& running : *lanes) running.thread.join();
  print_summary(*lanes);
  return kDone;
}

}  // namespace yagura::app
