// yagura run: the monitor.
#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/live_monitor.hpp"
#include "app/log.hpp"
#include "app/monitor_screen.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"
#include "console/access.hpp"
#include "console/terminal/painter.hpp"
#include "console/terminal/terminfo.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::app {
namespace {

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

// The screen where there is a terminal for it; lines otherwise, and a word about why.
Result<bool> wants_screen(const RunOptions& options, const config::ConsoleSettings& console) {
  const bool on_terminal = console::terminal::has_terminal();
  if (options.json || options.plain || (!on_terminal && !options.terminal)) return false;
  std::string problem;
  if (const auto usable = console::terminal::check_terminal(); !usable) problem = usable.error().message;
  if (problem.empty() && !console.enabled) problem = "the screen needs the console, which is off";
  if (problem.empty()) return true;
  if (options.terminal) return Error{"--terminal: " + problem};
  print_to_people(problem + "; printing lines\n");
  return false;
}

// Whether the console may be served where the settings say.
Result<void> exposure_of(const config::ConsoleSettings& console) {
  const bool has_token = !console.token_env.empty() || !console.token_file.empty();
  return console::check_exposure({.listen = console.listen,
                                  .token = has_token ? "one is configured" : "",
                                  .insecure = console.insecure,
                                  .hosts = console.hosts});
}

void greet(const LiveMonitor& monitor, const config::Settings& settings, const alerts::StateDir& state, bool demo) {
  const auto url = monitor.console_url();
  if (log_is_json())
    log_event(spdlog::level::info, "started", {{"console", url}, {"state", state.path().string()}}, "watching");
  std::string watched;
  const auto& all = settings.monitor.instruments;
  for (std::size_t i = 0; i < all.size(); ++i)
    watched += (i == 0 ? "" : i + 1 == all.size() ? " and " : ", ") + all[i].name;
  const auto rules = speaking_rules(settings);
  std::string text = fmt::format("Yagura watches {} with {} rule{}.\n", watched, rules, rules == 1 ? "" : "s");
  if (demo)
    text +=
        "Demo: 9 to 12 February 2026 in about half a minute, then day after day. The prices are synthetic, "
        "drawn between published figures.\n";
  if (!url.empty()) text += fmt::format("Console: {}\n", url);
  text += fmt::format("State: {}. Ctrl-C ends.\n", state.path().string());
  print_to_people(text);
}

int fail(const LiveMonitor::Failure& failure) {
  if (log_is_json()) {
    log_event(spdlog::level::critical, "start_failed", {}, failure.message);
    close_log();
    return failure.code;
  }
  return complain(failure.code, failure.message);
}

}  // namespace

int run(const RunOptions& options) {
  auto settings = options.demo ? load_settings(options.config) : load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  const auto missing = config::read_sink_secrets(*settings);
  for (const auto& problem : missing) complain(kUsage, problem);
  if (!missing.empty()) return kUsage;
  apply_console(options.console, settings->console);
  std::optional<Duration> run_for;
  if (!options.run_for.empty()) {
    run_for = parse_duration(options.run_for);
    if (!run_for || *run_for <= Duration{0})
      return complain(kUsage, "--for " + options.run_for + ": must be a duration such as 90s or 10m");
  }
  auto state = alerts::StateDir::resolve(options.state);
  if (!state) return complain(kUsage, state.error().message);
  if (options.demo) state = alerts::StateDir{state->path() / "demo"};
  if (!options.demo && settings->feeds.empty()) {
    return complain(
        kUsage, settings->file + ": has no [[feed]], so there is nothing to watch; --demo plays the bundled scenario");
  }
  std::optional<double> speed;
  if (!options.speed.empty() && !(speed = parse_speed(options.speed))) {
    return complain(kUsage, "--speed " + options.speed + ": must be a number above zero, up to a million");
  }
  if (const auto good = net::check_listen_address(settings->console.listen); settings->console.enabled && !good) {
    return complain(kUsage, "--console: " + good.error().message);
  }
  if (const auto safe = exposure_of(settings->console); settings->console.enabled && !safe)
    return complain(kUsage, safe.error().message);
  const auto on_screen = wants_screen(options, settings->console);
  if (!on_screen) return complain(kUsage, on_screen.error().message);
  if (*on_screen) console::terminal::use_locale_of_terminal();
  auto manager = ServiceManager::from_environment();
  set_up_log(settings->log);

  std::unique_ptr<Demo> demo;
  if (options.demo) {
    auto started = Demo::start({.state = *state, .speed = speed.value_or(0), .seed = options.seed});
    if (!started) return complain(kFailed, started.error().message);
    demo = std::move(*started);
    demo->redirect(*settings);
  }
  LiveMonitor monitor{{.settings = *settings,
                       .state = *state,
                       .screen = !*on_screen,
                       .format = format_of(options),
                       .run_for = run_for,
                       .note = options.demo ? "synthetic prices" : "",
                       .demo = options.demo,
                       .manager = std::move(manager)}};
  if (const auto failure = monitor.start()) return fail(*failure);
  greet(monitor, *settings, *state, options.demo);
  std::unique_ptr<MonitorScreen> screen;
  if (*on_screen) {
    auto opened = MonitorScreen::open(options.screen, settings->console, monitor);
    if (!opened) {
      close_log();
      return complain(kFailed, "the screen: " + opened.error().message);
    }
    screen = std::move(*opened);
  }
  const int code = monitor.run();
  const bool by_viewer = screen && screen->ended_it();
  screen.reset();
  if (by_viewer) print_to_people("The monitor ended with its screen.\n");
  if (log_is_json()) log_event(spdlog::level::info, "stopped", {{"code", std::to_string(code)}}, "stopped");
  print_to_people(monitor.latency_table());
  close_log();
  return code;
}

}  // namespace yagura::app
