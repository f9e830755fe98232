#include "app/health.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace yagura::app {
namespace {

using console::HealthPart;

HealthPart threads_of(const std::vector<Vitals::Stuck>& stuck) {
  std::string reason;
  for (const auto& [name, since] : stuck) {
    reason += fmt::format("{}{} has not moved for {} s", reason.empty() ? "" : "; ", name,
                          std::chrono::duration_cast<std::chrono::seconds>(since).count());
  }
  return {.name = "threads", .ok = stuck.empty(), .reason = std::move(reason), .liveness = true};
}

// A feed that says nothing is fine while no market it serves is open.
HealthPart feeds_of(const HealthFacts& facts) {
  const bool live =
      std::ranges::any_of(facts.feeds, [](const auto& feed) { return feed.state == feeds::FeedState::kLive; });
  if (live) return {.name = "feeds", .ok = true, .reason = ""};
  std::string reasons = facts.market_open ? "" : "market closed";
  for (const auto& feed : facts.feeds) {
    reasons += fmt::format("{}{} {}{}{}", reasons.empty() ? "" : "; ", feed.name, feeds::to_string(feed.state),
                           feed.text.empty() ? "" : ": ", feed.text);
  }
  return {.name = "feeds", .ok = !facts.market_open, .reason = std::move(reasons)};
}

HealthPart dead_letters_of(std::uint64_t count) {
  auto reason =
      count == 0 ? std::string{} : fmt::format("{} alert{} could not be delivered", count, count == 1 ? "" : "s");
  return {.name = "dead_letters", .ok = count == 0, .reason = std::move(reason)};
}

}  // namespace

console::HealthReport health_of(const HealthFacts& facts) {
  console::HealthReport report;
  report.parts.push_back(threads_of(facts.stuck));
  report.parts.push_back({.name = "config", .ok = facts.config_problem.empty(), .reason = facts.config_problem});
  report.parts.push_back({.name = "storage", .ok = facts.storage.ok, .reason = facts.storage.reason});
  report.parts.push_back(feeds_of(facts));
  report.parts.push_back(dead_letters_of(facts.dead_letters));
  report.parts.push_back({.name = "clock", .ok = true, .reason = facts.clock.reason});
  return report;
}

}  // namespace yagura::app
