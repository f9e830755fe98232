// Reads a scenario for the simulator, such as config/scenarios/2026-02-rally.toml.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "feeds/scenario.hpp"

namespace yagura::config {

struct ScenarioFile {
  feeds::ScenarioOptions scenario;
  std::map<std::string, std::string> history;  // symbol -> daily CSV of the days before, path ready to open
  std::vector<std::string> problems;           // empty when all is well
  [[nodiscard]] bool ok() const { return problems.empty(); }
};

[[nodiscard]] ScenarioFile load_scenario(const std::string& path);

// The shipped one, looked for as the default configuration is.
[[nodiscard]] std::string default_scenario_path();

}  // namespace yagura::config
