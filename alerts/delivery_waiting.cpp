// The half of the policy that waits: states that must last before they are said, and summaries of
// storms.
#include <algorithm>
#include <utility>

#include "alerts/delivery.hpp"

namespace yagura::alerts {

// -- States: for, keep_firing --------------------------------------------------------------------

Held DeliveryPolicy::begin(const Subject& subject) {
  auto& rule = rule_of(subject);
  const auto known = std::ranges::find(rule.conditions, subject.headline, &Condition::headline);
  if (known == rule.conditions.end()) {
    // A rule has one state at a time: one that never ended belongs to settings that have changed.
    std::erase_if(rule.conditions, [](const Condition& old) { return old.phase == Condition::Phase::kFiring; });
    Condition condition{.headline = subject.headline, .trading_date = subject.trading_date, .waiting = {}};
    if (rule.options.pending > Duration{0}) {
      condition.phase = Condition::Phase::kPending;
      condition.waiting = {subject, subject.at + rule.options.pending, {}};
      condition.begun = Held::kNot;
    } else {
      condition.begun = pass(subject);
    }
    const auto held = condition.phase == Condition::Phase::kPending ? Held::kPending : condition.begun;
    rule.conditions.push_back(std::move(condition));
    return held;
  }
  if (known->phase == Condition::Phase::kFiring) return pass(subject);
  if (known->phase == Condition::Phase::kRecovering) {
    count_one(Held::kBrief);  // the end that waited was none
    known->phase = Condition::Phase::kFiring;
    known->waiting = {};
  }
  return Held::kBrief;
}

Held DeliveryPolicy::end(const Subject& subject) {
  auto& rule = rule_of(subject);
  const auto known = std::ranges::find(rule.conditions, subject.headline, &Condition::headline);
  if (known == rule.conditions.end()) return pass(subject);
  switch (known->phase) {
    case Condition::Phase::kRecovering: return Held::kBrief;
    case Condition::Phase::kPending:
      count_one(Held::kBrief);  // the beginning that waited
      rule.conditions.erase(known);
      return Held::kBrief;
    case Condition::Phase::kFiring: break;
  }
  if (rule.options.keep_firing > Duration{0}) {
    known->phase = Condition::Phase::kRecovering;
    known->waiting = {subject, subject.at + rule.options.keep_firing, {}};
    return Held::kPending;
  }
  const auto held = fate_of_end(*known, subject);
  rule.conditions.erase(known);
  return held;
}

// What was said to have begun is said to have ended, and nothing else. A beginning that went into a
// summary was said, too, but not by itself.
Held DeliveryPolicy::fate_of_end(const Condition& condition, const Subject& subject) {
  return condition.begun == Held::kStorm ? pass(subject) : condition.begun;
}

void DeliveryPolicy::keep(Id128 id, std::string_view text) {
  for (auto& message : late_) {
    if (auto* alert = std::get_if<LateAlert>(&message); alert != nullptr && alert->id == id) alert->text = text;
  }
  for (auto& rule : rules_) {
    for (auto& condition : rule.conditions) {
      if (condition.waiting.subject.id == id) condition.waiting.text = text;
    }
  }
}

// -- What waits ----------------------------------------------------------------------------------

void DeliveryPolicy::become_due(Rule& rule, Condition& condition) {
  auto waiting = std::exchange(condition.waiting, {});
  waiting.subject.at = waiting.due;
  const bool began = condition.phase == Condition::Phase::kPending;
  if (began) {
    // Not yet standing while it is judged, so that it cannot inhibit itself.
    condition.begun = pass(waiting.subject);
    condition.phase = Condition::Phase::kFiring;
  }
  const auto held = began ? condition.begun : fate_of_end(condition, waiting.subject);
  count_one(held);
  if (held == Held::kNot)
    late_.emplace_back(LateAlert{waiting.subject.id, waiting.subject.severity, waiting.due, std::move(waiting.text)});
  if (!began) std::erase_if(rule.conditions, [&](const Condition& other) { return &other == &condition; });
}

void DeliveryPolicy::catch_up(SymbolId symbol, Timestamp now) {
  count_days(symbol, now);
  auto& instrument = instruments_[index_of(symbol)];
  for (;;) {
    Rule* next_rule = nullptr;
    Condition* next = nullptr;
    for (auto& rule : rules_) {
      if (rule.instrument != symbol) continue;
      for (auto& condition : rule.conditions) {
        if (condition.phase == Condition::Phase::kFiring || condition.waiting.due > now) continue;
        if (next != nullptr && next->waiting.due <= condition.waiting.due) continue;
        next_rule = &rule;
        next = &condition;
      }
    }
    const auto summary_due = options_.storm ? instrument.storm.next_due() : Timestamp::max();
    if (next != nullptr && next->waiting.due < summary_due) {
      become_due(*next_rule, *next);
    } else if (summary_due <= now) {
      summarise(instrument.storm.take_due(summary_due, *options_.storm), symbol);
    } else {
      break;
    }
  }
  plan(symbol);
}

void DeliveryPolicy::plan(SymbolId symbol) {
  auto& instrument = instruments_[index_of(symbol)];
  auto next = options_.storm ? instrument.storm.next_due() : Timestamp::max();
  for (const auto& rule : rules_) {
    if (rule.instrument != symbol) continue;
    for (const auto& condition : rule.conditions) {
      if (condition.phase != Condition::Phase::kFiring) next = std::min(next, condition.waiting.due);
    }
  }
  instrument.next_due = next;
}

void DeliveryPolicy::summarise(std::optional<StormSummary> summary, SymbolId symbol) {
  if (!summary) return;
  summary->instrument = symbol;
  late_.emplace_back(*std::move(summary));
}

std::vector<LateMessage> DeliveryPolicy::take_late() { return std::exchange(late_, {}); }

}  // namespace yagura::alerts
