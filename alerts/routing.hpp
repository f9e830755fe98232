// Which sinks an alert goes to, and when.
//
//   * sinks that take everything (`deliver = "all"`) get every alert, held or not;
//   * a rule that names sinks is sent to those, a rule that names none to all but those that want to be
//     named; each from its least severity up;
//   * a fallback has its time to wait, in which the sink it stands for may take the alert;
//   * with `escalate_after` the first of a rule's sinks is told at once, each further one that much later,
//     and of a critical alert the last is reminded, until somebody acknowledges it or it is over;
//   * what ends or takes back an alert goes to all of the rule's sinks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "alerts/delivery_options.hpp"
#include "alerts/dispatch.hpp"
#include "alerts/sink_options.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// Says that what an earlier alert told of is over, or never was.
[[nodiscard]] bool ends_episode(Event event);

class Routing {
 public:
  // Reminders of a critical alert to the last sink of its rule.
  static constexpr int kReminders = 12;

  Routing() = default;
  // Names of sinks that are not there are passed over. `rules` are by RuleIndex.
  Routing(const std::vector<SinkOptions>& sinks, const std::vector<RuleDelivery>& rules);

  enum class Which : std::uint8_t {
    kNew,   // decided now and delivered
    kHeld,  // decided now and held: sinks that take everything alone
    kLate,  // delivered after having been held: the others
  };
  [[nodiscard]] std::vector<Route> routes(RuleIndex rule, Severity severity, Event event, Which which) const;
  // Of a storm's summary: wherever the alerts of those rules would have gone at once.
  [[nodiscard]] std::vector<Route> summary_routes(std::span<const RuleIndex> rules, Severity severity) const;

 private:
  struct Sink {
    Deliver deliver{};
    Severity least{};
    bool only_named = false;
    bool keeps_incidents = false;
    Duration after{0};  // of a fallback
  };
  struct Rule {
    std::vector<std::uint16_t> sinks;
    bool named = false;
    Duration escalate_after{0};
  };
  [[nodiscard]] bool wants(std::uint16_t sink, Severity severity) const { return severity >= sinks_[sink].least; }
  // The sinks of the rule's chain that want it, in order.
  [[nodiscard]] std::vector<std::uint16_t> chain(const Rule& rule, Severity severity) const;
  void escalate(const Rule& rule, Severity severity, std::vector<Route>& routes) const;

  std::vector<Sink> sinks_;
  std::vector<Rule> rules_;
};

}  // namespace yagura::alerts
