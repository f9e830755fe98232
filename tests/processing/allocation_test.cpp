// The tick path takes no memory once it is warm.
#include <random>

#include "tests/processing/timeline.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class AllocationSpec : public ::testing::TestWithParam<CalendarKind> {
 protected:
  static MonitorOptions all_kinds_of_rules(CalendarKind calendar) {
    MonitorOptions options;
    auto info = filtered(coin());
    info.calendar = calendar;
    info.tick = 0.001_pts;
    info.pip = 0.01_pts;
    info.gap_after = 5s;
    options.instruments = {info};
    auto milestone = milestones(0.1_pts, points(0.02_pts));
    milestone.crossing.cooldown = 0s;
    milestone.crossing.near = points(0.01_pts);
    milestone.crossing.close = true;
    auto level = levels({{150_pts, "note", false}, {150.05_pts, "", false}, {149.9_pts, "", false}}, percent(0.01_pct));
    level.crossing.cooldown = 1s;
    auto record = records(all_horizons(), points(0.001_pts));
    record.lows = true;
    record.min_gap = 0s;
    auto move = moves({{10s, points(0.05_pts)}, {60s, points(0.1_pts)}, {1h, percent(0.2_pct)}});
    options.rules = {{"milestone", SymbolId{0}, milestone},
                     {"level", SymbolId{0}, level},
                     {"record", SymbolId{0}, record},
                     {"move", SymbolId{0}, move},
                     {"feed", SymbolId{0}, StaleOptions{1s}},
                     {"drift", SymbolId{0}, CusumOptions{.grid = 1s, .allowance = 0.5, .limit = 2}}};
    return options;
  }
};

// A hundred thousand prices wander around 150, jump now and then, and some are wrong.
TEST_P(AllocationSpec, TakesNoMemoryOnceWarm) {
  Monitor monitor{
      all_kinds_of_rules(GetParam()),
      {{"BTCUSD", {bar("2024-12-30", 149_pts, 148_pts, 148.5_pts), bar("2026-02-06", 150_pts, 149_pts, 149.9_pts)}}}};
  SignalBuffer out;
  std::mt19937 random{20260209};
  Timestamp t = jst("2026-02-09 09:01:00");
  std::int64_t price = (150_pts).raw;
  std::size_t signals = 0;
  std::array<std::size_t, 9> kinds{};
  const auto run = [&](int ticks) {
    for (int i = 0; i < ticks; ++i) {
      t += std::chrono::milliseconds{random() % 150};
      if (random() % 1'000 == 0) t += 2s;  // the feed stops and comes back
      price += (static_cast<std::int64_t>(random() % 11) - 5) * 2'000'000 - (price - (150_pts).raw) / 1'000;
      if (random() % 2'000 == 0) price += random() % 2 == 0 ? (0.2_pts).raw : -(0.2_pts).raw;
      Tick tick{};
      tick.ts_event = tick.ts_recv = t;
      tick.price = Price::from_raw(random() % 500 == 0 ? price + (5_pts).raw : price);
      tick.bid = tick.price - PriceDelta{0.001_pts};
      tick.ask = tick.price + PriceDelta{0.001_pts};
      tick.flags = TickFlag::kHasBid | TickFlag::kHasAsk;
      monitor.on_tick(tick, out);
      signals += out.signals().size();
      for (const auto& signal : out.signals()) ++kinds[static_cast<std::size_t>(signal.kind)];
      out.clear();
    }
  };
  run(20'000);
  signals = 0;
  kinds = {};
  const auto before = test::allocations();
  run(100'000);
  const auto taken = test::allocations() - before;
  EXPECT_EQ(taken, 0U);
  EXPECT_GT(signals, 1'000U);
  for (const auto& rule : all_kinds_of_rules(GetParam()).rules)
    EXPECT_GT(kinds[static_cast<std::size_t>(kind_of(rule))], 0U) << rule.id;
  EXPECT_GT(monitor.instrument(SymbolId{0}).filter().counts().accepted, 100'000U);
}

INSTANTIATE_TEST_SUITE_P(Calendars, AllocationSpec,
                         ::testing::Values(CalendarKind::kAlways, CalendarKind::kFx, CalendarKind::kTse,
                                           CalendarKind::kOse),
                         [](const auto& calendar) {
                           switch (calendar.param) {
                             case CalendarKind::kTse: return "Tse";
                             case CalendarKind::kOse: return "Ose";
                             case CalendarKind::kFx: return "Fx";
                             case CalendarKind::kAlways: break;
                           }
                           return "Always";
                         });

// Waves of three yen, each a push that is scored, with two other pairs beside it; and percents of yesterday.
TEST(WatchAllocationSpec, TakesNoMemoryOnceWarm) {
  MonitorOptions options;
  options.instruments = {filtered(yen()),
                         {"EURJPY", "", "", 0.001_pts, 0.01_pts, CalendarKind::kFx, true, {}},
                         {"EURUSD", "", "", 0.00001_pts, 0.0001_pts, CalendarKind::kFx, true, {}}};
  InterventionOptions watch;
  watch.zones = {152_pts};
  watch.crosses = {SymbolId{1}};
  watch.eurusd = SymbolId{2};
  watch.rises = true;
  options.rules = {{"watch", SymbolId{0}, watch},
                   {"day", SymbolId{0}, PeriodOptions{.days = 1, .step = 0.5_pct, .rearm = 0.1_pct, .directions = {}}}};
  Monitor monitor{options, {{"USDJPY", {bar("2026-02-06", 155_pts, 155_pts, 155_pts)}}}};
  SignalBuffer out;
  std::mt19937 random{20260209};
  Timestamp t = jst("2026-02-09 09:00:00");
  std::array<std::size_t, 9> kinds{};
  const auto send = [&](std::uint16_t symbol, double price) {
    Tick tick{};
    tick.ts_event = tick.ts_recv = t;
    tick.symbol = SymbolId{symbol};
    tick.price = Price::from_raw(std::llround(price * 1e5) * 10'000);
    tick.bid = tick.price - PriceDelta{0.001_pts};
    tick.ask = tick.price + PriceDelta{0.001_pts};
    tick.flags = TickFlag::kHasBid | TickFlag::kHasAsk;
    monitor.on_tick(tick, out);
    for (const auto& signal : out.signals()) ++kinds[static_cast<std::size_t>(signal.kind)];
    out.clear();
  };
  double phase = 0;
  const auto run = [&](int ticks) {
    for (int i = 0; i < ticks; ++i) {
      t += std::chrono::milliseconds{random() % 1'600};
      phase += 0.004;
      const double wave = 1.5 * std::sin(phase) + static_cast<double>(random() % 5) * 0.001;
      send(0, 155 + wave);
      send(1, 180 + wave);
      send(2, 1.161);
    }
  };
  run(60'000);
  kinds = {};
  const auto before = test::allocations();
  run(60'000);
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_GT(kinds[static_cast<std::size_t>(RuleKind::kIntervention)], 5U);
  EXPECT_GT(kinds[static_cast<std::size_t>(RuleKind::kPeriod)], 0U);
}

}  // namespace
}  // namespace yagura::processing
