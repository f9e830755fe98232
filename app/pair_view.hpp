// What the rules that watch two markets, or one for an intervention, know between their alerts. Detector
// thread only.
#pragma once

#include "alerts/catalog.hpp"
#include "console/snapshot.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

// Adds the divergence rules' rows and the intervention rules'. `market_now`: the time of the instrument's
// market, beyond which a push is over though no tick has said so.
void fill_pairs(const processing::InstrumentMonitor& instrument, const alerts::Catalog& catalog, Timestamp market_now,
                console::StateSnapshot& state);

}  // namespace yagura::app
