#include <csignal>
#include <exception>

#include "app/command_line.hpp"
#include "app/commands.hpp"

int main(int argc, char** argv) {
  // A reader that went away or a full quota must be an error code, not the end of the monitor.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return yagura::app::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    return yagura::app::complain(yagura::app::kFailed, error.what());
  }
}
