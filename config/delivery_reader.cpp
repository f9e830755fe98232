#include "config/delivery_reader.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMaxWait = std::chrono::days{1};
constexpr Duration kMaxCooldown = std::chrono::days{366};
constexpr std::int64_t kMaxBudget = 1'000;

std::vector<alerts::MuteWindow> read_mute(const TableReader& reader) {
  std::vector<alerts::MuteWindow> windows;
  for (const auto& text : reader.texts("mute")) {
    if (auto window = alerts::parse_mute(text))
      windows.push_back(*std::move(window));
    else
      reader.problem("mute", window.error().message);
  }
  return windows;
}

alerts::Expiry read_expiry(const TableReader& reader) {
  const auto text = reader.text("expires");
  if (!text) return {};
  if (const auto expiry = alerts::parse_expiry(*text)) return *expiry;
  reader.problem("expires", "'" + *text +
                                "' must be a last trading date (\"2026-12-31\"), a time with its zone "
                                "(\"2026-12-31T15:00:00+09:00\") or trading days (\"5d\")");
  return {};
}

}  // namespace

alerts::RuleDelivery read_rule_delivery(const TableReader& rule) {
  using alerts::Repeat;
  static constexpr Repeat kRepeats[] = {Repeat::kAlways, Repeat::kEpisode, Repeat::kSegment, Repeat::kOnce};
  alerts::RuleDelivery delivery;
  delivery.repeat = kRepeats[rule.choice("repeat", {"always", "episode", "segment", "once"}).value_or(0)];
  delivery.cooldown = rule.duration("delivery_cooldown", 0s, kMaxCooldown).value_or(0s);
  delivery.pending = rule.duration("for", 0s, kMaxWait).value_or(0s);
  delivery.keep_firing = rule.duration("keep_firing", 0s, kMaxWait).value_or(0s);
  delivery.expires = read_expiry(rule);
  delivery.mute = read_mute(rule);
  delivery.sinks = rule.texts("sinks");
  delivery.escalate_after = rule.duration("escalate_after", 1s, kMaxWait).value_or(0s);
  if (delivery.escalate_after > 0s && delivery.sinks.empty())
    rule.problem("escalate_after", "wants 'sinks', the order to go through");
  return delivery;
}

void read_delivery(const TableReader& reader, alerts::DeliveryOptions& options) {
  options.mute = read_mute(reader);
  options.mute_critical = reader.flag("mute_critical").value_or(false);
  const auto* table = reader.table("storm");
  if (table == nullptr) return;
  const TableReader storm{*table, "delivery storm", reader.path() + ".storm", reader.problems()};
  alerts::StormBudget budget;
  budget.alerts = static_cast<std::size_t>(storm.integer("alerts", 1, kMaxBudget).value_or(10));
  budget.within = storm.duration("within", 1s, 1h).value_or(budget.within);
  options.storm = budget;
}

}  // namespace yagura::config
