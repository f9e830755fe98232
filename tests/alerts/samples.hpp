// Signals as the detectors would give them, for tests: the rally of 9 February 2026.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert_writer.hpp"
#include "alerts/catalog.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts::samples {

inline Price price(std::string_view text) { return parse_price(text).value(); }
inline PriceDelta delta(std::string_view text) { return parse_price_delta(text).value(); }
inline Timestamp at(std::string_view iso) { return parse_iso8601(iso).value(); }
inline Date date(std::string_view iso) { return parse_date(iso).value(); }

inline constexpr SymbolId kNikkei{0};
inline constexpr SymbolId kYen{1};
inline constexpr SymbolId kCoin{2};

enum : std::uint16_t {
  kMilestoneRule,
  kRecordRule,
  kMoveRule,
  kLevelRule,
  kYenMilestoneRule,
  kNikkeiMoveRule,
  kPeriodRule,
  kYenPeriodRule,
  kWatchRule,
  kDriftRule
};

inline Catalog catalog() {
  InstrumentInfo nikkei{"NI225", "Nikkei 225", "日経平均", delta("0.01"), delta("0.1"), CalendarKind::kTse, true, {}};
  InstrumentInfo yen{"USDJPY", "USD/JPY", "ドル円", delta("0.001"), delta("0.01"), CalendarKind::kFx, true, {}};
  InstrumentInfo coin{"BTCUSD", "", "", delta("1"), delta("10"), CalendarKind::kAlways, true, {}};
  return {{{"nikkei-milestone", RuleKind::kMilestone, kNikkei, {}},
           {"nikkei-record", RuleKind::kRecord, kNikkei, {}},
           {"yen-move", RuleKind::kMove, kYen, {}},
           {"desk-levels", RuleKind::kLevel, kYen, {"intervention zone", "\x1b[31mred\nalert\xff"}},
           {"yen-milestone", RuleKind::kMilestone, kYen, {}},
           {"nikkei-move", RuleKind::kMove, kNikkei, {}},
           {"nikkei-year", RuleKind::kPeriod, kNikkei, {}},
           {"yen-half-year", RuleKind::kPeriod, kYen, {}},
           {"yen-intervention", RuleKind::kIntervention, kYen, {}},
           {"yen-drift", RuleKind::kCusum, kYen, {}}},
          {nikkei, yen, coin}};
}

inline Signal common(SymbolId symbol, std::uint16_t rule, RuleKind kind, Event event, Direction direction) {
  Signal s;  // leaves most of its members open
  s.parent = {};
  s.previous_ts = {};
  s.previous = s.previous_close = Price{};
  s.has_previous = s.has_previous_close = false;
  s.gap = s.after_gap = s.while_down = s.confirmed = false;
  s.id = {0x0123456789abcdef, 0xfedcba9876543210};
  s.ts_event = at("2026-02-09T09:22:05+09:00");
  s.ts_recv = s.ts_event + std::chrono::milliseconds{3};
  s.mono_recv = MonoTime{std::chrono::seconds{100}};
  s.mono_decided = s.mono_recv + std::chrono::nanoseconds{1500};
  s.trading_date = date("2026-02-09");
  s.episode = 1;
  s.symbol = symbol;
  s.rule = RuleIndex{rule};
  s.kind = kind;
  s.event = event;
  s.severity = Severity::kHigh;
  s.direction = direction;
  return s;
}

inline void with_previous_close(Signal& s, std::string_view close) {
  s.previous_close = price(close);
  s.has_previous_close = true;
}

// Last price before the signal's, five seconds earlier.
inline void with_previous(Signal& s, std::string_view before) {
  s.previous = price(before);
  s.has_previous = true;
  s.previous_ts = s.ts_event - std::chrono::seconds{5};
}

// What is said of a signal, kept.
struct Alert {
  std::string title, text, title_ja, text_ja;
  std::string json;
};
inline Alert said(const Signal& signal, std::span<const Price> levels, const Catalog& names,
                  EncodeOptions options = {}) {
  AlertWriter writer{names, options};
  const auto json = writer.write(17, signal, levels);
  const auto [title, text, title_ja, text_ja] = writer.words();
  return {std::string{title}, std::string{text}, std::string{title_ja}, std::string{text_ja}, std::string{json}};
}

struct Sample {
  Signal signal;
  std::vector<Price> levels;
  [[nodiscard]] Alert alert(EncodeOptions options = {}) const { return said(signal, levels, catalog(), options); }
};

// A milestone or level event on the Nikkei; the headline is the last level.
inline Sample nikkei_level(Event event, Direction direction, std::string_view p, std::vector<std::string_view> levels) {
  Sample sample{common(kNikkei, kMilestoneRule, RuleKind::kMilestone, event, direction), {}};
  for (const auto level : levels) sample.levels.push_back(price(level));
  auto& s = sample.signal;
  s.price = price(p);
  s.levels = {sample.levels.back(), 0, static_cast<std::uint32_t>(levels.size()), -1, false, false, false};
  s.gap = levels.size() > 1;
  with_previous_close(s, "54253.68");
  return sample;
}

inline Sample yen_level(Event event, Direction direction, std::string_view p, std::string_view level, int note) {
  auto sample = nikkei_level(event, direction, p, {level});
  sample.signal.symbol = kYen;
  sample.signal.rule = RuleIndex{kLevelRule};
  sample.signal.kind = RuleKind::kLevel;
  sample.signal.levels.note = note;
  with_previous_close(sample.signal, "157.184");
  return sample;
}

