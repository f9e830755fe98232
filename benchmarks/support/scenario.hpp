// The suite's one input: the shipped settings, the bundled scenario and its history. Every figure
// comes from the same deterministic ticks, so branches and caches behave as they do when it plays.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "core/tick.hpp"
#include "feeds/codec.hpp"
#include "processing/monitor.hpp"

namespace yagura::bench {

inline constexpr std::string_view kScenarioName = "2026-02-rally";

struct Scenario {
  config::Settings settings;             // config/yagura.toml
  processing::Monitor::History history;  // the days before
  std::vector<Tick> ticks;               // all of the script, in order of time; ts_recv = ts_event

  [[nodiscard]] SymbolId id(std::string_view symbol) const { return settings.symbols.find(symbol).value(); }
  [[nodiscard]] std::vector<Tick> ticks_of(SymbolId symbol) const;
};

// Loaded and drawn at the first call. Throws, with the file's problem, when that fails.
[[nodiscard]] const Scenario& scenario();

// benchmarks/support/all_kinds.toml: one rule of each kind, named after it, and a series. All of them
// speak on the scenario's ticks.
[[nodiscard]] const config::Settings& all_kinds();
inline constexpr std::string_view kAllKinds[] = {"milestone", "level",      "record",       "move",   "stale",
                                                 "cusum",     "divergence", "intervention", "period", "series"};

// The scenario's ticks as a vendor would send them, and a codec that has subscribed to them.
struct VendorFrames {
  std::vector<std::string> all;  // those the vendor can express
  std::unique_ptr<feeds::Codec> codec;
};
// `target` is the path of the handshake, by which Yahoo chooses a dialect. `every`: only each n-th
// tick. Nothing for a vendor without a server side.
[[nodiscard]] VendorFrames frames_of(const feeds::Vendor& vendor, std::string_view target, std::size_t every);

}  // namespace yagura::bench
