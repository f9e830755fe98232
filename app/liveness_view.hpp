// The state of feeds as people see it: what the detectors know of silence, joined with what the sockets
// know of its cause. Detector thread only.
#pragma once

#include <optional>
#include <vector>

#include "app/feed_thread.hpp"
#include "app/pipeline.hpp"
#include "config/settings.hpp"
#include "console/snapshot.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

// Why a feed brings nothing.
[[nodiscard]] StaleReason cause_of(const feeds::FeedStatus& status);
// Of the feed that speaks for the instrument, or of the first that should.
[[nodiscard]] StaleReason cause_of_silence(SymbolId symbol, const config::Settings& settings, const Pipeline& pipeline,
                                           const FeedThread& feeds);

// Fills `feed` of an instrument's row.
void fill_liveness(SymbolId symbol, processing::Monitor& monitor, const std::vector<config::FeedSettings>& settings,
                   const Pipeline& pipeline, const FeedThread& feeds, Timestamp now, MonoTime mono,
                   console::InstrumentSnapshot& row);

}  // namespace yagura::app
