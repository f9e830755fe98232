// For who wants to know what became of an alert: the stream of accepted ticks, as the detectors had it.
#pragma once

#include "core/tick.hpp"
#include "processing/signal.hpp"

namespace yagura::processing {

class TickObserver {
 public:
  // Called on the thread that decides, after the detectors have seen `tick`. The newest signals of `out`
  // are those of this tick, after those of a day end just before it.
  virtual void on_accepted(const Tick& tick, Date trading_date, const SignalBuffer& out) noexcept = 0;
  // The first ticks of an instrument proved wrong: what was accepted of it in this run was none.
  virtual void on_forgotten(SymbolId) noexcept {}

 protected:
  ~TickObserver() = default;
};

}  // namespace yagura::processing
