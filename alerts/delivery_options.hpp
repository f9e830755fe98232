// What stands between an alert and the sinks: the settings, complete and checked. Meanings and
// defaults: docs/alerts.md, "What is delivered".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "alerts/mute.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// How often a rule may say one thing: the same event about the same level, horizon or window.
enum class Repeat : std::uint8_t {
  kAlways,
  kEpisode,  // follow-ups of an alert that was delivered are not
  kSegment,  // once in a segment of the calendar
  kOnce,     // once for ever
};

// Until when a rule's alerts are delivered.
struct TradingDays {
  int count = 0;  // of the instrument's calendar, the one in which the setting first applied included
  friend bool operator==(TradingDays, TradingDays) = default;
};
using Expiry = std::variant<std::monostate, Timestamp, Date, TradingDays>;  // Date: the last trading date

// "2026-12-31", "2026-12-31T15:00:00+09:00" or "5d". Nothing when it is none of these.
[[nodiscard]] std::optional<Expiry> parse_expiry(std::string_view text);
[[nodiscard]] std::string to_string(const Expiry& expiry);

struct RuleDelivery {
  Repeat repeat = Repeat::kAlways;
  Duration cooldown{0};     // between deliveries of one thing; a more severe one does not wait
  Duration pending{0};      // `for`: a state must have lasted so long before it is delivered
  Duration keep_firing{0};  // and its end must have lasted so long
  Expiry expires;
  std::vector<MuteWindow> mute;
  std::vector<std::string> sinks;  // by name, in the order of escalation; empty: all that want no naming
  Duration escalate_after{0};      // zero: all at once
};

struct StormBudget {
  std::size_t alerts = 10;  // of one instrument
  Duration within = std::chrono::seconds{60};
};

// What a sink gets: every alert, as an archive does, or what is delivered.
enum class Deliver : std::uint8_t { kAll, kFiltered };

struct DeliveryOptions {
  std::vector<RuleDelivery> rules;  // by RuleIndex; missing ones deliver everything
  std::vector<MuteWindow> mute;     // for every rule
  bool mute_critical = false;       // mute windows hold critical alerts, too
  std::optional<StormBudget> storm;
};

}  // namespace yagura::alerts
