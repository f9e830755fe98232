// The subcommands: each file adds its own to the command line. A command returns an exit code:
// 0 done, 1 failed while running, 2 wrong usage or configuration, 3 bad input data.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace yagura::app {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kBadData = 3 };

// What to do once the command line is understood.
using Action = std::function<int()>;

void add_run(CLI::App& cli, Action& action);
void add_replay(CLI::App& cli, Action& action);
void add_record(CLI::App& cli, Action& action);
void add_backtest(CLI::App& cli, Action& action);
void add_decode(CLI::App& cli, Action& action);
void add_simulate(CLI::App& cli, Action& action);
void add_import(CLI::App& cli, Action& action);
void add_check(CLI::App& cli, Action& action);
void add_version(CLI::App& cli, Action& action);

// One line on stderr, "yagura: MESSAGE", each line of `message` so; gives `code` back.
int complain(int code, const std::string& message);

}  // namespace yagura::app
