// From the settings' [[sink]] tables to an outbox.
#pragma once

#include <memory>

#include "alerts/ack_links.hpp"
#include "alerts/journal.hpp"
#include "alerts/outbox.hpp"
#include "alerts/recent_prices.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace yagura::app {

// The secrets have been read; the journal was opened with the sinks' names. Not started yet. `synthetic`: titles
// say so. `settings`
// need not outlive it, nor `links`, for acknowledging; `recent`, for the charts of mails, must (null: none).
[[nodiscard]] Result<std::unique_ptr<alerts::Outbox>> make_outbox(const config::Settings& settings,
                                                                  alerts::Journal& journal,
                                                                  const alerts::RecentPrices* recent,
                                                                  const alerts::AckLinks* links, bool synthetic);

}  // namespace yagura::app
