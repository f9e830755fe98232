// yagura version: which build this is, for a bug report.
#include <cstdio>

#include "app/commands.hpp"
#include "app/version.hpp"

namespace yagura::app {

int version() {
  std::printf("yagura %s (%s)\n%s, %s, C++20\n", kVersion, kCommit, kCompiler, kBuildType);
  return kDone;
}

}  // namespace yagura::app
