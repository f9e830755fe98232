// What a backtest runs on: its configurations, and the recordings they share, read once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "config/settings.hpp"
#include "feeds/source.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

// One configuration with all it needs to run.
struct BacktestConfig {
  std::string label;  // the file's name without folder and ending; "-2" and so on behind a second one
  config::Settings settings;
  processing::Monitor::History history;
  // By symbol of the ticks, ours; nullopt for an instrument of other configurations. Empty when the
  // ticks carry our own ids.
  std::vector<std::optional<SymbolId>> symbols;
};

struct BacktestInputs {
  std::vector<BacktestConfig> configs;
  std::vector<feeds::LoadedSource> sources;
};

// Reads everything. Problems and bad rows go to stderr; on failure `code` says how to exit.
[[nodiscard]] std::optional<BacktestInputs> load_inputs(const BacktestOptions& options, int& code);

}  // namespace yagura::app
