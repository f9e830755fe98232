#include "app/monitor_screen.hpp"

#include "app/live_monitor.hpp"
#include "app/log.hpp"
#include "config/secret.hpp"
#include "core/thread_name.hpp"

namespace yagura::app {
namespace {

// A console that listens everywhere listens on loopback, too.
std::string reachable(std::string url) {
  for (const auto& [everywhere, here] :
       {std::pair{"://0.0.0.0:", "://127.0.0.1:"}, std::pair{"://[::]:", "://[::1]:"}}) {
    if (const auto at = url.find(everywhere); at != std::string::npos)
      return url.replace(at, std::string_view{everywhere}.size(), here);
  }
  return url;
}

}  // namespace

Result<std::unique_ptr<MonitorScreen>> MonitorScreen::open(const ScreenOptions& options,
                                                           const config::ConsoleSettings& console,
                                                           LiveMonitor& monitor) {
  const auto address = parse_console_address(reachable(monitor.console_url()));
  if (!address) return address.error();
  const auto token = config::read_secret({console.token_env, console.token_file});
  if (!token) return token.error();
  hold_log(nullptr);  // before the terminal is covered
  auto ended_it = std::make_shared<std::atomic<bool>>(false);
  auto screen = TerminalScreen::open({.address = *address,
                                      .token = *token,
                                      .painter = painter_options(options),
                                      .lang = language(options),
                                      .url = monitor.console_url(),
                                      .run = "monitor",
                                      .on_quit = [&monitor, ended_it] {
                                        ended_it->store(true);
                                        monitor.stop();
                                      }});
  if (!screen) {
    release_log();
    return screen.error();
  }
  return std::unique_ptr<MonitorScreen>{new MonitorScreen{std::move(*screen), std::move(ended_it)}};
}

MonitorScreen::MonitorScreen(std::unique_ptr<TerminalScreen> screen, Flag ended_it)
    : ended_it_(std::move(ended_it)), screen_(std::move(screen)) {
  hold_log([this](std::string text) { screen_->tell(std::move(text)); });
  thread_ = std::jthread{[this] {
    name_this_thread("screen");
    screen_->run();
  }};
}

MonitorScreen::~MonitorScreen() {
  screen_->stop();
  thread_.join();
  hold_log(nullptr);
  screen_.reset();
  release_log();
}

}  // namespace yagura::app
