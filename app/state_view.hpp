// Fills what the console shows from what the monitor knows. Detector thread only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/feed_thread.hpp"
#include "app/pipeline.hpp"
#include "config/settings.hpp"
#include "console/snapshot.hpp"
#include "processing/level_sets.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class StateView {
 public:
  // Made anew when rules or levels change.
  StateView(const config::Settings& settings, processing::Monitor& monitor);

  void fill_instruments(processing::Monitor& monitor, const Pipeline& pipeline, const FeedThread& feeds, Timestamp now,
                        MonoTime mono, std::vector<console::InstrumentSnapshot>& out) const;
  void fill_feeds(const FeedThread& feeds, processing::Monitor& monitor, const Pipeline& pipeline, MonoTime mono,
                  std::vector<console::FeedSnapshot>& out) const;
  static void fill_latency(const LatencyStages& stages, std::vector<console::StageLatency>& out);

 private:
  struct LevelRule {
    std::string id;
    SymbolId instrument;
    std::variant<processing::GridLevels, processing::ListLevels> levels;
  };
  void fill_levels(SymbolId symbol, Price price, std::vector<console::NextLevels>& out) const;

  std::vector<config::FeedSettings> feeds_;
  std::vector<LevelRule> rules_;
};

}  // namespace yagura::app
