#include "app/demo.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>

#include "app/start_up.hpp"
#include "config/scenario_file.hpp"
#include "core/clock.hpp"
#include "feeds/replay_server.hpp"
#include "feeds/simulator.hpp"

namespace yagura::app {
namespace {

constexpr auto kScriptTakes = std::chrono::seconds{30};
constexpr double kAfterwards = 144;  // a day in ten minutes

// The simulator's endless ticks, as a replay server wants them.
class Endless final : public feeds::ReplayTickSource {
 public:
  explicit Endless(feeds::ScenarioOptions scenario) : simulator_(std::move(scenario)) {}
  bool next(feeds::ReplayTick& tick) override { return simulator_.next(tick); }
  [[nodiscard]] std::vector<std::string> symbols() const override {
    std::vector<std::string> all;
    for (const auto& instrument : simulator_.options().instruments) all.push_back(instrument.symbol);
    return all;
  }

 private:
  feeds::Simulator simulator_;
};

Timestamp first_time(const feeds::ScenarioOptions& scenario) {
  auto first = Timestamp::max();
  for (const auto& instrument : scenario.instruments) first = std::min(first, instrument.days.front().open.at);
  return first;
}

feeds::PacePlan pace_of(const feeds::ScenarioOptions& scenario, double speed) {
  const auto span = std::chrono::duration<double>(scenario.until - first_time(scenario)).count();
  const double script = speed > 0 ? speed : span / static_cast<double>(kScriptTakes.count());
  return {{.from = Timestamp::min(), .speed = script},
          {.from = scenario.until, .speed = std::min(script, kAfterwards)}};
}

feeds::ReplayServer::Options server_options(feeds::PacePlan pace) {
  feeds::ReplayServer::Options options;
  options.vendor = feeds::find_vendor("native");
  options.pace = std::move(pace);
  return options;
}

// Only what a demo wrote itself is removed.
Result<void> prepare_state(const alerts::StateDir& state, const config::ScenarioFile& file) {
  if (const auto made = state.create(); !made) return Error{made.error().message};
  const auto lock = alerts::StateLock::acquire(state);  // not under the feet of a demo that runs
  if (!lock) return Error{lock.error().message};
  std::error_code ec;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(state.journal_file().string() + suffix, ec);
  std::filesystem::remove(state.ring_file(), ec);
  for (const auto& [symbol, path] : file.history) {
    const auto rows = read_daily(path);
    if (!rows) return rows.error();
    const auto target = state.history_file(symbol);
    std::filesystem::create_directories(target.parent_path(), ec);
    if (const auto stored = alerts::replace_file(target, processing::daily_csv(*rows)); !stored)
      return Error{stored.error().message};
  }
  return {};
}

}  // namespace

class Demo::Impl {
 public:
  Impl(feeds::ScenarioOptions scenario, feeds::PacePlan pace)
      : symbols_(Endless{scenario}.symbols()),
        server_(io_, clock_, std::make_unique<Endless>(std::move(scenario)), server_options(std::move(pace))) {}

  Result<void> start() {
    if (auto listening = server_.listen("127.0.0.1:0"); !listening) return listening;
    port_ = server_.port();
    thread_ = std::thread([this] {
      while (!stopped_) {
        try {
          io_.run_one();
        } catch (const std::exception& error) {
          spdlog::error("demo feed: {}", error.what());
        }
      }
    });
    return {};
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { server_.stop([this] { stopped_ = true; }); });
    thread_.join();
  }

  void redirect(config::Settings& settings) const {
    config::FeedSettings feed{.name = "demo",
                              .vendor = "native",
                              .url = "ws://127.0.0.1:" + std::to_string(port_),
                              .symbols = {},
                              .ca_file = {}};
    for (const auto& symbol : symbols_) {
      if (settings.symbols.find(symbol)) feed.symbols[symbol] = symbol;
    }
    settings.feeds = {std::move(feed)};
    settings.pipeline.on_full = config::OnFull::kWait;
    settings.pipeline.future_limit.reset();
  }

 private:
  RealClock clock_;
  boost::asio::io_context io_;
  std::vector<std::string> symbols_;
  feeds::ReplayServer server_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;  // of the thread
  std::thread thread_;
};

Demo::Demo(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Demo::~Demo() = default;

Result<std::unique_ptr<Demo>> Demo::start(const Options& options) {
  auto file = config::load_scenario(config::default_scenario_path());
  if (!file.ok()) return Error{file.problems.front()};
  if (options.seed) file.scenario.seed = *options.seed;
  if (const auto ready = prepare_state(options.state, file); !ready) return ready.error();
  auto pace = pace_of(file.scenario, options.speed);
  auto impl = std::make_unique<Impl>(std::move(file.scenario), std::move(pace));
  if (const auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<Demo>(new Demo(std::move(impl)));
}

void Demo::redirect(config::Settings& settings) const { impl_->redirect(settings); }

}  // namespace yagura::app
