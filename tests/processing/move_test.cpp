// Sharp moves over sliding windows. SEMANTICS 7.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class YenMoveSpec : public Timeline {
 protected:
  YenMoveSpec() { watch(yen()); }
  void given_windows(std::vector<MoveOptions::Window> windows) { given_rule(moves(std::move(windows))); }
  // Seconds after ten o'clock.
  void after(std::int64_t seconds, Points price) { send(print(at("10:00:00") + std::chrono::seconds{seconds}, price)); }
};

TEST_F(YenMoveSpec, TellsTheStoryOfAFallAndItsReversal) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(20, 149.80_pts);
  after(25, 149.75_pts);
  after(30, 149.60_pts);
  after(35, 149.50_pts);  // 0.25 below 149.75
  after(40, 149.40_pts);
  after(50, 149.65_pts);  // 0.25 above 149.40
  ASSERT_THAT(lines(),
              ElementsAre("10:00:25 move -0.25 1m", "10:00:35 extended -0.5 1m", "10:00:50 reversal +0.25 1m"));
  EXPECT_THAT(severities(), ElementsAre(Severity::kHigh, Severity::kCritical, Severity::kHigh));
  EXPECT_EQ(signal(0).move.reference, Price{150_pts});
  EXPECT_EQ(signal(0).move.reference_ts, jst("2026-02-09 10:00:00"));
  EXPECT_EQ(signal(2).move.reference, Price{149.40_pts});
  EXPECT_EQ(signal(2).move.reference_ts, jst("2026-02-09 10:00:40"));
  EXPECT_EQ(signal(2).direction, Direction::kUp);
}

TEST_F(YenMoveSpec, HangsExtensionsAndReversalsOnTheLastEventOfTheWindow) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(25, 149.75_pts);
  after(35, 149.50_pts);
  after(50, 149.75_pts);
  ASSERT_EQ(said().size(), 3U);
  EXPECT_TRUE(signal(0).parent.empty());
  EXPECT_EQ(signal(1).parent, signal(0).id);
  EXPECT_EQ(signal(2).parent, signal(1).id);
}

TEST_F(YenMoveSpec, GoesOnAfterAReversalInTheNewDirection) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 149.75_pts);
  after(20, 150.00_pts);
  after(30, 150.25_pts);
  after(40, 150.00_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move -0.25 1m", "10:00:20 reversal +0.25 1m", "10:00:30 extended +0.5 1m",
                                   "10:00:40 reversal -0.25 1m"));
}

TEST_F(YenMoveSpec, MeasuresAJumpAfterSparseTicksFromTheTickBeforeTheWindow) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(80, 150.30_pts);
  EXPECT_THAT(lines(), ElementsAre("10:01:20 move +0.3 1m"));
}

TEST_F(YenMoveSpec, LetsThatTickBeThirtySecondsOlderThanTheWindow) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(90, 150.30_pts);
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(YenMoveSpec, LetsItBeNoOlder) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(91, 150.30_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(YenMoveSpec, UsesOnlyTheLastTickBeforeTheWindow) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.10_pts);
  after(70, 150.30_pts);  // the window begins just after 10 s
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(YenMoveSpec, SeesAVShapeThatEndsWhereItBegan) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 149.80_pts);
  after(20, 150.05_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:20 move +0.25 1m"));
}

TEST_F(YenMoveSpec, NeedsTheWholeThreshold) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, Points{(150.25_pts).raw - 1});
  EXPECT_THAT(lines(), IsEmpty());
}

// -- re-arming --

TEST_F(YenMoveSpec, IsArmedAgainWhenTheWindowIsCalm) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  after(200, 150.25_pts);  // nothing but itself in the window
  after(210, 150.50_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.25 1m", "10:03:30 move +0.25 1m"));
  EXPECT_EQ(signal(1).episode, 2U);
  EXPECT_TRUE(signal(1).parent.empty());
}

TEST_F(YenMoveSpec, SaysNothingOnTheTickThatArmsIt) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  after(200, 151.00_pts);  // far above, but the window holds only this tick
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(YenMoveSpec, IsNotCalmAtExactlyHalfTheThreshold) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  after(40, 150.125_pts);
  after(130, 150.25_pts);  // the tick at 40 is the anchor: up is 0.125
  after(140, 150.50_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.25 1m", "10:02:20 extended +0.5 1m"));
}

TEST_F(YenMoveSpec, IsCalmJustBelowHalf) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  after(40, 150.125_pts);
  after(130, Points{(150.25_pts).raw - 1});
  after(140, 150.50_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.25 1m", "10:02:20 move +0.250000001 1m"));
}

