// yagura run: the monitor.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/live_monitor.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

// Log lines leave the thread that says them at once; when stderr is stuck the oldest are dropped.
void set_up_log(const std::string& level) {
  spdlog::init_thread_pool(8192, 1);
  auto logger = spdlog::create_async_nb<spdlog::sinks::stderr_color_sink_mt>("yagura");
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

AlertDesk::ScreenFormat format_of(const RunOptions& options) {
  if (options.json) return AlertDesk::ScreenFormat::kJson;
  const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr && !options.plain;
  return colour ? AlertDesk::ScreenFormat::kColour : AlertDesk::ScreenFormat::kLines;
}

void apply_console(const std::string& argument, config::ConsoleSettings& console) {
  if (argument.empty()) return;
  console.enabled = argument != "off";
  if (console.enabled) console.listen = argument;
}

void greet(const LiveMonitor& monitor, const config::Settings& settings, const alerts::StateDir& state, bool demo) {
  std::string watched;
  for (const auto& info : settings.monitor.instruments) watched += (watched.empty() ? "" : " and ") + info.name;
  std::fprintf(stderr, "Yagura watches %s with %zu rules.\n", watched.c_str(), settings.monitor.rules.size());
  if (demo) {
    std::fprintf(stderr,
                 "Demo: 9 to 12 February 2026 in about half a minute, then day after day. The prices are synthetic, drawn between published figures.\n");
  }
  if (const auto url = monitor.console_url(); !url.empty()) std::fprintf(stderr, "Console: %s\n", url.c_str());
  std::fprintf(stderr, "State: %s. Ctrl-C ends.\n", state.path().c_str());
}

}  // namespace

int run(const RunOptions& options) {
  auto settings = load_settings(options.config);
  if (!settings) return kUsage;
  apply_console(options.console, settings->console);
  std::optional<Duration> run_for;
  if (!options.run_for.empty()) {
    run_for = parse_duration(options.run_for);
    if (!run_for || *run_for <= Duration{0}) return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  }
  auto state = alerts::StateDir::resolve(options.state);
  if (!state) return complain(kUsage, state.error().message);
  if (options.demo) state = alerts::StateDir{state->path() / "demo"};
  if (!options.demo && settings->feeds.empty()) {
    return complain(kUsage, settings->file + ": has no [[feed]], so there is nothing to watch; --demo plays the bundled scenario");
  }
  set_up_log(settings->log.level);

  std::unique_ptr<Demo> demo;
  if (options.demo) {
    auto started = Demo::start({.state = *state, .speed = options.speed, .seed = options.seed});
    if (!started) return complain(kFailed, started.error().message);
    demo = std::move(*started);
    demo->redirect(*settings);
  }
  LiveMonitor monitor{{.settings = *settings,
                       .state = *state,
                       .screen = true,
                       .format = format_of(options),
                       .run_for = run_for,
                       .note = options.demo ? "synthetic prices" : "",
                       .demo = options.demo}};
  if (const auto failure = monitor.start()) return complain(failure->code, failure->message);
  greet(monitor, *settings, *state, options.demo);
  const int code = monitor.run();
  monitor.print_latency(stderr);
  spdlog::shutdown();
  return code;
}

}  // namespace yagura::app
