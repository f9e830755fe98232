// How far it is from an instrument's last price to what its rules watch. Detector thread only; what it
// costs does not depend on how many levels there are.
#pragma once

#include <string>
#include <vector>

#include "alerts/catalog.hpp"
#include "console/snapshot.hpp"
#include "processing/instrument_monitor.hpp"
#include "processing/rules.hpp"

namespace yagura::app {

class DistanceView {
 public:
  // `catalog` has the rules' names and the levels' notes and outlives this.
  DistanceView(const processing::MonitorOptions& options, const alerts::Catalog& catalog);

  // Fills levels, records, distances and sigma_pct of an instrument that has a price.
  void fill(processing::InstrumentMonitor& instrument, console::InstrumentSnapshot& row) const;

 private:
  struct RecordRule {
    std::string id;
    SymbolId instrument;
    processing::RecordOptions options;
  };
  void fill_levels(const processing::InstrumentMonitor& instrument, Price last, console::InstrumentSnapshot& row) const;
  static void mark_added(const processing::InstrumentMonitor& instrument, console::InstrumentSnapshot& row);
  void fill_records(const processing::DayBook& days, SymbolId symbol, console::InstrumentSnapshot& row) const;
  [[nodiscard]] const RecordRule* watcher(SymbolId symbol, Horizon horizon, bool high) const;
  [[nodiscard]] const std::string& note(const alerts::RuleInfo& rule, std::int32_t index) const;

  const alerts::Catalog& catalog_;
  std::vector<RecordRule> records_;
};

}  // namespace yagura::app