// The opening of 9 February: three milestones in one print, all of them for the first time.
inline Sample three_milestones() {
  auto sample = nikkei_level(Event::kReached, Direction::kUp, "57337.07", {"55000", "56000", "57000"});
  auto& s = sample.signal;
  s.severity = Severity::kCritical;
  s.levels.first_ever = true;
  s.previous = price("54253.68");  // the previous close: there is no earlier print
  s.has_previous = true;
  return sample;
}

inline Sample nikkei_record(Event event, std::vector<Horizon> horizons, Basis basis = Basis::kIntraday) {
  const bool high = event != Event::kNewLow;
  Sample sample{common(kNikkei, kRecordRule, RuleKind::kRecord, event, high ? Direction::kUp : Direction::kDown), {}};
  auto& s = sample.signal;
  s.price = price("57337.07");
  s.record = {{}, basis, price("54782.83"), delta("2554.24"), date("2026-02-03"), 1};
  for (const auto horizon : horizons) s.record.horizons.insert(horizon);
  with_previous_close(s, "54253.68");
  return sample;
}

inline Sample yen_move(Event event, std::string_view p, std::string_view reference) {
  Sample sample{common(kYen, kMoveRule, RuleKind::kMove, event, Direction::kUp), {}};
  auto& s = sample.signal;
  s.price = price(p);
  const PriceDelta change = price(p) - price(reference);
  s.direction = change.raw() < 0 ? Direction::kDown : Direction::kUp;
  s.move = {std::chrono::seconds{60},
            change,
            delta("0.25"),
            price(reference),
            s.ts_event - std::chrono::seconds{25},
            Percent{},
            0,
            false,
            false,
            false};
  with_previous_close(s, "150.1");
  with_previous(s, "149.9");
  return sample;
}

// Fifteen percent since the end of 2025.
inline Sample nikkei_period() {
  Sample sample{common(kNikkei, kPeriodRule, RuleKind::kPeriod, Event::kCrossed, Direction::kUp), {}};
  auto& s = sample.signal;
  s.severity = Severity::kLow;
  s.price = price("57891");
  s.period = {.months = 0,
              .days = 0,
              .reference = price("50339.48"),
              .reference_date = date("2025-12-30"),
              .step = parse_percent("5").value(),
              .steps = 3};
  with_previous_close(s, "57650.54");
  return sample;
}

inline Sample yen_period(std::string_view p, std::int64_t steps) {
  auto sample = nikkei_period();
  auto& s = sample.signal;
  s.symbol = kYen;
  s.rule = RuleIndex{kYenPeriodRule};
  s.direction = steps < 0 ? Direction::kDown : Direction::kUp;
  s.price = price(p);
  s.has_previous_close = false;
  s.period = {.months = 6,
              .days = 0,
              .reference = price("150"),
              .reference_date = date("2025-08-08"),
              .step = parse_percent("2.5").value(),
              .steps = steps};
  return sample;
}

// The rate check of 23 January 2026, had it come on the day of the other samples.
inline Sample yen_watch(Event event) {
  const bool back = event == Event::kReverted;
  Sample sample{common(kYen, kWatchRule, RuleKind::kIntervention, event, back ? Direction::kUp : Direction::kDown), {}};
  auto& s = sample.signal;
  s.price = price(back ? "158.6" : "157.317");
  s.intervention = {.start = price("159.228"),
                    .start_ts = s.ts_event - std::chrono::minutes{10},
                    .furthest = price("157.317"),
                    .change_15m = delta("-1.911"),
                    .change_60m = delta("-1.911"),
                    .points = {2, 0, 1, 1, 1, 0, 0, 0, 0},
                    .score = 5,
                    .most = 9,
                    .has_z = true,
                    .wide_spread = false,
                    .z = 11.25,
                    .one_sided = 0.985,
                    .rebound = back ? 0.671 : 0.346};
  with_previous_close(s, "158.4");
  return sample;
}

// Joint and decoupled say more of the correlation and of each than `diverged` does.
inline Sample nikkei_against_yen(Event event, Direction direction = Direction::kUp, std::uint16_t rule = kMoveRule) {
  const bool more = event != Event::kDiverged;
  Sample sample{common(kNikkei, rule, RuleKind::kDivergence, event, direction), {}};
  auto& s = sample.signal;
  s.price = price("57337.07");
  s.divergence = {.other = kYen,
                  .window = std::chrono::minutes{15},
                  .other_price = price("156.123"),
                  .change_pct = 0.2041,
                  .other_change_pct = -0.6049,
                  .model_pct = -0.4961,
                  .z = 4.26,
                  .beta = 0.82,
                  .rho = 0.61,
                  .rho_long = more ? -0.2 : 0,
                  .own_z = more ? 3.1 : 0,
                  .other_z = more ? 3.2 : 0};
  with_previous_close(s, "57200");
  return sample;
}

// Down since 08:41:15.
inline Sample yen_drift() {
  Sample sample{common(kYen, kDriftRule, RuleKind::kCusum, Event::kDrift, Direction::kDown), {}};
  auto& s = sample.signal;
  s.severity = Severity::kLow;
  s.price = price("155.88");
  s.cusum = {at("2026-02-09T08:41:15+09:00"), price("156.5"), delta("-0.62"), 12.347, 12, 0.5};
  return sample;
}

}  // namespace yagura::alerts::samples
