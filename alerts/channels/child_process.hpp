// A program of the user's, run to its end under a time limit. No shell.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace yagura::alerts {

struct ChildOptions {
  std::vector<std::string> command;   // program, searched in PATH, and arguments
  std::vector<std::string> pass_env;  // of our environment, besides the usual (PATH, HOME, locale, session bus ...)
  std::vector<std::pair<std::string, std::string>> env;
  std::string_view input;  // what it reads on standard input
  Duration timeout = std::chrono::seconds{10};
};

struct ChildOutcome {
  enum class End : std::uint8_t { kExited, kSignalled, kTimedOut, kStopped, kNotStarted };
  End end = End::kNotStarted;
  int code = 0;            // exit code, signal or errno
  std::string first_line;  // of its output, both kinds; printable, at most 200 characters
};

// Blocks. The child leads a process group of its own, with no descriptor of ours but its three, every signal
// at its default and none blocked. After the time limit the group gets SIGTERM and two seconds later SIGKILL;
// a request to stop ends it within 100 ms. Its output is read until it exits, and all but the first line
// dropped; what it left running in the background stays.
[[nodiscard]] ChildOutcome run_child(const ChildOptions& options, const std::stop_token& stop);

// The file that a command's first word means, empty when there is none that may be run.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace yagura::alerts
