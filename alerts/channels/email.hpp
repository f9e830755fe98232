// Alerts as mail.
#pragma once

#include <memory>

#include "alerts/channel.hpp"
#include "alerts/recent_prices.hpp"
#include "alerts/sink_options.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

// What a mail is made with besides the sink's own options. `recent` and `clock` outlive the channel.
struct EmailContext {
  Language language = Language::kEnglish;
  const RecentPrices* recent = nullptr;  // null: no chart
  std::shared_ptr<const Clock> clock = std::make_shared<RealClock>();
};

// Each letter is one mail to all recipients. Those that the server will never take are named in the detail;
// those it does not take now get it in a later attempt, the others not twice.
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const EmailChannel& options, EmailContext context);

}  // namespace yagura::alerts
