// yagura simulate: a scenario's ticks into a file.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "config/scenario_file.hpp"
#include "feeds/simulator.hpp"

namespace yagura::app {
namespace {

struct SimulateOptions {
  std::string scenario;
  std::string out;
  std::optional<std::uint64_t> seed;
};

int simulate(const SimulateOptions& options) {
  auto file = config::load_scenario(options.scenario.empty() ? config::default_scenario_path() : options.scenario);
  for (const auto& problem : file.problems) complain(kUsage, problem);
  if (!file.ok()) return kUsage;
  if (options.seed) file.scenario.seed = *options.seed;
  const auto written = feeds::write_scenario(file.scenario, options.out);
  if (!written) return complain(kFailed, written.error().message);
  std::fprintf(stderr, "%s: %s synthetic ticks of scenario %s, seed %llu\n", options.out.c_str(), grouped(*written).c_str(), file.scenario.name.c_str(),
               static_cast<unsigned long long>(file.scenario.seed));
  return kDone;
}

}  // namespace

void add_simulate(CLI::App& cli, Action& action) {
  auto options = std::make_shared<SimulateOptions>();
  auto* command = cli.add_subcommand("simulate", "Draw the ticks of a scenario into a file");
  command->add_option("--scenario", options->scenario, "Scenario; the bundled one by default")->type_name("FILE");
  command->add_option("--seed", options->seed, "Another seed: other ticks between the same points");
  command->add_option("--out", options->out, ".csv or .ycap, with or without .gz")->required()->type_name("FILE");
  command->callback([&action, options] { action = [options] { return simulate(*options); }; });
}

}  // namespace yagura::app