TEST_F(YenMoveSpec, IsNotCalmWhileTheOtherSideIsWide) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  after(65, 150.10_pts);  // up 0.10, down 0.15: not calm, and no reversal yet
  after(75, 150.00_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.25 1m", "10:01:15 reversal -0.25 1m"));
}

// -- several windows --

TEST_F(YenMoveSpec, LetsTheShortestWindowSpeakForAllOnOneTick) {
  given_windows({{300s, points(0.30_pts)}, {60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.35_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.35 1m"));
}

TEST_F(YenMoveSpec, MergesAnotherWindowsEventFiftyNineSecondsLater) {
  given_windows({{60s, points(0.25_pts)}, {300s, points(0.30_pts)}});
  after(0, 150.00_pts);
  after(10, 150.27_pts);
  after(69, 150.31_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.27 1m"));
}

TEST_F(YenMoveSpec, MergesNoMoreAtSixtySeconds) {
  given_windows({{60s, points(0.25_pts)}, {300s, points(0.30_pts)}});
  after(0, 150.00_pts);
  after(10, 150.27_pts);
  after(70, 150.31_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.27 1m", "10:01:10 move +0.31 5m"));
}

TEST_F(YenMoveSpec, MovesTheStateOfAMergedWindowAllTheSame) {
  given_windows({{60s, points(0.25_pts)}, {300s, points(0.30_pts)}});
  after(0, 150.00_pts);
  after(10, 150.31_pts);   // five minutes: merged, e = 150.31
  after(120, 150.31_pts);  // one minute: calm
  after(130, 150.55_pts);  // 0.24: neither
  after(140, 150.61_pts);  // both, and the short one says it
  after(205, 150.91_pts);  // the long one from 150.61, the short one from 150.61 too
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +0.31 1m", "10:02:20 move +0.3 1m", "10:03:25 extended +0.6 1m"));
}

TEST_F(YenMoveSpec, GivesAMergedWindowsExtensionNoParentOfItsOwn) {
  given_windows({{60s, points(0.25_pts)}, {300s, points(0.30_pts)}});
  after(0, 150.00_pts);
  after(10, 150.31_pts);   // five minutes: merged
  after(150, 150.45_pts);  // one minute: calm
  after(200, 150.61_pts);  // one minute 0.16; five minutes: 0.30 over 150.31
  ASSERT_THAT(lines(), ElementsAre("10:00:10 move +0.31 1m", "10:03:20 extended +0.61 5m"));
  EXPECT_TRUE(signal(1).parent.empty());
}

TEST_F(YenMoveSpec, MergesOnlyInOneDirection) {
  given_windows({{60s, points(0.25_pts)}, {300s, points(0.30_pts)}});
  after(0, 150.20_pts);
  after(10, 150.00_pts);
  after(20, 150.25_pts);  // one minute up
  after(30, 149.95_pts);  // five minutes down 0.30, and one minute reverses: the shortest says it
  after(40, 150.25_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:20 move +0.25 1m", "10:00:30 reversal -0.3 1m", "10:00:40 reversal +0.3 1m"));
}

TEST_F(YenMoveSpec, NeverMergesEventsOfOneWindow) {
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150_pts);
  for (int i = 1; i <= 5; ++i) after(i, Points{(150_pts).raw + i * (0.25_pts).raw});
  EXPECT_EQ(lines().size(), 5U);
}

TEST_F(YenMoveSpec, TakesEqualWindowsInTheirOrder) {
  given_windows({{60s, points(0.30_pts)}, {60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.35_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(signal(0).move.threshold, PriceDelta{0.30_pts});
}

TEST_F(YenMoveSpec, MergesTheSameWindowOfAnotherRuleNot) {
  given_windows({{60s, points(0.25_pts)}});
  given_windows({{60s, points(0.25_pts)}});
  after(0, 150.00_pts);
  after(10, 150.25_pts);
  EXPECT_EQ(lines().size(), 2U);
}

// -- both sides at once: only a rule that joins late can find the window that wide --

class LateMoveSpec : public YenMoveSpec {
 protected:
  LateMoveSpec() {
    given_windows({{60s, points(9_pts)}});
    after(0, 150.00_pts);
    after(10, 150.60_pts);
    given_windows({{60s, points(0.25_pts)}});
    resume(Resumed::kInPlace);
  }
};

TEST_F(LateMoveSpec, TakesTheLargerDistance) {
  after(20, 150.29_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:20 move -0.31 1m"));
}

TEST_F(LateMoveSpec, TakesTheRiseOnATie) {
  after(20, 150.30_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:20 move +0.3 1m"));
}

// -- segments --

TEST_F(YenMoveSpec, ForgetsEverythingOverTheWeekend) {
  given_windows({{24h, points(0.25_pts)}, {100h, points(0.25_pts)}});
  on("2026-02-13");
  after(0, 150_pts);
  on("2026-02-16");
  after(0, 152_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(YenMoveSpec, LooksAcrossTheDailyRoll) {
  given_windows({{60s, points(0.25_pts)}});
  on("2026-02-10");
  tick("06:59:50", 150_pts);
  tick("07:00:05", 150.25_pts);
  ASSERT_THAT(lines(), ElementsAre("07:00:05 move +0.25 1m"));
  EXPECT_EQ(signal(0).trading_date, day("2026-02-10"));
}

class NikkeiMoveSpec : public Timeline {
 protected:
  NikkeiMoveSpec() {
    watch(nikkei());
    given_rule(moves({{300s, percent(0.5_pct)}}));
  }
};

TEST_F(NikkeiMoveSpec, MeasuresARiseInPercentOfTheLow) {
  tick("10:00:00", 50'000_pts);
  tick("10:01:00", Points{(50'250_pts).raw - 1});
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:01:05", 50'250_pts);
  ASSERT_THAT(lines(), ElementsAre("10:01:05 move +250 5m"));
  EXPECT_EQ(signal(0).move.threshold_pct, 0.5_pct);
}

TEST_F(NikkeiMoveSpec, MeasuresAFallInPercentOfTheHigh) {
  tick("10:00:00", 50'000_pts);
  tick("10:01:00", Points{(49'750_pts).raw + 1});
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:01:05", 49'750_pts);
  EXPECT_THAT(lines(), ElementsAre("10:01:05 move -250 5m"));
}

TEST_F(NikkeiMoveSpec, MeasuresExtensionsInPercentOfTheLastEvent) {
  tick("10:00:00", 50'000_pts);
  tick("10:00:05", 50'300_pts);
  tick("10:00:10", Points{(50'551.5_pts).raw - 1});
  EXPECT_EQ(lines().size(), 1U);
  tick("10:00:15", 50'551.5_pts);  // 0.5 % over 50,300
  EXPECT_THAT(lines(), ElementsAre("10:00:05 move +300 5m", "10:00:15 extended +551.5 5m"));
}

TEST_F(NikkeiMoveSpec, MeasuresReversalsInPercentOfTheFurthestPrice) {
  tick("10:00:00", 50'000_pts);
  tick("10:00:05", 50'300_pts);
  tick("10:00:10", 50'400_pts);
  tick("10:00:15", Points{(50'148_pts).raw + 1});
  EXPECT_EQ(lines().size(), 1U);
  tick("10:00:20", 50'148_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 move +300 5m", "10:00:20 reversal -252 5m"));
}

TEST_F(NikkeiMoveSpec, ForgetsTheMorningOverLunch) {
  tick("11:34:59", 50'000_pts);
  tick("12:30:00", 51'000_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(NikkeiMoveSpec, BeginsANewEpisodeInTheNewSegment) {
  tick("11:30:00", 50'000_pts);
  tick("11:30:05", 50'300_pts);
  tick("12:30:00", 50'300_pts);
  tick("12:30:05", 50'600_pts);
  EXPECT_THAT(lines(), ElementsAre("11:30:05 move +300 5m", "12:30:05 move +300 5m"));
}

TEST_F(NikkeiMoveSpec, LetsTheTickBeforeTheWindowBeFifteenSecondsOlder) {
  tick("10:00:00", 50'000_pts);
  tick("10:05:15", 50'300_pts);
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(NikkeiMoveSpec, LetsItBeNoOlderThanThat) {
  tick("10:00:00", 50'000_pts);
  send(print(at("10:05:15") + 1ns, 50'300_pts));
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(NikkeiMoveSpec, IsNotDisarmedByAGap) {
  send(numbered(print(at("10:00:00"), 50'000_pts), 1));
  send(numbered(print(at("10:01:00"), 50'250_pts), 9));
  ASSERT_THAT(lines(), ElementsAre("10:01:00 move +250 5m gap"));
  EXPECT_TRUE(signal(0).after_gap);
}

// Nothing to compare the first prices with: a broken feed's are believed, and twice their distance is
// more than a number holds.
TEST_F(NikkeiMoveSpec, MeasuresAnyDistance) {
  tick("10:00:00", 1_pts);
  tick("10:00:05", 5'000'000'000_pts);
  tick("10:00:10", 5'000'000'001_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 move +4999999999 5m"));
}

}  // namespace
}  // namespace yagura::processing
