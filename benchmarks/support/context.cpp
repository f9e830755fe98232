// What a figure was measured with, at the head of every report. A build that is not the shipped
// one says so before the first number.
#include <benchmark/benchmark.h>

#include <sys/utsname.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "app/version.hpp"
#include "benchmarks/support/scenario.hpp"

namespace yagura::bench {
namespace {

std::string cpu_model() {
  std::ifstream cpuinfo{"/proc/cpuinfo"};
  constexpr std::string_view kKey = "model name";
  for (std::string line; std::getline(cpuinfo, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with(kKey) && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string kernel() {
  utsname name{};
  return uname(&name) == 0 ? std::string{name.sysname} + " " + name.release : "unknown";
}

bool is_release() {
#ifdef NDEBUG
  return std::string_view{app::kBuildType} == "Release";
#else
  return false;
#endif
}

// Runs before main(), which belongs to the library.
const bool kContextAdded = [] {
  benchmark::AddCustomContext("compiler", app::kCompiler);
  benchmark::AddCustomContext("build_type", app::kBuildType);
  benchmark::AddCustomContext("commit", app::kCommit);
  benchmark::AddCustomContext("cpu_model", cpu_model());
  benchmark::AddCustomContext("cores", std::to_string(std::thread::hardware_concurrency()));
  benchmark::AddCustomContext("kernel", kernel());
  benchmark::AddCustomContext("input", std::string{kScenarioName} + " (synthetic), rules of config/yagura.toml");
  if (!is_release()) {
    std::fprintf(stderr,
                 "\n*** WARNING: this is a \"%s\" build with assertions or without optimisation. ***\n"
                 "*** Its figures mean nothing. Use: cmake --preset bench && cmake --build --preset bench ***\n\n",
                 app::kBuildType);
    benchmark::AddCustomContext("WARNING", "NOT A RELEASE BUILD, FIGURES MEAN NOTHING");
  }
  return true;
}();

}  // namespace
}  // namespace yagura::bench
