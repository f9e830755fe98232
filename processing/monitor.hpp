// All instruments together: a tick goes in, signals come out. The detector thread's one object.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "processing/instrument_monitor.hpp"
#include "processing/series.hpp"

namespace yagura::processing {

class Monitor {
 public:
  using History = std::map<std::string, std::vector<DayBar>, std::less<>>;  // by symbol, sorted

  explicit Monitor(MonitorOptions options, History history = {});

  // Signals are appended to `out`. Never throws. What a recording says of a series counts as said twice:
  // its ticks are made here.
  void on_tick(const Tick& tick, SignalBuffer& out) noexcept {
    if (series_[index_of(tick.symbol)]) return instrument(tick.symbol).count_reject(Reject::kDuplicate);
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
  // Series of which the instrument is a leg; their ticks come right after its own.
  [[nodiscard]] std::span<const SymbolId> series_with(SymbolId leg) const { return series_with_[index_of(leg)]; }

  // Instruments of one group depend on each other and must stay on one thread, see Shards; the others
  // share nothing. By SymbolId; the number says nothing else.
  [[nodiscard]] std::span<const std::uint32_t> groups() const { return groups_; }
  [[nodiscard]] std::uint32_t group_of(SymbolId symbol) const { return groups_[index_of(symbol)]; }

  // State of everything, versioned and checked by a CRC. `load` fails on another version or on
  // damage and then leaves the monitor unusable; instruments that are gone are skipped.
  void save(std::string& out);  // behind what is there
  [[nodiscard]] std::string save() {
    std::string out;
    save(out);
    return out;
  }
  [[nodiscard]] Result<void> load(std::string_view snapshot, Resumed resumed);
  // For a monitor loaded Resumed::kInPlace that has heard all there was: from here on ticks were missed.
  void on_downtime() noexcept;

 private:
  // One hears the other or is made of it: from now on they are of one group, and so are their friends.
  void join_groups(SymbolId one, SymbolId other);
  // The name of an instrument in a snapshot. A series goes by its expression, too: another one, and
  // nothing of what was known of it holds.
  [[nodiscard]] std::string snapshot_name(SymbolId symbol) const;
  [[nodiscard]] bool load(std::string_view name, std::string_view payload, Resumed resumed);

  MonitorOptions options_;
  std::vector<std::unique_ptr<InstrumentMonitor>> instruments_;  // by SymbolId
  std::vector<std::unique_ptr<Series>> series_;                  // by SymbolId, null for other instruments
  std::vector<std::vector<SymbolId>> series_with_;               // by SymbolId of the leg
  std::vector<std::uint32_t> groups_;                            // by SymbolId
};

}  // namespace yagura::processing
