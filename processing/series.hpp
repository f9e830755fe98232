// Makes the ticks of one series from those of its legs.
#pragma once

#include <array>
#include <string>

#include "core/tick.hpp"
#include "processing/calendar.hpp"
#include "processing/instrument_monitor.hpp"
#include "processing/series_expression.hpp"

namespace yagura::processing {

// Detector thread only: the one of its legs, which must be one and the same. What it makes depends on
// the order in which ticks of different legs arrive: in a backtest that is the merge by event time, live
// it is the order on the wire.
class Series {
 public:
  // Ticks go to `monitor`, the series' own; it must outlive this.
  Series(const SeriesOptions& options, InstrumentMonitor& monitor);

  // An accepted tick of a leg, after that leg's own detectors. When every leg has a price that is at
  // most max_age behind the newest, and the series' market is open, its price goes through its
  // detectors: with the time of the newest leg and the stamps of receipt of this tick.
  void on_leg(const Tick& leg, bool after_gap, bool confirmed, SignalBuffer& out) noexcept;
  // The leg's first ticks proved wrong, and with them what was made of them.
  void forget(SymbolId leg) noexcept;

  [[nodiscard]] const SeriesOptions& options() const { return options_; }
  void state(StateIo& io);

 private:
  struct Leg {
    Price price{};
    Timestamp time{};
    bool known = false;
  };
  [[nodiscard]] std::size_t position_of(SymbolId leg) const noexcept;

  SeriesOptions options_;
  InstrumentMonitor& monitor_;
  CalendarCursor calendar_;
  std::array<Leg, kMaxSeriesLegs> legs_{};  // in the order of the expression
  bool pending_gap_ = false;                // a leg's ticks are missing since the last tick that was made
};

}  // namespace yagura::processing
