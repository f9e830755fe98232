// From the settings' [[sink]] tables to an outbox.
#pragma once

#include <memory>

#include "alerts/journal.hpp"
#include "alerts/outbox.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace yagura::app {

// The secrets have been read; the journal was opened with the sinks' names. Not started yet. `settings`
// need not outlive it.
[[nodiscard]] Result<std::unique_ptr<alerts::Outbox>> make_outbox(const config::Settings& settings,
                                                                  alerts::Journal& journal);

}  // namespace yagura::app
