#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>

#include "app/command_line.hpp"
#include "app/commands.hpp"

int main(int argc, char** argv) {
  // A reader that went away or a full quota must be an error code, not the end of the monitor.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int code = yagura::app::run_command_line(argc, argv);
    // What was printed must have arrived before the command may be called done.
    const bool printed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.flush();
    if (code == yagura::app::kDone && !printed)
      return yagura::app::complain(yagura::app::kFailed, "standard output: writing failed");
    return code;
  } catch (const std::exception& error) {
    return yagura::app::complain(yagura::app::kFailed, error.what());
  }
}
