// From what a vendor said to what the detectors see.
#pragma once

#include <optional>

#include "core/tick.hpp"
#include "feeds/codec.hpp"

namespace yagura::feeds {

// The tick for one vendor update, received at `received`, which also stands in for a time that the
// vendor left out. nullopt for a quote with one side and no price: there is nothing to compare.
[[nodiscard]] inline std::optional<Tick> to_tick(const VendorTick& from, SymbolId symbol, SourceId source,
                                                 Timestamp received) noexcept {
  if (!from.price && !(from.bid && from.ask)) return std::nullopt;
  Tick tick{};
  tick.ts_event = from.ts.value_or(received);
  tick.ts_recv = received;
  tick.price = from.price ? *from.price : mid(*from.bid, *from.ask);
  if (from.bid) {
    tick.bid = *from.bid;
    tick.flags |= TickFlag::kHasBid;
  }
  if (from.ask) {
    tick.ask = *from.ask;
    tick.flags |= TickFlag::kHasAsk;
  }
  if (from.seq) {
    tick.seq = *from.seq;
    tick.flags |= TickFlag::kHasSeq;
  }
  tick.symbol = symbol;
  tick.source = source;
  return tick;
}

}  // namespace yagura::feeds
