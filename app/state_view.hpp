// Fills what the console shows from what the monitor knows. Detector thread only, between two batches: the
// workers have handed their instruments back.
#pragma once

#include <vector>

#include "app/distance_view.hpp"
#include "app/feed_thread.hpp"
#include "app/pipeline.hpp"
#include "config/settings.hpp"
#include "console/snapshot.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class StateView {
 public:
  // Made anew when rules change. `catalog` outlives it; `monitor` is asked to learn volatility, which changes
  // no alert: what no detector wants none looks at.
  StateView(const config::Settings& settings, const alerts::Catalog& catalog, processing::Monitor& monitor);

  // Instruments, pairs and interventions.
  void fill_markets(processing::Monitor& monitor, const Pipeline& pipeline, const FeedThread& feeds, Timestamp now,
                    MonoTime mono, console::StateSnapshot& state) const;
  void fill_feeds(const FeedThread& feeds, processing::Monitor& monitor, const Pipeline& pipeline, MonoTime mono,
                  std::vector<console::FeedSnapshot>& out) const;
  static void fill_latency(const LatencyStages& stages, std::vector<console::StageLatency>& out);

 private:
  std::vector<config::FeedSettings> feeds_;
  const alerts::Catalog& catalog_;
  DistanceView distances_;
};

}  // namespace yagura::app
