// yagura console: the screen of a monitor that runs somewhere else.
#include <unistd.h>

#include <cstdlib>

#include "app/commands.hpp"
#include "app/console_lines.hpp"
#include "app/terminal_screen.hpp"
#include "config/secret.hpp"
#include "console/terminal/terminfo.hpp"

namespace yagura::app {
namespace {

using Why = TerminalScreen::End::Why;

Result<std::string> token_of(const ConsoleOptions& options) {
  if (!options.token_file.empty()) return config::read_secret({{}, options.token_file});
  const char* const environment = std::getenv("YAGURA_TOKEN");
  return std::string{environment == nullptr ? "" : environment};
}

int show_screen(const ConsoleOptions& options, const ConsoleAddress& address, const std::string& token) {
  console::terminal::use_locale_of_terminal();
  auto screen = TerminalScreen::open({.address = address,
                                      .token = token,
                                      .painter = painter_options(options.screen),
                                      .lang = language(options.screen),
                                      .url = address.page(),
                                      .run = "attached",
                                      .on_quit = {}});
  if (!screen) return complain(kFailed, screen.error().message);
  const auto end = (*screen)->run();
  screen->reset();
  return end.why == Why::kRefused ? complain(kFailed, end.text) : kDone;
}

}  // namespace

int attach(const ConsoleOptions& options) {
  const auto address = parse_console_address(options.url);
  if (!address) return complain(kUsage, "--url: " + address.error().message);
  const auto token = token_of(options);
  if (!token) return complain(kUsage, "--token-file: " + token.error().message);
  const bool to_terminal = !options.plain && ::isatty(STDOUT_FILENO) != 0;
  const auto usable = console::terminal::check_terminal();
  if (to_terminal && usable) return show_screen(options, *address, *token);
  if (to_terminal) complain(kDone, usable.error().message + "; printing lines");
  return print_console_lines(*address, *token, language(options.screen));
}

}  // namespace yagura::app
