#include "app/pair_view.hpp"

namespace yagura::app {
namespace {

using processing::InterventionView;
using processing::PairView;

std::string_view word_for(PairView::State state) {
  switch (state) {
    case PairView::State::kLearning: return "learning";
    case PairView::State::kUsual: return "usual";
    case PairView::State::kDiverged: return "diverged";
    case PairView::State::kDecoupled: return "decoupled";
  }
  return "learning";
}

console::PairSnapshot row_of(const PairView& view, const alerts::RuleInfo& rule, const alerts::Catalog& catalog) {
  console::PairSnapshot row;
  row.rule = rule.id;
  row.instrument = catalog.instruments[index_of(rule.instrument)].symbol;
  row.other = catalog.instruments[index_of(view.other)].symbol;
  row.state = word_for(view.state);
  row.as_of = view.as_of;
  row.beta = view.beta;
  row.rho = view.rho;
  row.rho_long = view.rho_long;
  row.window_ms = std::chrono::duration_cast<std::chrono::milliseconds>(view.window).count();
  if (!view.last) return row;
  row.residual_z = view.last->z;
  row.own_change_pct = view.last->own_change_pct;
  row.other_change_pct = view.last->other_change_pct;
  row.expected_pct = view.last->expected_pct;
  return row;
}

console::InterventionSnapshot row_of(const InterventionView& view, const alerts::RuleInfo& rule,
                                     const alerts::Catalog& catalog, Timestamp market_now) {
  console::InterventionSnapshot row;
  row.rule = rule.id;
  row.instrument = catalog.instruments[index_of(rule.instrument)].symbol;
  row.watch_at = view.watch_at;
  row.suspected_at = view.suspected_at;
  row.strong_at = view.strong_at;
  const bool under_way = view.stage && market_now <= view.until;
  for (std::size_t i = 0; i < kSuspicions; ++i)
    row.items.push_back({std::string(name_of(static_cast<Suspicion>(i))), under_way ? view.points[i] : 0});
  row.stage = "none";
  if (!under_way) return row;
  row.stage = name_of(*view.stage);
  row.direction = name_of(view.direction);
  row.score = view.score;
  row.start = view.start;
  row.extreme = view.extreme;
  row.since = view.start_ts;
  return row;
}

}  // namespace

void fill_pairs(const processing::InstrumentMonitor& instrument, const alerts::Catalog& catalog, Timestamp market_now,
                console::StateSnapshot& state) {
  instrument.each_view([&](RuleIndex index, const processing::DetectorView& view) {
    const auto& rule = catalog.rules[index_of(index)];
    if (const auto* pair = std::get_if<PairView>(&view)) state.pairs.push_back(row_of(*pair, rule, catalog));
    if (const auto* watch = std::get_if<InterventionView>(&view))
      state.interventions.push_back(row_of(*watch, rule, catalog, market_now));
  });
}

}  // namespace yagura::app
