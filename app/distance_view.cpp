#include "app/distance_view.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::app {
namespace {

using console::DistanceRow;
using console::InstrumentSnapshot;
using processing::DatedPrice;
using processing::NearLevels;

// Records worth a line of the board; a week's and a session's are the day's talk, not its aims.
constexpr Horizon kOnBoard[] = {Horizon::kAllTime, Horizon::kSinceStart, Horizon::k52Week, Horizon::kYearToDate};

struct Extremes {
  DatedPrice high, low;
};

// Of the days known and of today; none when the data does not reach back so far.
std::optional<Extremes> extremes_of(const processing::DayBook& days, Horizon horizon) {
  const bool session = horizon == Horizon::kSession;
  const auto& book = days.known(horizon);
  const bool before = !session && book.has_days;
  if ((!session && !book.active) || (!days.has_ticks_today() && !before)) return std::nullopt;
  Extremes found{{days.today().high, days.date()}, {days.today().low, days.date()}};
  if (!before) return found;
  if (!days.has_ticks_today() || book.high.price >= found.high.price) found.high = book.high;
  if (!days.has_ticks_today() || book.low.price <= found.low.price) found.low = book.low;
  return found;
}

void add(InstrumentSnapshot& row, DistanceRow distance) {
  distance.distance = distance.price - *row.price;
  distance.distance_pct = 100.0 * static_cast<double>(distance.distance.raw()) / static_cast<double>(row.price->raw());
  if (row.sigma_pct) distance.sigma = distance.distance_pct / *row.sigma_pct;
  row.distances.push_back(std::move(distance));
}

void fill_sigma(processing::InstrumentMonitor& instrument, InstrumentSnapshot& row) {
  const auto& volatility = instrument.volatility();
  if (!volatility.wanted()) return;
  const auto scale = volatility.over(instrument.last_tick()->ts_event, console::kSigmaWindow);
  if (scale && scale->sigma > 0) row.sigma_pct = 100 * scale->sigma;
}

}  // namespace

DistanceView::DistanceView(const processing::MonitorOptions& options, const alerts::Catalog& catalog)
    : catalog_(catalog) {
  for (const auto& rule : options.rules) {
    const auto* record = std::get_if<processing::RecordOptions>(&rule.kind);
    if (record != nullptr && record->basis == Basis::kIntraday) records_.push_back({rule.id, rule.instrument, *record});
  }
}

void DistanceView::fill(processing::InstrumentMonitor& instrument, InstrumentSnapshot& row) const {
  const auto& last = *instrument.last_tick();
  fill_sigma(instrument, row);
  fill_levels(instrument, last.price, row);
  if (!row.distances.empty()) mark_added(instrument, row);
  fill_records(instrument.days(), last.symbol, row);
  std::ranges::stable_sort(row.distances, std::greater{}, &DistanceRow::price);
}

const std::string& DistanceView::note(const alerts::RuleInfo& rule, std::int32_t index) const {
  static const std::string kNone;
  const auto at = static_cast<std::size_t>(index);
  return index < 0 || at >= rule.notes.size() ? kNone : rule.notes[at];
}

void DistanceView::fill_levels(const processing::InstrumentMonitor& instrument, Price last,
                               InstrumentSnapshot& row) const {
  instrument.each_view([&](RuleIndex index, const processing::DetectorView& view) {
    const auto* near = std::get_if<NearLevels>(&view);
    if (near == nullptr || (near->above.empty() && near->below.empty())) return;
    const auto& rule = catalog_.rules[index_of(index)];
    const std::string kind{name_of(rule.kind)};
    console::NextLevels next{.rule = rule.id, .kind = kind, .above = {}, .below = {}};
    if (!near->above.empty()) next.above = {near->above.begin()->price, near->above.begin()->price - last};
    if (!near->below.empty()) next.below = {near->below.begin()->price, last - near->below.begin()->price};
    row.levels.push_back(std::move(next));
    for (const auto* side : {&near->above, &near->below}) {
      for (const auto& level : *side)
        add(row, {.kind = kind,
                  .rule = rule.id,
                  .name = note(rule, level.note),
                  .price = level.price,
                  .distance = {},
                  .sigma = {},
                  .configured = rule.kind == RuleKind::kLevel});
    }
  });
}

// What was added while the monitor ran may be moved and removed. One look at each, however many are shown.
void DistanceView::mark_added(const processing::InstrumentMonitor& instrument, InstrumentSnapshot& row) {
  const auto [lowest, highest] = std::ranges::minmax_element(row.distances, {}, &DistanceRow::price);
  for (const auto& added : instrument.runtime_levels()) {
    if (added.price < lowest->price || added.price > highest->price) continue;
    for (auto& distance : row.distances) {
      if (distance.price == added.price && distance.rule == added.rule) distance.configured = false;
    }
  }
}

const DistanceView::RecordRule* DistanceView::watcher(SymbolId symbol, Horizon horizon, bool high) const {
  const auto at = std::ranges::find_if(records_, [&](const RecordRule& rule) {
    const auto& options = rule.options;
    const bool wanted = options.horizons.contains(horizon) ||
                        (horizon == Horizon::kSinceStart && options.horizons.contains(Horizon::kAllTime));
    return rule.instrument == symbol && wanted && (high ? options.highs : options.lows);
  });
  return at == records_.end() ? nullptr : &*at;
}

// A high always, whoever watches it; a low where a rule does.
void DistanceView::fill_records(const processing::DayBook& days, SymbolId symbol, InstrumentSnapshot& row) const {
  for (std::size_t h = 0; h < kHorizonNames; ++h) {
    const auto horizon = static_cast<Horizon>(h);
    const auto found = extremes_of(days, horizon);
    if (!found) continue;
    const std::string name{name_of(horizon)};
    row.records.push_back({.horizon = name,
                           .high = found->high.price,
                           .low = found->low.price,
                           .high_date = to_string(found->high.date),
                           .low_date = to_string(found->low.date)});
    if (std::ranges::find(kOnBoard, horizon) == std::end(kOnBoard)) continue;
    const auto* rule = watcher(symbol, horizon, true);
    add(row, {.kind = "record",
              .rule = rule == nullptr ? "" : rule->id,
              .name = name,
              .price = found->high.price,
              .distance = {},
              .sigma = {}});
    if (const auto* below = watcher(symbol, horizon, false))
      add(row,
          {.kind = "record", .rule = below->id, .name = name, .price = found->low.price, .distance = {}, .sigma = {}});
  }
}

}  // namespace yagura::app
