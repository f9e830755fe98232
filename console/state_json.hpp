// JSON of the console's own messages. Each appends to `out`. Prices are strings, times integer
// nanoseconds since 1970 UTC, what is unknown is null.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "console/snapshot.hpp"

namespace yagura::console {

// GET /api/v1/state, and `state` of the hello and state messages:
//   {"version","epoch","started_ns","now_ns","demo","note",
//    "instruments":[{"symbol","name","decimals","calendar","segment","trading_date","price","bid",
//      "ask","ts_event_ns","age_ms","source","previous_close","open","high","low","change",
//      "change_pct","levels":[{"rule","kind","above":{"price","distance"},"below":{…}}],
//      "records":[{"horizon","high","high_date","low","low_date"}],
//      "feed":{"state","reason","silence_ms","stale_after_ms","failovers",
//        "sources":[{"feed","state","reason","silence_ms","speaks"}]},
//      "accepted","rejected":{REASON:COUNT}}],
//    "feeds":[{"name","vendor","url","state","reason","why","since_ms","next_attempt_ms","speaks",
//      "attempts","last_rx_age_ms","ticks","reconnects","errors","gaps","folded","one_sided",
//      "unknown_symbols","last_error"}],
//    "latency_us":[{"stage","count","p50","p90","p99","p999","max"}],
//    "alerts":{"count","last_seq","delivered","held":{REASON:COUNT}},"queue":{"depth","capacity","folded"},
//    "storage":{"ok","reason"},"clock":{"ok","reason"},"clients"}
struct StateExtras {
  std::uint64_t last_seq = 0;
  std::size_t clients = 0;
};
void append_state(std::string& out, const StateSnapshot& state, const StateExtras& extras);

// {"type":TYPE,"state":…}
void append_state_message(std::string& out, std::string_view type, const StateSnapshot& state,
                          const StateExtras& extras);

// {"type":"tick","symbol","price","bid","ask","ts_event_ns","source"}; bid and ask where known.
void append_tick_message(std::string& out, std::string_view symbol, const LiveTick& tick);

// {"ok":…,"parts":{NAME:{"ok":…,"reason":…}}}; false when a part counts and is not ok.
bool append_health(std::string& out, const HealthReport& report, bool liveness_only);

// {"error":MESSAGE} and {"type":"error","message":MESSAGE}
[[nodiscard]] std::string error_json(std::string_view message);
[[nodiscard]] std::string error_message(std::string_view message);

}  // namespace yagura::console
