// All instruments together: a tick goes in, signals come out. The detector thread's one object.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "processing/instrument_monitor.hpp"

namespace yagura::processing {

class Monitor {
 public:
  using History = std::map<std::string, std::vector<DayBar>, std::less<>>;  // by symbol, sorted

  explicit Monitor(MonitorOptions options, History history = {});

  // Signals are appended to `out`. Never throws.
  void on_tick(const Tick& tick, SignalBuffer& out) noexcept {
    instruments_[index_of(tick.symbol)]->on_tick(tick, out);
  }
  // Once a second or so when live; `now` is event time per instrument, see app/pipeline.cpp.
  void on_clock(SymbolId symbol, Timestamp now, SignalBuffer& out) noexcept {
    instruments_[index_of(symbol)]->on_clock(now, out);
  }
  void on_end_of_input(SignalBuffer& out) noexcept;

  [[nodiscard]] const MonitorOptions& options() const { return options_; }
  [[nodiscard]] InstrumentMonitor& instrument(SymbolId symbol) { return *instruments_[index_of(symbol)]; }
  [[nodiscard]] std::size_t size() const { return instruments_.size(); }

  // State of everything, versioned and checked by a CRC. `load` fails on another version or on
  // damage and then leaves the monitor unusable; instruments that are gone are skipped.
  [[nodiscard]] std::string save();
  [[nodiscard]] Result<void> load(std::string_view snapshot, Resumed resumed);

 private:
  MonitorOptions options_;
  std::vector<std::unique_ptr<InstrumentMonitor>> instruments_;  // by SymbolId
};

}  // namespace yagura::processing
