#include "app/rule_statistics.hpp"

#include <algorithm>

namespace yagura::app {
namespace {

bool is_larger(const Signal& a, const Signal& b) {
  const auto size_a = size_of(a);
  const auto size_b = size_of(b);
  if (size_a && size_b) return *size_a > *size_b;
  return a.severity > b.severity;
}

}  // namespace

std::optional<std::int64_t> size_of(const Signal& signal) {
  switch (signal.kind) {
    case RuleKind::kMove: return signal.move.change.abs().raw();
    case RuleKind::kCusum: return signal.cusum.change.abs().raw();
    case RuleKind::kIntervention: return signal.intervention.change_15m.abs().raw();
    case RuleKind::kStale: return signal.stale.silence.count();
    default: return std::nullopt;
  }
}

void RuleStatistics::add(const Signal& signal, std::span<const Price> levels, std::uint64_t seq) {
  ++alerts_;
  ++by_event_[{signal.event, signal.severity}];
  ++by_day_[signal.trading_date];
  digest_.number(signal.id.hi).number(signal.id.lo).number(static_cast<std::uint64_t>(to_ns(signal.ts_event)));
  digest_.number(static_cast<std::uint64_t>(signal.price.raw())).number(static_cast<std::uint64_t>(signal.severity));

  // The closing event of a day may carry an earlier time than what came before it.
  const auto t = last_hour_.empty() ? signal.ts_event : std::max(signal.ts_event, last_hour_.back());
  while (!last_hour_.empty() && t - last_hour_.front() >= std::chrono::hours{1}) last_hour_.pop_front();
  last_hour_.push_back(t);
  if (last_hour_.size() > worst_hour_.alerts) worst_hour_ = {last_hour_.front(), last_hour_.size()};

  if (!largest_ || is_larger(signal, largest_->signal)) largest_ = {seq, signal, {levels.begin(), levels.end()}};
}

std::uint64_t RuleStatistics::urgent() const {
  std::uint64_t count = 0;
  for (const auto& [what, times] : by_event_) {
    if (what.second >= Severity::kHigh) count += times;
  }
  return count;
}

RuleStatistics::Day RuleStatistics::busiest_day() const {
  Day busiest;
  for (const auto& [date, alerts] : by_day_) {
    if (alerts > busiest.alerts) busiest = {date, alerts};
  }
  return busiest;
}

}  // namespace yagura::app
