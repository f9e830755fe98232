#include "alerts/rehearsal.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace yagura::alerts {
namespace {

constexpr Price kPrice = Price::from_raw(Price::kScale * 57'337 + Price::kScale * 7 / 100);
constexpr PriceDelta kStep = PriceDelta::from_raw(Price::kScale * 337);
constexpr Timestamp kMoment{std::chrono::seconds{1'770'596'525}};

// Every member zero: a Signal leaves most of its own open.
Signal blank() { return std::bit_cast<Signal>(std::array<std::byte, sizeof(Signal)>{}); }

Event event_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::kRecord: return Event::kNewHigh;
    case RuleKind::kMove: return Event::kMove;
    case RuleKind::kStale: return Event::kStale;
    case RuleKind::kCusum: return Event::kDrift;
    case RuleKind::kDivergence: return Event::kDiverged;
    case RuleKind::kIntervention: return Event::kSuspected;
    case RuleKind::kPeriod: return Event::kCrossed;
    default: return Event::kReached;
  }
}

void fill_kind(Signal& s) {
  switch (s.kind) {
    case RuleKind::kRecord:
      s.record.horizons.insert(Horizon::kAllTime);
      s.record.record_before = kPrice - kStep;
      s.record.margin = kStep;
      s.record.record_date = s.trading_date;
      s.record.count_today = 1;
      break;
    case RuleKind::kMove:
      s.move.window = std::chrono::minutes{5};
      s.move.change = s.move.threshold = kStep;
      s.move.reference = kPrice - kStep;
      s.move.reference_ts = kMoment;
      s.move.z = 4.5;
      s.move.has_z = true;
      break;
    case RuleKind::kStale:
      s.stale.silence = std::chrono::seconds{42};
      s.stale.limit = std::chrono::seconds{30};
      break;
    case RuleKind::kCusum:
      s.cusum.since = kMoment;
      s.cusum.from = kPrice - kStep;
      s.cusum.change = kStep;
      s.cusum.statistic = s.cusum.limit = 5;
      s.cusum.allowance = 0.5;
      break;
    case RuleKind::kDivergence:
      s.divergence.other = s.symbol;
      s.divergence.window = std::chrono::minutes{5};
      s.divergence.other_price = kPrice;
      s.divergence.change_pct = s.divergence.z = 4.5;
      s.divergence.beta = s.divergence.rho = 0.5;
      break;
    case RuleKind::kIntervention:
      s.intervention.start = kPrice - kStep;
      s.intervention.start_ts = kMoment;
      s.intervention.furthest = kPrice;
      s.intervention.change_15m = s.intervention.change_60m = kStep;
      s.intervention.score = 6;
      s.intervention.most = 10;
      break;
    case RuleKind::kPeriod:
      s.period.reference = kPrice - kStep;
      s.period.reference_date = s.trading_date;
      s.period.step = Percent::from_units(Percent::kWhole / 20);
      s.period.steps = 2;
      break;
    default:
      s.levels.level = kPrice;
      s.levels.count = 1;
      s.levels.note = -1;
  }
}

Signal signal_of(const RuleInfo& rule, std::size_t index) {
  Signal s = blank();
  s.ts_event = s.ts_recv = s.previous_ts = kMoment;
  s.price = kPrice;
  s.previous = s.previous_close = kPrice - kStep;
  s.has_previous = s.has_previous_close = true;
  s.trading_date = std::chrono::floor<std::chrono::days>(kMoment);
  s.episode = 1;
  s.symbol = rule.instrument;
  s.rule = static_cast<RuleIndex>(index);
  s.kind = rule.kind;
  s.event = event_of(rule.kind);
  s.severity = Severity::kHigh;
  fill_kind(s);
  return s;
}

}  // namespace

std::vector<Signal> rehearsal(const Catalog& catalog) {
  std::vector<Signal> signals;
  for (std::size_t i = 0; i < catalog.rules.size(); ++i) {
    const auto& rule = catalog.rules[i];
    const bool there = std::ranges::any_of(
        signals, [&](const Signal& signal) { return signal.kind == rule.kind && signal.symbol == rule.instrument; });
    if (!there) signals.push_back(signal_of(rule, i));
  }
  return signals;
}

}  // namespace yagura::alerts
