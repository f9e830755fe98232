// yagura simulate: a scenario's ticks into a file.
#include <cstdio>

#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "config/scenario_file.hpp"
#include "feeds/simulator.hpp"

namespace yagura::app {
namespace {}  // namespace

int simulate(const SimulateOptions& options) {
  auto file = config::load_scenario(options.scenario.empty() ? config::default_scenario_path() : options.scenario);
  for (const auto& problem : file.problems) complain(kUsage, problem);
  if (!file.ok()) return kUsage;
  if (!has_ending(options.out, {".csv", ".csv.gz", ".ycap", ".ycap.gz"})) {
    return complain(kUsage, "--out " + options.out + ": must end in .csv, .csv.gz, .ycap or .ycap.gz");
  }
  if (options.seed) file.scenario.seed = *options.seed;
  const auto written = feeds::write_scenario(file.scenario, options.out);
  if (!written) return complain(kFailed, written.error().message);
  std::fprintf(stderr, "%s: %s synthetic ticks of scenario %s, seed %llu\n", options.out.c_str(),
               grouped(*written).c_str(), file.scenario.name.c_str(),
               static_cast<unsigned long long>(file.scenario.seed));
  return kDone;
}

}  // namespace yagura::app
