#include "processing/series.hpp"

#include <algorithm>
#include <utility>

namespace yagura::processing {

Series::Series(const SeriesOptions& options, InstrumentMonitor& monitor)
    : options_(options), monitor_(monitor), calendar_(monitor.info().calendar) {}

std::size_t Series::position_of(SymbolId leg) const noexcept {
  const auto& legs = options_.expression.legs;
  return static_cast<std::size_t>(std::ranges::find(legs, leg) - legs.begin());
}

void Series::on_leg(const Tick& leg, bool after_gap, bool confirmed, SignalBuffer& out) noexcept {
  legs_[position_of(leg.symbol)] = {leg.price, leg.ts_event, true};
  pending_gap_ = pending_gap_ || after_gap;

  const auto legs = std::span{legs_}.first(options_.expression.legs.size());
  if (!std::ranges::all_of(legs, &Leg::known)) return;
  const auto [oldest, newest] = std::ranges::minmax(legs, {}, &Leg::time);
  if (newest.time - oldest.time > options_.max_age || !calendar_.at(newest.time).open) return;

  std::array<Price, kMaxSeriesLegs> prices;
  std::ranges::transform(legs, prices.begin(), &Leg::price);
  const auto price = options_.expression.value(std::span{prices}.first(legs.size()));
  if (!price) return monitor_.count_reject(Reject::kImplausible);

  Tick tick = leg;
  tick.symbol = options_.symbol;
  tick.price = *price;
  tick.ts_event = newest.time;
  tick.seq = 0;
  tick.source = {};
  tick.flags = std::exchange(pending_gap_, false) ? TickFlag::kAfterGap : TickFlag::kNone;
  for (const auto flag : {TickFlag::kFromBar, TickFlag::kFolded}) {
    if (has(leg.flags, flag)) tick.flags |= flag;
  }
  monitor_.on_made_tick(tick, confirmed, out);
}

void Series::forget(SymbolId leg) noexcept {
  legs_[position_of(leg)] = {};
  pending_gap_ = false;
  monitor_.forget();
}

void Series::state(StateIo& io) { io(legs_, pending_gap_); }

}  // namespace yagura::processing
