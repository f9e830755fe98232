#include "alerts/routing.hpp"

#include <algorithm>

namespace yagura::alerts {
namespace {

// Says that what an earlier alert told of is over.
bool ends_episode(Event event) {
  return event == Event::kRecovered || event == Event::kReverted || event == Event::kWithdrawn;
}

}  // namespace

Routing::Routing(const std::vector<SinkOptions>& sinks, const std::vector<RuleDelivery>& rules) {
  for (const auto& sink : sinks) {
    sinks_.push_back(
        {sink.deliver, sink.least, sink.only_named, std::holds_alternative<PagerDutyChannel>(sink.channel)});
  }
  for (const auto& delivery : rules) {
    Rule rule;
    rule.named = !delivery.sinks.empty();
    rule.escalate_after = delivery.escalate_after;
    for (const auto& name : delivery.sinks) {
      const auto found = std::ranges::find(sinks, name, &SinkOptions::name);
      if (found != sinks.end()) rule.sinks.push_back(static_cast<std::uint16_t>(found - sinks.begin()));
    }
    rules_.push_back(std::move(rule));
  }
}

std::vector<Route> Routing::routes(RuleIndex rule_index, Severity severity, Event event, Which which) const {
  static const Rule kAny;
  const auto index = static_cast<std::size_t>(rule_index);
  const Rule& rule = index < rules_.size() ? rules_[index] : kAny;
  std::vector<Route> routes;
  for (std::uint16_t i = 0; i < sinks_.size(); ++i) {
    const auto& sink = sinks_[i];
    const bool all = sink.deliver == Deliver::kAll;
    if (which == Which::kHeld ? !all : which == Which::kLate && all) continue;
    const bool named = std::ranges::find(rule.sinks, i) != rule.sinks.end();
    const bool later = named && rule.escalate_after > Duration{0} && rule.sinks.front() != i;
    if (!wants(i, severity) || later || (!all && !named && (rule.named || sink.only_named))) continue;
    const bool over = sink.keeps_incidents && ends_episode(event);
    routes.push_back({i, over ? Letter::Purpose::kResolved : Letter::Purpose::kAlert, Duration{0}});
  }
  if (which != Which::kHeld && rule.escalate_after > Duration{0} && !ends_episode(event))
    escalate(rule, severity, routes);
  return routes;
}

void Routing::escalate(const Rule& rule, Severity severity, std::vector<Route>& routes) const {
  if (severity < Severity::kHigh) return;
  auto delay = Duration{0};
  for (std::size_t i = 1; i < rule.sinks.size(); ++i) {
    if (!wants(rule.sinks[i], severity)) continue;
    delay += rule.escalate_after;
    routes.push_back({rule.sinks[i], Letter::Purpose::kAlert, delay});
  }
  if (severity != Severity::kCritical || rule.sinks.empty()) return;
  for (int i = 0; i < kReminders; ++i) {
    delay += rule.escalate_after;
    routes.push_back({rule.sinks.back(), Letter::Purpose::kReminder, delay});
  }
}

std::vector<Route> Routing::summary_routes(Severity severity) const {
  std::vector<Route> routes;
  for (std::uint16_t i = 0; i < sinks_.size(); ++i) {
    if (sinks_[i].deliver == Deliver::kFiltered && !sinks_[i].only_named && wants(i, severity))
      routes.push_back({i, Letter::Purpose::kSummary, Duration{0}});
  }
  return routes;
}

}  // namespace yagura::alerts
