// From settings to a channel.
#pragma once

#include <memory>

#include "alerts/channel.hpp"
#include "alerts/recent_prices.hpp"
#include "alerts/sink_options.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

// Secrets must have been read. Nothing is connected yet; a file is opened. `recent` is what charts in mails
// are drawn from and outlives the channel; null: no charts. The error is one line for the user and names what
// would be right.
[[nodiscard]] Result<std::unique_ptr<Channel>> make_channel(const SinkOptions& sink,
                                                            const RecentPrices* recent = nullptr);

}  // namespace yagura::alerts
