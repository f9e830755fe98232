#include "app/corrections.hpp"

namespace yagura::app {

console::CorrectionAnswer Corrections::cancel(const console::Correction& print) {
  const auto symbol = settings_.symbols.find(print.instrument);
  if (!symbol) return {.status = 404, .message = "no instrument '" + print.instrument + "' is watched"};
  Tick tick{};
  tick.symbol = *symbol;
  tick.ts_event = print.ts_event;
  tick.ts_recv = clock_.now();  // when we were told
  tick.mono_recv = clock_.mono();
  tick.price = print.price;
  signals_.clear();
  auto& instrument = monitor_->instrument(*symbol);
  switch (instrument.on_cancelled(tick, signals_)) {
    case processing::Cancelled::kNothing:
      return {.message = "nothing changes: it is none of today's best eight prints a side, and not the last"};
    case processing::Cancelled::kTooFar:
      return {.status = 409,
              .message = "nothing was changed: what stood before it is not known any more, eight prints a side are"};
    case processing::Cancelled::kDone: break;
  }
  for (auto& signal : signals_.signals()) signal.mono_decided = tick.mono_recv;
  changed_(tick, signals_);
  const auto& days = instrument.days();
  const auto count = signals_.signals().size();
  std::string message = days.has_ticks_today() ? "today's high is " + to_string(days.today().high) + " and its low " +
                                                     to_string(days.today().low)
                                               : "today has no print any more";
  message += count == 0   ? "; no record had been said on it"
             : count == 1 ? "; 1 record withdrawn"
                          : "; " + std::to_string(count) + " records withdrawn";
  return {.message = std::move(message), .changed = true, .withdrawn = count};
}

}  // namespace yagura::app
