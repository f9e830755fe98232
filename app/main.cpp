#include <csignal>
#include <exception>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"

namespace {

// A reader that went away or a full quota must be an error code, not the end of the monitor.
void ignore_deadly_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace yagura::app;
  ignore_deadly_signals();
  try {
    CLI::App cli{"Yagura watches the Nikkei 225 and USD/JPY and says at once what matters.", "yagura"};
    cli.require_subcommand(1);
    cli.failure_message([](const CLI::App*, const CLI::Error& error) {
      return "yagura: " + std::string(error.what()) + " (yagura --help shows the usage)\n";
    });
    Action action;
    add_run(cli, action);
    add_replay(cli, action);
    add_record(cli, action);
    add_backtest(cli, action);
    add_decode(cli, action);
    add_simulate(cli, action);
    add_import(cli, action);
    add_check(cli, action);
    add_version(cli, action);
    try {
      cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return cli.exit(error) == 0 ? kDone : kUsage;
    }
    return action();
  } catch (const std::exception& error) {
    return complain(kFailed, error.what());
  }
}
