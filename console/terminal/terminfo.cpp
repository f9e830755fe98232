#include "console/terminal/terminfo.hpp"

#include <ncurses.h>
#include <term.h>  // its macros have everyday names: kept out of other sources
#include <unistd.h>

#include <cstdlib>

#include "alerts/plain_text.hpp"

namespace yagura::console::terminal {

namespace {

const char* found(const char* name) {
  const char* const bytes = ::tigetstr(name);
  return bytes == reinterpret_cast<const char*>(-1) ? nullptr : bytes;
}

std::string without_delays(std::string text) {
  for (auto from = text.find("$<"); from != std::string::npos; from = text.find("$<")) {
    const auto end = text.find('>', from);
    text.erase(from, end == std::string::npos ? end : end - from + 1);
  }
  return text;
}

}  // namespace

std::string name_of_terminal() {
  const char* const name = std::getenv("TERM");
  return name == nullptr || *name == '\0' ? "TERM is not set" : "TERM=" + alerts::printable(name, 40);
}

Result<void> check_terminal() {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0)
    return Error{"standard input and output are no terminal"};
  if (const auto group = ::tcgetpgrp(STDIN_FILENO); group >= 0 && group != ::getpgrp())
    return Error{"in the background: the terminal is somebody else's"};
  const char* const name = std::getenv("TERM");
  if (name == nullptr || *name == '\0') return Error{name_of_terminal()};
  int found = 0;
  if (::setupterm(nullptr, STDOUT_FILENO, &found) != OK) return Error{name_of_terminal() + ": not known here"};
  const bool lines_only = capability("cup").empty() || capability("clear").empty();
  ::del_curterm(::cur_term);
  if (lines_only) return Error{name_of_terminal() + ": can only print lines"};
  return {};
}

std::string capability(const char* name) {
  const char* const bytes = found(name);
  return bytes == nullptr ? std::string{} : without_delays(bytes);
}

std::string go_to_row(int row) {
  const char* const place = found("cup");
  const char* const bytes = place == nullptr ? nullptr : ::tiparm(place, row, 0);
  return bytes == nullptr ? std::string{} : without_delays(bytes);
}

}  // namespace yagura::console::terminal
