// Settings of the monitor: instruments and rules with everything decided, as config/ hands them
// over. Meanings and defaults: docs/config.md.
#pragma once

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "core/instrument.hpp"
#include "core/symbol.hpp"
#include "processing/level_list.hpp"
#include "processing/series_expression.hpp"
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

struct LevelOptions {
  LevelList levels;  // any order, positive; of equal prices the first counts
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
  double min_z = 0;  // least size in standard deviations; 0: the thresholds alone decide
};

struct StaleOptions {
  std::optional<Duration> after;  // silence that counts; empty: what is usual for the market
};

struct CusumOptions {
  Duration grid = std::chrono::seconds{5};
  double allowance = 0.5;  // k, in standard deviations of a step
  double limit = 10;       // h
};

struct DivergenceOptions {
  SymbolId against{};
  Duration grid = std::chrono::seconds{60};
  Duration half_life = std::chrono::minutes{60};
  Duration window = std::chrono::minutes{15};
  double z = 4;                                      // of the residual
  Percent min_own = Percent::from_units(500'000);    // or
  Percent min_other = Percent::from_units(300'000);  // one of the two must have moved so far
  double coupling_z = 3;                             // of the correlation's change; 0: off
  double joint_z = 5;                                // both moves within two minutes; 0: off
};

struct InterventionOptions {
  std::vector<Price> zones;         // prices that are watched for it
  std::vector<Timestamp> releases;  // scheduled news, sorted
  std::vector<SymbolId> crosses;    // other yen pairs
  std::optional<SymbolId> eurusd;
  bool falls = true;   // yen buying: USD/JPY falls
  bool rises = false;  // yen selling
};

struct PeriodOptions {
  std::int32_t months = 0;  // either; both zero: since the last close of the year before
  std::int32_t days = 0;
  Percent step = Percent::from_units(5'000'000);
  Percent rearm = Percent::from_units(1'000'000);  // a step is crossed again only after going back so far
  Directions directions;
};

struct RuleOptions {
  std::string id;
  SymbolId instrument;
  // In the order of RuleKind.
  std::variant<MilestoneOptions, LevelOptions, RecordOptions, MoveOptions, StaleOptions, CusumOptions,
               DivergenceOptions, InterventionOptions, PeriodOptions>
      kind;
};

[[nodiscard]] inline RuleKind kind_of(const RuleOptions& rule) { return static_cast<RuleKind>(rule.kind.index()); }

// A home for levels to come: says nothing yet.
[[nodiscard]] inline bool is_empty(const RuleOptions& rule) {
  const auto* levels = std::get_if<LevelOptions>(&rule.kind);
  return levels != nullptr && levels->levels.empty();
}

struct MonitorOptions {
  std::vector<InstrumentInfo> instruments;  // by SymbolId
  std::vector<RuleOptions> rules;           // by RuleIndex
  std::vector<SeriesOptions> series;        // instruments that are made of others; legs are none of them

  // Null for an instrument with ticks of its own.
  [[nodiscard]] const SeriesOptions* series_of(SymbolId symbol) const {
    const auto known = std::ranges::find(series, symbol, &SeriesOptions::symbol);
    return known == series.end() ? nullptr : &*known;
  }
};

}  // namespace yagura::processing
