// yagura version: which build this is, for a bug report.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "app/version.hpp"

namespace yagura::app {

void add_version(CLI::App& cli, Action& action) {
  auto* command = cli.add_subcommand("version", "Print version, commit and compiler");
  command->callback([&action] {
    action = [] {
      std::printf("yagura %s (%s)\n%s, %s, %s\n", kVersion, kCommit, kCompiler, kBuildType, "C++20");
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace yagura::app
