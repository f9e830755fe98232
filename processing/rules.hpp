// Settings of the monitor: instruments and rules with everything decided, as config/ hands them
// over. Meanings and defaults: docs/config.md.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/instrument.hpp"
#include "core/symbol.hpp"
#include "processing/signal.hpp"

namespace yagura::processing {

// A distance given in price units or as a percentage of a price.
struct Band {
  PriceDelta points{};
  Percent percent{};
  bool is_percent = false;

  [[nodiscard]] static Band of_points(PriceDelta d) { return {d, {}, false}; }
  [[nodiscard]] static Band of_percent(Percent p) { return {{}, p, true}; }

  // distance >= this band, measured at `base`. Exact.
  [[nodiscard]] bool reached_by(PriceDelta distance, Price base) const {
    return is_percent ? percent.reached_by(distance.raw(), base.raw()) : distance >= points;
  }
  // In price units at `base`, rounded down: for people, not for comparisons.
  [[nodiscard]] PriceDelta at(Price base) const {
    return is_percent ? PriceDelta::from_raw(percent.of(base.raw())) : points;
  }
};

struct Directions {
  bool up = true;
  bool down = true;
};

// Common to milestone and level rules.
struct CrossingOptions {
  Band rearm;  // h: how far beyond the level a crossing must go to be settled
  Duration cooldown = std::chrono::minutes{10};
  Directions directions;
  std::optional<Band> near;  // a note when this close below a level
  bool close = false;        // closed_above and closed_below at the session's end
};

struct MilestoneOptions {
  PriceDelta step;  // levels are step, 2 step, 3 step, ...
  CrossingOptions crossing;
};

struct LevelEntry {
  Price price;
  std::string note;
  bool once = false;
};
struct LevelOptions {
  std::vector<LevelEntry> levels;  // any order, positive; of equal prices the first counts
  CrossingOptions crossing;
};

struct RecordOptions {
  HorizonSet horizons;  // kAllTime stands for kSinceStart too
  Basis basis = Basis::kIntraday;
  bool highs = true;
  bool lows = false;
  Band step;
  Duration min_gap = std::chrono::seconds{60};
};

struct MoveOptions {
  struct Window {
    Duration length;
    Band threshold;
  };
  std::vector<Window> windows;
};

struct RuleOptions {
  std::string id;
  SymbolId instrument;
  std::variant<MilestoneOptions, LevelOptions, RecordOptions, MoveOptions> kind;
};

// A home for levels to come: says nothing yet.
[[nodiscard]] inline bool is_empty(const RuleOptions& rule) {
  const auto* levels = std::get_if<LevelOptions>(&rule.kind);
  return levels != nullptr && levels->levels.empty();
}

struct MonitorOptions {
  std::vector<InstrumentInfo> instruments;  // by SymbolId
  std::vector<RuleOptions> rules;           // by RuleIndex
};

}  // namespace yagura::processing
