#include "benchmarks/support/scenario.hpp"

#include <algorithm>
#include <iterator>  // back_inserter
#include <stdexcept>
#include <string>

#include "app/start_up.hpp"
#include "config/load.hpp"
#include "config/scenario_file.hpp"
#include "feeds/simulator.hpp"
#include "feeds/vendor_tick.hpp"
#include "processing/daily_history.hpp"
#include "tests/support/vendor_dialogue.hpp"

namespace yagura::bench {
namespace {

constexpr const char* kConfigFile = YAGURA_ROOT "/config/yagura.toml";
constexpr const char* kAllKindsFile = YAGURA_ROOT "/benchmarks/support/all_kinds.toml";
constexpr const char* kScenarioFile = YAGURA_ROOT "/config/scenarios/2026-02-rally.toml";
constexpr SourceId kSource{1};

config::Settings load_settings(const char* file) {
  auto loaded = config::load_file(file);
  if (!loaded.ok()) throw std::runtime_error(loaded.problems.front());
  return std::move(loaded.settings);
}

std::vector<Tick> draw(const feeds::ScenarioOptions& options, const SymbolTable& symbols) {
  std::vector<Tick> ticks;
  feeds::Simulator simulator{options};
  for (feeds::ReplayTick from; simulator.next(from) && from.ts <= options.until;) {
    const feeds::VendorTick update{from.symbol, from.price, from.bid, from.ask, from.ts, from.seq};
    const auto tick = feeds::to_tick(update, symbols.find(from.symbol).value(), kSource, from.ts);
    if (tick) ticks.push_back(*tick);
  }
  return ticks;
}

Scenario load() {
  auto file = config::load_scenario(kScenarioFile);
  if (!file.ok()) throw std::runtime_error(file.problems.front());
  if (file.scenario.name != kScenarioName)
    throw std::runtime_error(file.scenario.name + " is not the scenario expected");
  Scenario loaded{.settings = load_settings(kConfigFile), .history = {}, .ticks = {}};
  for (const auto& [symbol, path] : file.history) {
    const auto rows = app::read_daily(path);
    if (!rows) throw std::runtime_error(rows.error().message);
    loaded.history[symbol] = processing::bars_of(*rows);
  }
  loaded.ticks = draw(file.scenario, loaded.settings.symbols);
  return loaded;
}

feeds::ReplayTick as_sent(const Tick& tick, std::string_view symbol) {
  feeds::ReplayTick out{.symbol = symbol, .price = {}, .bid = {}, .ask = {}, .ts = tick.ts_event, .seq = {}};
  if (has(tick.flags, TickFlag::kHasBid)) out.bid = tick.bid;
  if (has(tick.flags, TickFlag::kHasAsk)) out.ask = tick.ask;
  if (!tick.two_sided()) out.price = tick.price;
  if (has(tick.flags, TickFlag::kHasSeq)) out.seq = tick.seq;
  return out;
}

}  // namespace

std::vector<Tick> Scenario::ticks_of(SymbolId symbol) const {
  std::vector<Tick> own;
  std::ranges::copy_if(ticks, std::back_inserter(own), [&](const Tick& tick) { return tick.symbol == symbol; });
  return own;
}

const Scenario& scenario() {
  static const Scenario loaded = load();
  return loaded;
}

const config::Settings& all_kinds() {
  static const config::Settings loaded = load_settings(kAllKindsFile);
  return loaded;
}

VendorFrames frames_of(const feeds::Vendor& vendor, std::string_view target, std::size_t every) {
  if (vendor.make_server == nullptr) return {};
  const auto& input = scenario();
  std::vector<std::string> symbols;
  for (const auto& info : input.settings.monitor.instruments) symbols.push_back(info.symbol);
  test::VendorDialogue dialogue{vendor, target, symbols};
  VendorFrames frames;
  for (std::size_t i = 0; i < input.ticks.size(); i += every) {
    const auto& tick = input.ticks[i];
    auto frame = dialogue.frame_of(as_sent(tick, input.settings.symbols.name(tick.symbol)));
    if (!frame.empty()) frames.all.push_back(std::move(frame));
  }
  frames.codec = dialogue.take_codec();
  return frames;
}

}  // namespace yagura::bench
