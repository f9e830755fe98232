// What the console shows, as plain values. app/ fills them; the console encodes them and knows no
// feed and no detector. One StateSnapshot is filled again and again, so its strings and vectors
// keep their memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console {

// Nearest levels of one milestone or level rule around the last price.
struct NextLevels {
  struct Level {
    Price price;
    PriceDelta distance;  // from the last price, never negative
  };
  std::string rule;
  std::string kind;  // "milestone", "level"
  std::optional<Level> above;
  std::optional<Level> below;
};

struct RecordRow {
  std::string horizon;  // "all_time", "since_start", "52w", "ytd", "week", "session"
  std::optional<Price> high;
  std::optional<Price> low;
  std::string high_date;  // ISO, empty when unknown
  std::string low_date;
};

struct ReasonCount {
  std::string reason;
  std::uint64_t count = 0;
};

// One feed of an instrument.
struct SourceRow {
  std::string feed;
  std::string state;   // "LIVE", "STALE", …
  std::string reason;  // "no_data", …; empty when well
  std::optional<std::int64_t> silence_ms;
  bool speaks = false;  // the instrument's prices come from it now
};

// Whether an instrument's data still comes.
struct FeedCondition {
  std::string state;   // "CLOSED", "QUIET", "CONNECTING", "LIVE", "LATE", "STALE", "FROZEN", "SUSPECT"
  std::string reason;  // "no_data", "socket_closed", "auth", "seq_gap", "clock", "frozen"; empty when well
  std::int64_t silence_ms = 0;
  std::int64_t stale_after_ms = 0;
  std::uint64_t failovers = 0;  // how often another feed took over or handed back
  std::vector<SourceRow> sources;
};

// The next things around the last price, one row each: round numbers, records, levels.
struct DistanceRow {
  std::string kind;  // "milestone", "level", "record"
  std::string rule;  // empty for records that no rule watches
  std::string name;  // of a record its horizon ("all_time"); of a level its note; else empty
  Price price;
  PriceDelta distance;          // price - last price: negative below
  double distance_pct = 0;      // of the last price
  std::optional<double> sigma;  // distance in standard deviations of a move over kSigmaWindow
  bool configured = false;      // a level of the settings: not to be moved from here
};
inline constexpr Duration kSigmaWindow = std::chrono::hours{1};

// What the market's clock says.
struct SessionClock {
  bool open = false;
  Timestamp market_now{};            // of a replay, its own
  std::optional<Timestamp> until{};  // end of the present segment
  std::string next;                  // name of the segment that follows, "closed" for none
  std::optional<Timestamp> opens{};  // when closed: the next opening
  std::string closed_reason;         // "weekend", "National Foundation Day"; empty when open
  std::vector<std::string> tags;     // "rollover", "thin", "tokyo_holiday"
};

struct InstrumentSnapshot {
  std::string symbol;
  std::string name;
  std::string name_ja;       // empty when there is none
  PriceDelta tick;           // smallest step of its price
  PriceDelta pip;            // unit of the desk's talk
  int decimals = 2;          // of its tick size
  std::string calendar;      // "tse", "fx", "always"
  std::string segment;       // "morning", "afternoon", "week", "closed", …
  std::string trading_date;  // ISO, empty before the first tick
  std::optional<Price> price;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Timestamp ts_event{};
  std::optional<std::int64_t> age_ms;  // since the last tick was received, steady clock
  std::string source;                  // feed of the last tick
  std::optional<Price> previous_close;
  std::optional<Price> open;  // of the trading date
  std::optional<Price> high;
  std::optional<Price> low;
  std::optional<PriceDelta> change;  // to previous_close
  std::optional<double> change_pct;
  std::vector<NextLevels> levels;
  std::vector<RecordRow> records;
  std::vector<DistanceRow> distances;  // highest price first
  std::optional<double> sigma_pct;     // standard deviation of a move over kSigmaWindow; none until learnt
  SessionClock session;
  FeedCondition feed;
  std::uint64_t accepted = 0;
  std::vector<ReasonCount> rejected;
};

