// yagura run: the monitor.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/live_monitor.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

struct RunOptions {
  std::string config;
  std::string state;
  std::string console;
  std::string run_for;
  bool terminal = false;
  bool plain = false;
  bool json = false;
  bool demo = false;
  double speed = 0;
  std::optional<std::uint64_t> seed;
};

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

}  // namespace

void add_run(CLI::App& cli, Action& action) {
  auto options = std::make_shared<RunOptions>();
  auto* command = cli.add_subcommand("run", "Watch the feeds and say what matters");
  command->add_option("--config", options->config, "Configuration file")->type_name("FILE");
  command->add_option("--state", options->state, "State directory")->type_name("DIR");
  command->add_option("--console", options->console, "Where to serve the console, or 'off'")->type_name("ADDR:PORT|off");
  auto* terminal = command->add_flag("--terminal", options->terminal, "Screen for people (lines, in this version)");
  auto* plain = command->add_flag("--plain", options->plain, "One line an alert, without colour");
  auto* json = command->add_flag("--json", options->json, "One JSON object an alert");
  plain->excludes(json)->excludes(terminal);
  json->excludes(terminal);
  auto* demo = command->add_flag("--demo", options->demo, "Play the bundled scenario instead of the feeds");
  command->add_option("--speed", options->speed, "Demo: recorded seconds a second")->check(CLI::PositiveNumber)->needs(demo);
  command->add_option("--seed", options->seed, "Demo: another path between the same points")->needs(demo);
  command->add_option("--for", options->run_for, "End after so long")->type_name("DURATION");
  command->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace yagura::app
