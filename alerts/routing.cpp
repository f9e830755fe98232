#include "alerts/routing.hpp"

#include <algorithm>
#include <iterator>

namespace yagura::alerts {
bool ends_episode(Event event) {
  return event == Event::kRecovered || event == Event::kReverted || event == Event::kWithdrawn;
}

Routing::Routing(const std::vector<SinkOptions>& sinks, const std::vector<RuleDelivery>& rules) {
  for (const auto& sink : sinks) {
    sinks_.push_back({sink.deliver, sink.least, sink.only_named, std::holds_alternative<PagerDutyChannel>(sink.channel),
                      sink.fallback_for.empty() ? Duration{0} : sink.fallback_after});
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
  const bool over = ends_episode(event);
  const bool escalates = rule.escalate_after > Duration{0} && !over && which != Which::kHeld;
  const auto chained = escalates ? chain(rule, severity) : std::vector<std::uint16_t>{};
  std::vector<Route> routes;
  for (std::uint16_t i = 0; i < sinks_.size(); ++i) {
    const auto& sink = sinks_[i];
    const bool all = sink.deliver == Deliver::kAll;
    if (which == Which::kHeld ? !all : which == Which::kLate && all) continue;
    const bool named = std::ranges::find(rule.sinks, i) != rule.sinks.end();
    const bool later = escalates && named && !all && !chained.empty() && chained.front() != i;
    // Who was told that something began is told that it is over, however little severe that is.
    const bool heeds = wants(i, severity) || (over && (sink.keeps_incidents || event == Event::kWithdrawn));
    if (!heeds || later || (!all && !named && (rule.named || sink.only_named))) continue;
    const auto purpose = over && sink.keeps_incidents ? Letter::Purpose::kResolved : Letter::Purpose::kAlert;
    routes.push_back({i, purpose, sink.after, false});
  }
  if (escalates) escalate(rule, severity, routes);
  return routes;
}

std::vector<std::uint16_t> Routing::chain(const Rule& rule, Severity severity) const {
  std::vector<std::uint16_t> sinks;
  std::ranges::copy_if(rule.sinks, std::back_inserter(sinks), [&](auto sink) { return wants(sink, severity); });
  return sinks;
}

void Routing::escalate(const Rule& rule, Severity severity, std::vector<Route>& routes) const {
  if (severity < Severity::kHigh) return;
  const auto sinks = chain(rule, severity);
  auto delay = Duration{0};
  for (std::size_t i = 1; i < sinks.size(); ++i) {
    delay += rule.escalate_after;
    routes.push_back({sinks[i], Letter::Purpose::kAlert, delay, true});
  }
  if (severity != Severity::kCritical || sinks.empty()) return;
  for (int i = 0; i < kReminders; ++i) {
    delay += rule.escalate_after;
    routes.push_back({sinks.back(), Letter::Purpose::kReminder, delay, true});
  }
}

std::vector<Route> Routing::summary_routes(std::span<const RuleIndex> rules, Severity severity) const {
  std::vector<Route> summary;
  for (const auto rule : rules) {
    for (auto route : routes(rule, severity, Event::kMove, Which::kLate)) {
      if (route.escalation || std::ranges::find(summary, route.sink, &Route::sink) != summary.end()) continue;
      route.purpose = Letter::Purpose::kSummary;
      summary.push_back(route);
    }
  }
  return summary;
}

}  // namespace yagura::alerts
