// A policy, and alerts by hand: rule, event, time.
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "alerts/delivery.hpp"
#include "tests/alerts/samples.hpp"

namespace yagura::alerts {

using namespace std::chrono_literals;

enum : std::uint16_t { kMilestoneOf, kRecordOf, kMoveOf, kStaleOf, kYenMoveOf };

inline Catalog desk() {
  auto catalog = samples::catalog();
  catalog.rules = {{"milestone", RuleKind::kMilestone, samples::kNikkei, {}},
                   {"record", RuleKind::kRecord, samples::kNikkei, {}},
                   {"move", RuleKind::kMove, samples::kNikkei, {}},
                   {"stale", RuleKind::kStale, samples::kNikkei, {}},
                   {"yen-move", RuleKind::kMove, samples::kYen, {}}};
  return catalog;
}

// Monday 9 February 2026, 10:00 in Tokyo: the morning session.
inline const Timestamp kTen = samples::at("2026-02-09T10:00:00+09:00");

class DeliverySpec : public testing::Test {
 protected:
  DeliverySpec() { options.rules.resize(desk().rules.size()); }

  // Settings are changed before the first alert.
  DeliveryPolicy& policy() {
    if (!policy_) policy_.emplace(desk(), options);
    return *policy_;
  }
  void restart() {
    const auto saved = policy().save();
    policy_.emplace(desk(), options);
    ASSERT_TRUE(policy_->load(saved));
  }
  RuleDelivery& rule(std::uint16_t index) { return options.rules[index]; }

  Signal alert(std::uint16_t index, Event event, Timestamp at, Severity severity = Severity::kHigh) {
    const auto catalog = desk();
    const auto& info = catalog.rules[index];
    auto s = samples::common(info.instrument, index, info.kind, event, Direction::kUp);
    s.id = {1, ++last_id};
    s.ts_event = at;
    s.severity = severity;
    s.price = samples::price("57000");
    s.trading_date = local_date_of(at);
    s.headline = 0;
    s.move = {};
    return s;
  }
  static Date local_date_of(Timestamp at) { return std::chrono::floor<std::chrono::days>(at + 9h); }

  Held say(const Signal& signal) {
    const auto held = policy().judge({&signal, 1}).front().held;
    gather();
    return held;
  }
  Held say(std::uint16_t index, Event event, Duration after, Severity severity = Severity::kHigh) {
    return say(alert(index, event, kTen + after, severity));
  }
  void pass_time(Duration after, SymbolId symbol = samples::kNikkei) {
    policy().advance(symbol, kTen + after);
    gather();
  }
  void gather() {
    for (auto& message : policy().take_late()) {
      if (const auto* late_alert = std::get_if<LateAlert>(&message))
        late.push_back(late_alert->id.lo);
      else
        summaries.push_back(std::get<StormSummary>(message));
    }
  }

  DeliveryOptions options;
  std::optional<DeliveryPolicy> policy_;
  std::uint64_t last_id = 0;
  std::vector<std::uint64_t> late;  // ids of alerts delivered after a wait
  std::vector<StormSummary> summaries;
};

}  // namespace yagura::alerts
