// An alert as one JSON object: the same bytes in the journal, in JSONL files, on the WebSocket and
// in webhooks. docs/alerts.md explains every field.
#pragma once

#include <string>

#include "alerts/alert.hpp"
#include "alerts/catalog.hpp"

namespace yagura::alerts {

struct EncodeOptions {
  // Data decide every byte: ts_recv_ns is the event's time and ts_decided_ns is left out.
  bool backtest = false;
};

// Appends to `out`, without a line end. Any thread; reuse `out` and it allocates next to nothing.
void encode(const Alert& alert, const Catalog& catalog, EncodeOptions options, std::string& out);

// Wall time of the decision: when the frame was received plus what the steady clock measured since.
[[nodiscard]] Timestamp decided_at(const Signal& signal);

}  // namespace yagura::alerts
