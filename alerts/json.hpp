// An alert as one JSON object: the same bytes in the journal, in JSONL files, on the WebSocket and
// in webhooks. docs/alerts.md explains every field.
#pragma once

#include <string>

#include "alerts/alert.hpp"
#include "alerts/alert_writer.hpp"
#include "alerts/catalog.hpp"

namespace yagura::alerts {

// Appends to `out`, without a line end. Any thread; reuse `out` and it allocates next to nothing.
void encode(const Alert& alert, const Catalog& catalog, EncodeOptions options, std::string& out);

}  // namespace yagura::alerts
