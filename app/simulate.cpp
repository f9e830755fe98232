// yagura simulate: a scenario's ticks into a file.
#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/progress.hpp"
#include "app/start_up.hpp"
#include "config/scenario_file.hpp"
#include "feeds/simulator.hpp"

namespace yagura::app {
namespace {

// Tells a terminal how much of the script's time has been drawn.
feeds::OnSimulated drawing(Progress& progress, const feeds::ScenarioOptions& scenario) {
  if (!progress.visible()) return {};
  constexpr std::uint64_t kBetweenUpdates = 4096;
  return [&progress, until = scenario.until, first = Timestamp::max()](std::uint64_t count, Timestamp at) mutable {
    first = std::min(first, at);
    if (count % kBetweenUpdates == 0 && until > first)
      progress.update(std::chrono::duration<double>(at - first) / std::chrono::duration<double>(until - first), count);
  };
}

// The count, or why it failed; no line of progress is left behind.
Result<std::uint64_t> draw(const feeds::ScenarioOptions& scenario, const std::string& out) {
  Progress progress{"drawing " + scenario.name};
  return feeds::write_scenario(scenario, out, drawing(progress, scenario));
}

}  // namespace

int simulate(const SimulateOptions& options) {
  auto file = config::load_scenario(options.scenario.empty() ? config::default_scenario_path() : options.scenario);
  for (const auto& problem : file.problems) complain(kUsage, problem);
  if (!file.ok()) return kUsage;
  if (!has_ending(options.out, {".csv", ".csv.gz", ".ycap", ".ycap.gz"})) {
    return complain(kUsage, "--out " + options.out + ": must end in .csv, .csv.gz, .ycap or .ycap.gz");
  }
  if (options.seed) file.scenario.seed = *options.seed;
  const auto written = draw(file.scenario, options.out);
  if (!written) return complain(kFailed, written.error().message);
  std::fprintf(stderr, "%s: %s synthetic ticks of scenario %s, seed %llu\n", options.out.c_str(),
               grouped(*written).c_str(), file.scenario.name.c_str(),
               static_cast<unsigned long long>(file.scenario.seed));
  return kDone;
}

}  // namespace yagura::app