struct FeedSnapshot {
  std::string name;
  std::string vendor;
  std::string url;                              // redacted
  std::string state;                            // "LIVE", …
  std::string reason;                           // "no_data", …; empty when live
  std::string why;                              // the same for people
  std::optional<std::int64_t> since_ms;         // in this state for so long
  std::optional<std::int64_t> next_attempt_ms;  // until the next one, while waiting for it
  std::vector<std::string> speaks;              // instruments whose prices come from it now
  std::uint64_t attempts = 0;                   // connections tried
  std::optional<std::int64_t> last_rx_age_ms;
  std::uint64_t ticks = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t errors = 0;
  std::uint64_t gaps = 0;
  std::uint64_t folded = 0;
  std::uint64_t one_sided = 0;        // quotes with one side and no price: no tick
  std::uint64_t unknown_symbols = 0;  // ticks nobody asked for
  std::string last_error;             // the vendor's words, or what could not be read; cleaned
};

struct StageLatency {
  std::string stage;  // "decode", "queue", "detect", "tick_to_alert"
  std::uint64_t count = 0;
  double p50_us = 0;
  double p90_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double max_us = 0;
};

// How one market answers another, as a divergence rule knows it.
struct PairSnapshot {
  std::string rule;
  std::string instrument;
  std::string other;
  std::string state;  // "learning", "usual", "diverged", "decoupled"
  Timestamp as_of{};  // the last point of the grid; the epoch while learning
  std::optional<double> beta;
  std::optional<double> rho;         // correlation
  std::optional<double> rho_long;    // of past sessions
  std::optional<double> residual_z;  // what beta leaves unexplained, in standard deviations
  std::optional<double> own_change_pct;
  std::optional<double> other_change_pct;
  std::optional<double> expected_pct;  // beta times the other's
  std::int64_t window_ms = 0;          // of the changes
};

// The score of an intervention rule.
struct InterventionSnapshot {
  struct Item {
    std::string name;
    int points = 0;
  };
  std::string rule;
  std::string instrument;
  std::string stage;      // "none", "watch", "suspected", "strong"
  std::string direction;  // of the push, "up" or "down"; empty without one
  int score = 0;
  int watch_at = 0, suspected_at = 0, strong_at = 0;
  std::vector<Item> items;     // all of them, those without points too
  std::optional<Price> start;  // of the push
  std::optional<Price> extreme;
  std::optional<Timestamp> since;  // of the start
};

struct StateSnapshot {
  std::string version;
  std::int64_t epoch = 0;  // grows by one at each start
  Timestamp started{};
  Timestamp now{};
  bool demo = false;
  std::string note;  // for people, such as "synthetic prices"
  std::vector<InstrumentSnapshot> instruments;
  std::vector<FeedSnapshot> feeds;
  std::vector<PairSnapshot> pairs;
  std::vector<InterventionSnapshot> interventions;
  std::vector<StageLatency> latency;
  std::uint64_t alert_count = 0;  // since the start, as the next two
  std::uint64_t delivered = 0;    // to sinks that want only what is delivered
  std::vector<ReasonCount> held;  // and why the others are not
  std::uint64_t queue_depth = 0;
  std::uint64_t queue_capacity = 0;
  std::uint64_t queue_folded = 0;
  bool storage_ok = true;
  std::string storage_reason;
  std::string clock_reason;  // why the wall clock is not to be believed; empty when it is
};

// A tick for the live view. Views need to live for the call only.
struct LiveTick {
  std::size_t instrument = 0;  // index of its SymbolId
  Price price;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Timestamp ts_event{};
  std::string_view source;
  Price low = price;  // since the tick sent before, this one included
  Price high = price;
};

struct HealthPart {
  std::string name;  // "storage", "feeds", "config", "dead_letters", "threads"
  bool ok = true;
  std::string reason;     // why not, or what there is to know
  bool liveness = false;  // counts for /healthz too: the process is stuck without it
};

struct HealthReport {
  std::vector<HealthPart> parts;
};

// What the console asks of the application; on the console's thread.
class StateSource {
 public:
  virtual ~StateSource() = default;
  virtual void fill(StateSnapshot& state) = 0;
  virtual HealthReport health() = 0;
  // Prometheus text; empty: /metrics does not exist.
  virtual std::string metrics() { return {}; }
  // Latency histograms as JSON (docs/api.md); empty: /api/v1/latency does not exist.
  virtual std::string latency() { return {}; }
};

}  // namespace yagura::console
