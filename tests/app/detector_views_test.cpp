// What the console shows of rules between their alerts: distances, pairs, interventions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/distance_view.hpp"
#include "app/pair_view.hpp"
#include "tests/processing/pair_walk.hpp"

namespace yagura::app {
namespace {

using namespace processing::timeline;  // NOLINT: the vocabulary of these tests
using processing::InterventionOptions;
using testing::Contains;
using testing::ElementsAre;

class ViewSpec : public Timeline {
 protected:
  // The rules as given so far, and the names and notes that settings would give them.
  const alerts::Catalog& catalog() {
    catalog_ = {};
    catalog_.instruments = options_.instruments;
    for (const auto& rule : options_.rules) {
      alerts::RuleInfo info{rule.id, processing::kind_of(rule), rule.instrument, {}, {}};
      if (const auto* levels = std::get_if<processing::LevelOptions>(&rule.kind)) {
        info.notes = levels->levels.notes();
      }
      catalog_.rules.push_back(info);
    }
    return catalog_;
  }
  console::InstrumentSnapshot shown(SymbolId symbol = SymbolId{0}) {
    auto& instrument = monitor().instrument(symbol);
    console::InstrumentSnapshot row;
    row.price = instrument.last_tick()->price;
    DistanceView{options_, catalog()}.fill(instrument, row);
    return row;
  }
  // "level desk 158.5 +1.5 stop" of each row of the board.
  std::vector<std::string> board(SymbolId symbol = SymbolId{0}) {
    std::vector<std::string> lines;
    for (const auto& row : shown(symbol).distances) {
      lines.push_back(row.kind + ' ' + row.rule + ' ' + to_string(row.price) + ' ' +
                      (row.distance.raw() > 0 ? "+" : "") + to_string(row.distance) +
                      (row.name.empty() ? "" : ' ' + row.name) + (row.configured ? " fixed" : ""));
    }
    return lines;
  }
  console::StateSnapshot pairs(Timestamp now = {}) {
    console::StateSnapshot state;
    for (std::size_t i = 0; i < monitor().size(); ++i)
      fill_pairs(monitor().instrument(SymbolId{static_cast<std::uint16_t>(i)}), catalog(), now, state);
    return state;
  }

