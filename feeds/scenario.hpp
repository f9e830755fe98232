// A scenario: the few figures between which the simulator draws its ticks. The shipped one is
// config/scenarios/2026-02-rally.toml; config/ reads it, the meaning of each value is here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::feeds {

// The price is exactly this at this time. `floor` and `ceiling` bound the way from the point
// before to here; they are never reached, except by the points themselves.
struct ScenarioPoint {
  Timestamp at;
  Price price;
  std::optional<Price> floor;
  std::optional<Price> ceiling;
};

// One trading day of one instrument. Nothing else of the day goes above its high or below its low.
struct ScenarioDay {
  ScenarioPoint open;
  std::optional<ScenarioPoint> high;
  std::optional<ScenarioPoint> low;
  std::optional<ScenarioPoint> close;  // none: the day is cut at the end of the script
  std::optional<Price> highest;        // bounds without a time, where there is no `high` or `low`
  std::optional<Price> lowest;
  std::vector<ScenarioPoint> points;  // further points, in any order
};

// A time of dense quotes.
struct ScenarioFast {
  Timestamp from;
  Timestamp to;
  Duration spacing{};  // mean; no gap is longer than twice this
};

enum class ScenarioKind : std::uint8_t {
  kIndex,  // prints on a fixed grid in the sessions of the Tokyo Stock Exchange, one closing print at 15:30
  kFx,     // bids and asks at irregular times, all week from Sunday to Friday 17:00 New York
};

struct ScenarioInstrument {
  std::string symbol;
  ScenarioKind kind = ScenarioKind::kIndex;
  PriceDelta tick = PriceDelta::from_raw(10'000'000);  // every price is a multiple
  Duration spacing = std::chrono::seconds{5};          // kIndex: between prints; kFx: on average
  Percent yearly_volatility = Percent::from_units(20'000'000);
  PriceDelta spread_min = PriceDelta::from_raw(2'000'000);  // kFx; wider in the hours after New York closes
  PriceDelta spread_max = PriceDelta::from_raw(5'000'000);
  std::vector<Date> closed;       // kIndex: holidays after the scripted days
  std::vector<ScenarioDay> days;  // in order of time, at least one
  std::vector<ScenarioFast> fast;
};

struct ScenarioOptions {
  std::string name;
  std::uint64_t seed = 1;
  Timestamp until;  // end of the script; the simulator goes on from the last prices
  std::vector<ScenarioInstrument> instruments;
};

// What makes a scenario impossible: names the instrument, the time and the value. Everything that
// takes ScenarioOptions below expects that this found nothing.
[[nodiscard]] Result<void> check_scenario(const ScenarioOptions& options);

}  // namespace yagura::feeds
