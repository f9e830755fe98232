#include "app/backtest_report.hpp"

#include <algorithm>

namespace yagura::app {

BacktestReport::BacktestReport(std::string label, const config::Settings& settings, const alerts::Catalog& catalog)
    : label_(std::move(label)),
      settings_(settings),
      catalog_(catalog),
      days_(settings.monitor.instruments.size()),
      last_day_(settings.monitor.instruments.size()),
      watches_(settings.monitor.instruments.size()) {
  const auto& rules = settings.monitor.rules;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    positions_.push_back(processing::is_empty(rules[i]) ? rules.size() : rules_.size());
    if (processing::is_empty(rules[i])) continue;
    rules_.push_back({rules[i].id, RuleIndex{static_cast<std::uint16_t>(i)}, rules[i].instrument, {}});
  }
}

void BacktestReport::attach(processing::Monitor& monitor) {
  for (std::size_t i = 0; i < monitor.size(); ++i)
    monitor.instrument(SymbolId{static_cast<std::uint16_t>(i)}).observe(this);
}

void BacktestReport::on_accepted(const Tick& tick, Date trading_date, const SignalBuffer& out) noexcept {
  const auto i = index_of(tick.symbol);
  if (trading_date != last_day_[i]) days_[i].insert(last_day_[i] = trading_date);
  watches_[i].on_tick(tick.ts_event, tick.price, [this](RuleIndex rule) {
    if (auto* statistics = statistics_of(rule)) statistics->add_reversed();
  });
  // An alert is not judged by its own tick.
  for (const auto signals = out.signals(); seen_ < signals.size(); ++seen_) open(signals[seen_]);
}

void BacktestReport::open(const Signal& signal) {
  const auto alert = open_alert(signal, settings_.monitor.rules[index_of(signal.rule)]);
  auto* statistics = statistics_of(signal.rule);
  if (!alert || statistics == nullptr) return;
  statistics->add_judged();
  watches_[index_of(signal.symbol)].add(*alert);
}

void BacktestReport::add(const Signal& signal, std::span<const Price> levels, std::uint64_t seq) {
  if (auto* statistics = statistics_of(signal.rule)) statistics->add(signal, levels, seq);
}

RuleStatistics* BacktestReport::statistics_of(RuleIndex rule) {
  const auto position = positions_[index_of(rule)];
  return position < rules_.size() ? &rules_[position].statistics : nullptr;
}

const BacktestReport::Rule* BacktestReport::find(std::string_view id) const {
  const auto known = std::ranges::find(rules_, id, &Rule::id);
  return known == rules_.end() ? nullptr : &*known;
}

int days_of_week(CalendarKind calendar) { return calendar == CalendarKind::kAlways ? 7 : 5; }

}  // namespace yagura::app