 private:
  alerts::Catalog catalog_;
};

TEST_F(ViewSpec, TheBoardHasTheNextMilestonesAndTheNearestLevelsFromTheTop) {
  watch(coin());
  given_rule(milestones(1000_pts, percent(0.1_pct)), SymbolId{0}, "thousands");
  given_rule(levels({{61000_pts, "a", false},
                     {58500_pts, "stop", false},
                     {59000_pts, "", false},
                     {60000_pts, "b", false},
                     {57000_pts, "", false},
                     {10_pts, "far", false}},
                    percent(0.1_pct)),
             SymbolId{0}, "desk");
  tick("10:00", 58100_pts);
  EXPECT_THAT(board(), ElementsAre("level desk 60000 +1900 b fixed", "milestone thousands 59000 +900",
                                   "level desk 59000 +900 fixed", "level desk 58500 +400 stop fixed",
                                   "milestone thousands 58000 -100", "level desk 57000 -1100 fixed",
                                   "level desk 10 -58090 far fixed"));
}

TEST_F(ViewSpec, ALevelAddedAtRunTimeMayBeMovedAndASpentOneIsGone) {
  watch(coin());
  given_rule(levels({{58500_pts, "stop", true}}, percent(0.1_pct)), SymbolId{0}, "desk");
  tick("10:00", 58100_pts);
  ASSERT_TRUE(monitor().instrument(SymbolId{0}).add_level({"desk", 58400_pts, "", false}, -1));
  EXPECT_THAT(board(), ElementsAre("level desk 58500 +400 stop fixed", "level desk 58400 +300"));
  tick("10:01", 58600_pts);
  EXPECT_THAT(board(), ElementsAre("level desk 58400 -200"));
}

TEST_F(ViewSpec, RecordsStandWithTheRuleThatWatchesThem) {
  watch(nikkei());
  auto lows = records(horizons({Horizon::k52Week}), points(1_pts));
  lows.lows = true;
  given_rule(records(all_horizons(), points(1_pts)), SymbolId{0}, "highs");
  given_rule(lows, SymbolId{0}, "both");
  given_history({bar("2024-01-05", 60000_pts, 30000_pts, 40000_pts), bar("2026-02-05", 58000_pts, 52000_pts, 55000_pts),
                 bar("2026-02-06", 57000_pts, 56000_pts, 56500_pts)});
  tick("10:00", 57100_pts);
  const auto rows = board();
  EXPECT_THAT(rows, Contains("record highs 60000 +2900 all_time"));
  EXPECT_THAT(rows, Contains("record highs 58000 +900 52w"));
  EXPECT_THAT(rows, Contains("record both 52000 -5100 52w"));
  EXPECT_THAT(rows, testing::Not(Contains("record highs 30000 -27100 all_time")));
}

TEST_F(ViewSpec, DistancesAreCountedInStandardDeviationsOfAnHour) {
  watch(yen());
  given_rule(milestones(1_pts, points(0.1_pts)), SymbolId{0}, "yen");
  tick("10:00", 157.5_pts);
  EXPECT_FALSE(shown().sigma_pct) << "nobody wants to know";
  monitor().instrument(SymbolId{0}).volatility().want();
  for (int i = 0; i < 3 * 720; ++i)
    send(print(at("10:00:05") + i * 5s, Price::from_raw(157'500'000'000 + i % 4 * 10'000'000)));
  const auto row = shown();
  ASSERT_TRUE(row.sigma_pct);
  const auto usual = monitor().instrument(SymbolId{0}).volatility().over(row.ts_event, 1h);
  ASSERT_TRUE(usual);
  for (const auto& distance : row.distances) {
    ASSERT_TRUE(distance.sigma);
    EXPECT_NEAR(*distance.sigma, distance.distance_pct / *row.sigma_pct, 1e-12);
  }
  EXPECT_NEAR(*row.sigma_pct,
              100 * monitor().instrument(SymbolId{0}).volatility().over(at("10:00:05") + 2159 * 5s, 1h)->sigma, 1e-9);
}

TEST_F(ViewSpec, APairSaysWhatItsAlertSaid) {
  watch(nikkei());
  watch(yen());
  processing::DivergenceOptions options;
  options.against = kOther;
  options.coupling_z = options.joint_z = 0;
  given_rule(options, kOwn, "pair");
  const auto rise = [start = jst("2026-02-13 13:30")](Timestamp t, double& own, double& other) {
    if (t < start || t >= start + 5min) return;
    own = 0.012 / 5;
    other = 0;
  };
  EXPECT_EQ(pairs().pairs.at(0).state, "learning");
  for (const auto& tick :
       merged(pair_walk({"2026-02-09", "2026-02-10", "2026-02-12", "2026-02-13"}, {.shock = rise}))) {
    send(tick);
    if (!said().empty()) break;
  }
  ASSERT_EQ(said().size(), 1U);
  const auto& alert = signal(0);
  const auto row = pairs().pairs.at(0);
  EXPECT_EQ(row.state, "diverged");
  EXPECT_EQ(row.instrument + '/' + row.other, "NI225/USDJPY");
  EXPECT_EQ(row.as_of, alert.ts_event);
  EXPECT_EQ(row.residual_z, alert.divergence.z);
  EXPECT_EQ(row.beta, alert.divergence.beta);
  EXPECT_EQ(row.rho, alert.divergence.rho);
  EXPECT_EQ(row.own_change_pct, alert.divergence.change_pct);
  EXPECT_EQ(row.other_change_pct, alert.divergence.other_change_pct);
  EXPECT_EQ(row.expected_pct, alert.divergence.model_pct);
  EXPECT_EQ(row.window_ms, 900'000);
  resume(processing::Resumed::kInPlace);  // what is not in the snapshot is left out, not made up
  const auto after = pairs().pairs.at(0);
  EXPECT_EQ(after.state, "diverged");
  EXPECT_EQ(after.beta, row.beta);
  EXPECT_FALSE(after.residual_z);
}

TEST_F(ViewSpec, AnInterventionHasTheScoreOfItsAlertUntilThePushIsOver) {
  watch(yen());
  on("2026-02-10");
  given_rule(InterventionOptions{}, SymbolId{0}, "watch");
  tick("09:59:55", 157_pts);
  EXPECT_EQ(pairs().interventions.at(0).stage, "none");
  for (int i = 0; i <= 60; ++i) send(print(at("10:00:00") + i * 5s, Price::from_raw(157'000'000'000 - i * 17'000'000)));
  ASSERT_EQ(said().size(), 1U);
  const auto& alert = signal(0).intervention;
  const auto row = pairs(at("10:05:00")).interventions.at(0);
  EXPECT_EQ(row.stage, "watch");
  EXPECT_EQ(row.direction, "down");
  EXPECT_EQ(row.score, alert.score);
  EXPECT_EQ(row.start, alert.start);
  EXPECT_EQ(row.since, alert.start_ts);
  ASSERT_EQ(row.items.size(), kSuspicions);
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    EXPECT_EQ(row.items[i].name, name_of(static_cast<Suspicion>(i)));
    EXPECT_EQ(row.items[i].points, alert.points[i]);
  }
  EXPECT_EQ(row.watch_at, 3);
  const auto later = pairs(at("10:35:01")).interventions.at(0);  // no new low for half an hour
  EXPECT_EQ(later.stage, "none");
  EXPECT_EQ(later.score, 0);
}

}  // namespace
}  // namespace yagura::app
