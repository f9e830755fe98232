// What the steps of a tick and of an alert cost in instructions, which no neighbour changes. Started by
// benchmarks/instructions/count.py, which reads callgrind's file and compares it with instructions.json.
#include <cstdio>
#include <exception>

#include "app/version.hpp"
#include "benchmarks/instructions/meter.hpp"

int main() {
  try {
    std::printf("build %s\ncompiler %s\n", yagura::app::kBuildType, yagura::app::kCompiler);
    yagura::bench::Meter meter;
    yagura::bench::count_feeds(meter);
    yagura::bench::count_processing(meter);
    yagura::bench::count_alerts(meter);
    yagura::bench::count_net(meter);
    std::puts("done");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
