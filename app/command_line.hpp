// The command line: every command and option as a user sees them.
#pragma once

namespace yagura::app {

// Parses, runs the command, returns the exit code of the process.
int run_command_line(int argc, char** argv);

}  // namespace yagura::app
