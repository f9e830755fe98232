#include "processing/signal.hpp"

namespace yagura {

std::string_view name_of(RuleKind kind) {
  static constexpr std::string_view kNames[] = {"milestone", "level",      "record",       "move",  "stale",
                                                "cusum",     "divergence", "intervention", "period"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Event event) {
  static constexpr std::string_view kNames[] = {
      "reached",      "lost",         "cleared",   "rejected", "broken",    "regained",  "near",
      "closed_above", "closed_below", "new_high",  "new_low",  "withdrawn", "move",      "extended",
      "reversal",     "stale",        "recovered", "drift",    "diverged",  "decoupled", "joint",
      "watch",        "suspected",    "strong",    "reverted", "crossed"};
  return kNames[static_cast<std::size_t>(event)];
}

std::string_view name_of(Severity severity) {
  static constexpr std::string_view kNames[] = {"info", "low", "high", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view name_of(Direction direction) { return direction == Direction::kUp ? "up" : "down"; }

std::string_view name_of(Horizon horizon) {
  static constexpr std::string_view kNames[] = {"all_time", "since_start", "52w", "ytd", "week", "session"};
  static_assert(std::size(kNames) == kHorizonNames);
  return kNames[static_cast<std::size_t>(horizon)];
}

std::string_view name_of(StaleReason reason) {
  static constexpr std::string_view kNames[] = {"no_data", "socket_closed", "auth", "seq_gap", "clock", "frozen"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view name_of(Suspicion suspicion) {
  static constexpr std::string_view kNames[] = {"size_15m", "size_60m",  "speed", "one_sided", "level",
                                                "thin",     "yen_alone", "news",  "repeat"};
  static_assert(std::size(kNames) == kSuspicions);
  return kNames[static_cast<std::size_t>(suspicion)];
}

std::string_view name_of(Basis basis) { return basis == Basis::kIntraday ? "intraday" : "close"; }

}  // namespace yagura
