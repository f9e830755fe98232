// English and Japanese for alerts, as a trader would write them. Everything is taken from the signal and the
// settings: no locale, no clock, so the same signal reads the same on any run and any machine.
#pragma once

#include <cstdint>
#include <span>

#include "alerts/alert.hpp"
#include "alerts/catalog.hpp"

namespace yagura::alerts {

// `levels` are those of the signal in its SignalBuffer. Any thread; allocates.
[[nodiscard]] Alert make_alert(std::uint64_t seq, const Signal& signal, std::span<const Price> levels,
                               const Catalog& catalog);

}  // namespace yagura::alerts
