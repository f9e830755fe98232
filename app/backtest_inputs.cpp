#include "app/backtest_inputs.hpp"

#include <algorithm>
#include <filesystem>

#include "alerts/plain_text.hpp"
#include "alerts/state_dir.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

std::string label_of(const std::string& file, const std::vector<BacktestConfig>& others) {
  const auto name = alerts::printable(std::filesystem::path{file}.stem().string(), 40);
  std::string label = name;
  const auto taken = [&] { return std::ranges::find(others, label, &BacktestConfig::label) != others.end(); };
  for (int i = 2; taken(); ++i) label = name + "-" + std::to_string(i);
  return label;
}

int load_configs(const BacktestOptions& options, std::vector<BacktestConfig>& configs) {
  const auto files = options.configs.empty() ? std::vector<std::string>{std::string{}} : options.configs;
  // Without a place for state there is no history, and that is all a backtest would read there.
  const auto state = alerts::StateDir::resolve(options.state);
  for (const auto& file : files) {
    auto settings = load_settings(file);
    if (!settings) return kUsage;
    // Calendars are the program's, not a monitor's; see processing::use_calendars().
    if (files.size() > 1 && settings->calendars)
      return complain(kUsage, settings->file + ": has a [calendar]; compared configurations share the shipped ones");
    processing::Monitor::History history;
    if (state) {
      auto loaded = load_history(*state, *settings);
      if (!loaded) return complain(kBadData, loaded.error().message);
      history = std::move(*loaded);
    }
    auto label = label_of(settings->file, configs);
    configs.push_back({std::move(label), std::move(*settings), std::move(history), {}});
  }
  return kDone;
}

// The instruments of all configurations, and how each of them calls the ids of that.
SymbolTable join_symbols(std::vector<BacktestConfig>& configs) {
  if (configs.size() == 1) return configs.front().settings.symbols;
  SymbolTable all;
  for (const auto& config : configs) {
    for (std::size_t i = 0; i < config.settings.symbols.size(); ++i)
      all.add(config.settings.symbols.name(SymbolId{static_cast<std::uint16_t>(i)}));
  }
  for (auto& config : configs) {
    for (std::size_t i = 0; i < all.size(); ++i)
      config.symbols.push_back(config.settings.symbols.find(all.name(SymbolId{static_cast<std::uint16_t>(i)})));
  }
  return all;
}

// A capture is read once, so its vendor's names must mean the same to all.
int join_feeds(const std::vector<BacktestConfig>& configs, feeds::SourceOptions& reading) {
  for (const auto& config : configs) {
    for (const auto& feed : config.settings.feeds) {
      if (feed.json) reading.capture_formats.emplace(feed.name, feed.json);
      for (const auto& [ours, theirs] : feed.symbols) {
        auto& known = reading.capture_symbols[feed.name][theirs];
        if (!known.empty() && known != ours && &config != &configs.front()) {
          return complain(kUsage, config.settings.file + ": feed " + feed.name + " calls " + ours + " " + theirs +
                                      ", which is " + known + " in another configuration; they must agree");
        }
        known = ours;
      }
    }
  }
  return kDone;
}

int check_watched(const feeds::SourceSpec& spec, const std::string& argument,
                  const std::vector<BacktestConfig>& configs) {
  for (const auto& config : configs) {
    const auto symbol = config.settings.symbols.find(spec.symbol);
    if (const auto* series = symbol ? config.settings.monitor.series_of(*symbol) : nullptr) {
      return complain(kUsage, argument + ": " + spec.symbol + " is a series: its ticks are made of " +
                                  series->expression.text + ", give those");
    }
    if (spec.is_capture() || configs.size() == 1 || config.settings.symbols.find(spec.symbol)) continue;
    return complain(kUsage, argument + ": " + config.settings.file + " has no [instrument." + spec.symbol +
                                "]; configurations that are compared must all watch it");
  }
  return kDone;
}

void report_bad_rows(const feeds::LoadedSource& source) {
  if (!source.note.empty()) complain(0, source.note);
  for (const auto& row : source.first_bad) {
    complain(0, source.spec.file + ":" + std::to_string(row.line) + ": " + row.reason + "; row skipped");
  }
  if (source.bad > source.first_bad.size()) {
    complain(0, source.spec.file + ": " + grouped(source.bad) + " bad rows of " + grouped(source.rows) + " in all");
  }
}

int code_of(const feeds::SourceError& error) { return error.kind == feeds::SourceErrorKind::kData ? kBadData : kUsage; }

int load_sources(const BacktestOptions& options, BacktestInputs& inputs) {
  feeds::SourceOptions reading_options{.lenient = options.lenient, .capture_symbols = {}};
  const auto symbols = join_symbols(inputs.configs);
  if (const int code = join_feeds(inputs.configs, reading_options); code != kDone) return code;
  feeds::SourceNames names;
  for (const auto& argument : options.sources) {
    const auto spec = feeds::parse_source(argument);
    if (!spec) return complain(kUsage, spec.error().message);
    if (const int code = check_watched(*spec, argument, inputs.configs); code != kDone) return code;
    auto source = read_source(*spec, symbols, names, reading_options);
    if (!source) return complain(code_of(source.error()), source.error().message);
    report_bad_rows(*source);
    inputs.sources.push_back(std::move(*source));
  }
  return kDone;
}

}  // namespace

std::optional<BacktestInputs> load_inputs(const BacktestOptions& options, int& code) {
  BacktestInputs inputs;
  code = load_configs(options, inputs.configs);
  if (code == kDone) code = load_sources(options, inputs);
  if (code != kDone) return std::nullopt;
  return inputs;
}

}  // namespace yagura::app
