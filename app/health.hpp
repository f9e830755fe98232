// What /healthz and /readyz answer, out of plain facts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alerts/journal.hpp"
#include "app/clock_watch.hpp"
#include "app/vitals.hpp"
#include "console/snapshot.hpp"
#include "feeds/feed_status.hpp"

namespace yagura::app {

struct HealthFacts {
  std::vector<Vitals::Stuck> stuck;
  std::string config_problem;  // of the file when it was last read; empty when it was valid
  alerts::Journal::Status storage;
  std::vector<feeds::FeedStatus> feeds;
  bool market_open = true;  // of an instrument that some feed serves
  std::uint64_t dead_letters = 0;
  ClockWatch::Status clock;
};

// Only `threads` counts for /healthz. The clock is told and never makes the monitor unready: its alerts
// still come, and on time.
[[nodiscard]] console::HealthReport health_of(const HealthFacts& facts);

}  // namespace yagura::app
