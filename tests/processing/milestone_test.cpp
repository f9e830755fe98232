// Round numbers. SEMANTICS 6.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

// The Nikkei with a milestone every 1,000 and a band of 58 points, after a quiet history.
class MilestoneSpec : public Timeline {
 protected:
  MilestoneSpec() {
    watch(nikkei());
    given_rule(rule());
  }
  static MilestoneOptions rule() { return milestones(1'000_pts, points(58_pts)); }
  CrossingOptions& crossing_of_rule() { return std::get<MilestoneOptions>(options_.rules[0].kind).crossing; }
  void given_all_time_high(Points high, Points close) { given_history({bar("2026-02-06", high, close, close)}); }
};

TEST_F(MilestoneSpec, TellsTheStoryOfALevel) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'004.72_pts);
  tick("10:00:10", 57'950_pts);
  tick("10:00:15", 57'942_pts);
  tick("10:00:20", 58'058_pts);  // above again, silently: 15 s after the last reached
  tick("10:00:25", 57'999.99_pts);
  tick("10:00:30", 57'942_pts);
  tick("10:10:05", 58'000_pts);  // exactly ten minutes after the last reached
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:15 rejected 58000", "10:00:25 lost 58000",
                                   "10:00:30 broken 58000", "10:10:05 reached 58000"));
  EXPECT_THAT(severities(),
              ElementsAre(Severity::kHigh, Severity::kLow, Severity::kHigh, Severity::kLow, Severity::kHigh));
}

TEST_F(MilestoneSpec, GivesThreeLevelsInOnePrintOneAlert) {
  given_all_time_high(54'300_pts, 54'253.68_pts);
  tick("09:00:05", 57'337.07_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:05 reached 55000 56000 57000 first ever gap"));
  EXPECT_EQ(signal(0).levels.level, Price{57'000_pts});
  EXPECT_EQ(signal(0).previous, Price{54'253.68_pts});
  EXPECT_EQ(signal(0).severity, Severity::kCritical);
  EXPECT_FALSE(signal(0).after_gap);
}

TEST_F(MilestoneSpec, FollowsThePublicFiguresOfFebruary2026) {
  given_all_time_high(57'800_pts, 57'700_pts);
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'004.72_pts);
  tick("10:30:00", 57'739.20_pts);
  tick("11:00:00", 58'015.08_pts);
  tick("11:30:00", 57'639.84_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000 first ever", "10:30:00 rejected 58000",
                                   "11:00:00 reached 58000", "11:30:00 rejected 58000"));
}

TEST_F(MilestoneSpec, IsHushedByTheCooldownWhenTheSameComesFast) {
  given_all_time_high(57'800_pts, 57'700_pts);
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'004.72_pts);
  tick("10:00:10", 57'739.20_pts);
  tick("10:00:15", 58'015.08_pts);
  tick("10:00:20", 57'639.84_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000 first ever", "10:00:10 rejected 58000"));
}

TEST_F(MilestoneSpec, FlickersOnce) {
  auto t = at("10:00:00");
  for (int i = 0; i < 100; ++i) {
    send(print(t += 5s, 57'999.99_pts));
    send(print(t += 5s, 58'000_pts));
  }
  EXPECT_THAT(lines(), ElementsAre("10:00:10 reached 58000"));
}

// A broken feed after a holiday: nothing to compare its price with, and millions of levels on the way.
TEST_F(MilestoneSpec, NamesTheLastTenThousandOfMillionsCrossedInOnePrint) {
  options_.instruments[0].calendar = CalendarKind::kAlways;
  tick("10:00:00", 57'990_pts);
  on("2026-03-09");
  tick("10:00:00", 9'000'000'000_pts);
  on("2026-04-09");
  tick("10:00:00", 57'990_pts);
  ASSERT_EQ(said().size(), 3U);
  ASSERT_EQ(said()[0].levels.size(), 10'000U);
  EXPECT_EQ(signal(0).levels.level, Price{9'000'000'000_pts});
  ASSERT_EQ(said()[1].levels.size(), 10'000U);
  EXPECT_EQ(signal(1).levels.level, Price{58'000_pts});
  EXPECT_EQ(signal(2).event, Event::kRejected);
}

TEST_F(MilestoneSpec, SetsStatesOnlyWithTheFirstTickOfAll) {
  tick("10:00:00", 58'100_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:00:05", 57'990_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 lost 58000"));
}

TEST_F(MilestoneSpec, LetsThePreviousCloseStandInForTheFirstTick) {
  given_previous_close(58'000_pts);  // on the level is above it
  tick("09:00:00", 57'999_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 lost 58000"));
}

TEST_F(MilestoneSpec, IsReachedByExactlyTheNumber) {
  tick("10:00:00", Points{(58'000_pts).raw - 1});
  tick("10:00:05", 58'000_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000"));
}

TEST_F(MilestoneSpec, IsClearedExactlyTheBandAbove) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  tick("10:00:10", Points{(58'058_pts).raw - 1});
  EXPECT_EQ(lines().size(), 1U);
  tick("10:00:15", 58'058_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:15 cleared 58000"));
}

TEST_F(MilestoneSpec, IsRejectedExactlyTheBandBelow) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  tick("10:00:10", Points{(57'942_pts).raw + 1});
  EXPECT_EQ(lines().size(), 1U);
  tick("10:00:15", 57'942_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:15 rejected 58000"));
}

TEST_F(MilestoneSpec, TakesTheBandInPercentOfTheLevel) {
  crossing_of_rule().rearm = percent(0.1_pct);  // 58 at 58,000
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  tick("10:00:10", Points{(58'058_pts).raw - 1});
  tick("10:00:15", 58'058_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:15 cleared 58000"));
}

TEST_F(MilestoneSpec, SettlesAtOnceWhenThePriceGoesFarEnough) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'058_pts);  // cleared is part of this alert
  tick("10:00:10", 57'942_pts);  // and so is broken of this
  tick("10:00:15", 57'950_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 lost 58000"));
}

TEST_F(MilestoneSpec, IsRegainedTheBandAboveAfterALoss) {
  tick("10:00:00", 58'100_pts);
  tick("10:00:05", 57'990_pts);
  tick("10:00:10", 58'057_pts);
  tick("10:00:15", 58'058_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 lost 58000", "10:00:15 regained 58000"));
  EXPECT_EQ(signal(1).direction, Direction::kUp);
}

TEST_F(MilestoneSpec, ListsFallenLevelsDownwards) {
  tick("10:00:00", 57'337_pts);
  tick("10:00:05", 54'200_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 lost 57000 56000 55000 gap"));
  EXPECT_EQ(signal(0).levels.level, Price{55'000_pts});
}

TEST_F(MilestoneSpec, KeepsStatesOverLunchAndNight) {
  tick("11:30:00", 57'990_pts);
  tick("11:30:05", 58'001_pts);
  tick("12:30:00", 58'010_pts);
  on("2026-02-10");
  tick("09:00:00", 57'900_pts);
  EXPECT_THAT(lines(), ElementsAre("11:30:05 reached 58000", "09:00:00 rejected 58000"));
}

TEST_F(MilestoneSpec, EmitsAgainExactlyAtTheEndOfTheCooldown) {
  crossing_of_rule().cooldown = 60s;
  tick("10:00:00", 57'900_pts);
  tick("10:00:10", 58'100_pts);
  tick("10:00:20", 57'900_pts);
  send(print(at("10:01:10") - 1ns, 58'100_pts));  // a hair too early
  send(print(at("10:01:20") - 1ns, 57'900_pts));
  tick("10:01:20", 58'100_pts);
  tick("10:02:20", 57'900_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 reached 58000", "10:00:20 lost 58000", "10:01:20 reached 58000",
                                   "10:02:20 lost 58000"));
}

TEST_F(MilestoneSpec, CoolsNotesToo) {
  crossing_of_rule().cooldown = 60s;
  tick("10:00:00", 57'900_pts);
  tick("10:00:10", 58'000_pts);
  tick("10:00:20", 57'900_pts);  // rejected
  tick("10:01:10", 58'000_pts);
  tick("10:01:15", 57'900_pts);  // 55 s after the last note
  EXPECT_THAT(lines(), ElementsAre("10:00:10 reached 58000", "10:00:20 rejected 58000", "10:01:10 reached 58000"));
}

TEST_F(MilestoneSpec, DropsOnlyTheCoolingLevelsFromAnAlert) {
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 58'100_pts);
  tick("10:00:10", 57'900_pts);
  tick("10:00:15", 59'100_pts);  // 58,000 was just said
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 lost 58000", "10:00:15 reached 59000"));
}

TEST_F(MilestoneSpec, SaysOnlyTheUpwardStoryOfAnUpwardRule) {
  crossing_of_rule().directions = {true, false};
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  tick("10:00:10", 57'900_pts);
  tick("10:20:00", 58'001_pts);
  tick("10:20:05", 58'100_pts);
  tick("10:20:10", 57'990_pts);
  tick("10:20:15", 57'900_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 rejected 58000", "10:20:00 reached 58000",
                                   "10:20:05 cleared 58000"));
}

TEST_F(MilestoneSpec, SaysOnlyTheDownwardStoryOfADownwardRule) {
  crossing_of_rule().directions = {false, true};
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'100_pts);
  tick("10:00:10", 57'990_pts);
  tick("10:00:15", 58'100_pts);
  tick("10:20:10", 57'990_pts);
  tick("10:20:15", 57'900_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 lost 58000", "10:00:15 regained 58000", "10:20:10 lost 58000",
                                   "10:20:15 broken 58000"));
}

TEST_F(MilestoneSpec, HangsNotesOnTheCrossingTheyFollow) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  tick("10:00:10", 58'100_pts);  // cleared
  tick("10:00:15", 57'990_pts);  // lost
  tick("10:00:20", 57'900_pts);  // broken
  tick("10:00:25", 58'001_pts);  // reached, cooling
  tick("10:00:30", 57'900_pts);  // rejected
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 cleared 58000", "10:00:15 lost 58000",
                                   "10:00:20 broken 58000", "10:00:30 rejected 58000"));
  EXPECT_TRUE(signal(0).parent.empty());
  EXPECT_EQ(signal(1).parent, signal(0).id);
  EXPECT_TRUE(signal(2).parent.empty());
  EXPECT_EQ(signal(3).parent, signal(2).id);
  EXPECT_EQ(signal(4).parent, signal(0).id);  // the last that was emitted
}

TEST_F(MilestoneSpec, NumbersTheEpisodesOfALevelByDay) {
  crossing_of_rule().cooldown = 0s;
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 58'100_pts);
  tick("10:00:10", 57'900_pts);
  tick("10:00:15", 58'100_pts);
  on("2026-02-10");
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 58'100_pts);
  std::vector<std::uint32_t> reached;
  for (const auto& s : said()) {
    if (s.signal.event == Event::kReached) reached.push_back(s.signal.episode);
  }
  EXPECT_THAT(reached, ElementsAre(1U, 2U, 1U));
  EXPECT_NE(signal(0).id, signal(2).id);
}

// -- first ever --

TEST_F(MilestoneSpec, IsFirstEverOnlyOnce) {
  crossing_of_rule().cooldown = 0s;
  given_all_time_high(57'999.99_pts, 57'900_pts);
  tick("10:00:00", 58'000_pts);
  tick("10:00:05", 57'900_pts);
  tick("10:00:10", 58'000_pts);
  on("2026-02-10");
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 58'010_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000 first ever", "10:00:05 rejected 58000",
                                   "10:00:10 reached 58000", "10:00:00 rejected 58000", "10:00:05 reached 58000"));
}

TEST_F(MilestoneSpec, IsNotFirstEverWhenHistoryTouchedTheNumber) {
  given_all_time_high(58'000_pts, 57'900_pts);
  tick("10:00:00", 58'010_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000"));
}

TEST_F(MilestoneSpec, IsNotFirstEverWithoutHistory) {
  tick("10:00:00", 57'900_pts);
  on("2026-02-10");
  tick("10:00:00", 58'010_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000"));
}

TEST_F(MilestoneSpec, IsFirstEverWhenTheHeadlineIs) {
  given_all_time_high(58'500_pts, 57'900_pts);
  tick("10:00:00", 59'010_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000 59000 first ever gap"));
}

class YenMilestoneSpec : public Timeline {};

TEST_F(YenMilestoneSpec, IsNeverFirstEver) {
  watch(yen());
  given_history({bar("2026-02-06", 158_pts, 150_pts, 157.9_pts)});
  given_rule(milestones(1_pts, points(0.1_pts)));
  tick("10:00:00", 165.2_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 158 159 160 161 162 163 164 165 gap"));
}

// -- gaps --

TEST_F(MilestoneSpec, CallsACrossingAfterAHoleAGap) {
  send(numbered(print(at("10:00:00"), 57'990_pts), 1));
  send(numbered(print(at("10:00:05"), 58'001_pts), 3));
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 58000 gap"));
  EXPECT_TRUE(signal(0).after_gap);
}

TEST_F(MilestoneSpec, CallsANoteAGapOnlyAfterAHole) {
  send(numbered(print(at("10:00:00"), 57'900_pts), 1));
  send(numbered(print(at("10:00:05"), 58'001_pts), 2));
  send(numbered(print(at("10:00:10"), 57'900_pts), 9));
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 rejected 58000 gap"));
}

class SilentMarketSpec : public Timeline {
 protected:
  SilentMarketSpec() {
    auto info = nikkei();
    info.gap_after = 30s;
    watch(info);
    given_rule(milestones(1'000_pts, points(58_pts)));
  }
};

TEST_F(SilentMarketSpec, CallsMoreThanGapAfterOfSilenceAGap) {
  tick("10:00:00", 57'500_pts);
  send(print(at("10:00:30") + 1ns, 58'500_pts));
  ASSERT_EQ(said().size(), 1U);
  EXPECT_TRUE(signal(0).after_gap);
  EXPECT_TRUE(signal(0).gap);
}

TEST_F(SilentMarketSpec, CallsExactlyGapAfterNoGap) {
  tick("10:00:00", 57'500_pts);
  tick("10:00:30", 58'500_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_FALSE(signal(0).after_gap);
}

TEST_F(SilentMarketSpec, CallsLunchNoGap) {
  tick("11:30:00", 57'500_pts);
  tick("12:30:00", 58'500_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_FALSE(signal(0).after_gap);
}

// -- near --

class NearSpec : public MilestoneSpec {
 protected:
  NearSpec() { crossing_of_rule().near = points(100_pts); }
};

TEST_F(NearSpec, SaysSoWhenThePriceEntersTheBandFromBelow) {
  tick("10:00:00", Points{(57'900_pts).raw - 1});
  tick("10:00:05", 57'900_pts);
  tick("10:00:10", 57'950_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 near 58000"));
  EXPECT_EQ(signal(0).severity, Severity::kLow);
  EXPECT_EQ(signal(0).direction, Direction::kUp);
}

TEST_F(NearSpec, IsSilentWhenThePriceWasInTheBandAlready) {
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 57'950_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(NearSpec, IsSilentOnTheWayDown) {
  tick("10:00:00", 58'200_pts);
  tick("10:00:05", 57'950_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 lost 58000"));
}

TEST_F(NearSpec, IsOverAtTheLevel) {
  tick("10:00:00", 57'800_pts);
  tick("10:00:05", 58'000_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000"));
}

TEST_F(NearSpec, ComesOncePerSession) {
  tick("10:00:00", 57'800_pts);
  tick("10:00:05", 57'950_pts);
  tick("10:00:10", 57'800_pts);
  tick("12:30:00", 57'950_pts);
  on("2026-02-10");
  tick("10:00:00", 57'800_pts);
  tick("10:00:05", 57'950_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 near 58000", "10:00:05 near 58000"));
}

TEST_F(NearSpec, NeedsTheLevelToBeBelow) {
  crossing_of_rule().near = points(15_pts);
  tick("10:00:00", 58'100_pts);
  tick("10:00:05", 57'980_pts);  // lost, not broken
  tick("10:00:10", 57'990_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 lost 58000"));
}

TEST_F(NearSpec, TakesItsBandInPercentOfTheLevel) {
  crossing_of_rule().near = percent(0.1_pct);  // 58
  tick("10:00:00", 57'800_pts);
  tick("10:00:05", Points{(57'942_pts).raw - 1});
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:00:10", 57'942_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 near 58000"));
}

TEST_F(NearSpec, MeasuresFromThePreviousCloseOnTheFirstTick) {
  given_previous_close(57'800_pts);
  tick("09:00:00", 57'950_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 near 58000"));
}

TEST_F(NearSpec, CanFollowACrossingOnTheSameTick) {
  tick("10:00:00", 57'800_pts);
  tick("10:00:05", 58'950_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:05 near 59000"));
}

// -- closes --

class CloseSpec : public MilestoneSpec {
 protected:
  CloseSpec() { crossing_of_rule().close = true; }
};

TEST_F(CloseSpec, SaysWhichLevelsTheDayClosedAbove) {
  given_all_time_high(60'000_pts, 56'500_pts);
  tick("15:00:00", 58'400_pts);
  clear();
  tick("15:30:00", 58'000_pts);
  tick("15:30:05", 58'000.5_pts);
  input_ends();
  ASSERT_THAT(lines(), ElementsAre("15:30:05 closed_above 57000 58000 first close ever"));
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
  EXPECT_EQ(signal(0).price, Price{58'000.5_pts});
  EXPECT_EQ(signal(0).previous, Price{58'000_pts});
}

TEST_F(CloseSpec, CountsACloseOnTheNumberAsAbove) {
  given_previous_close(57'900_pts);
  tick("15:30:00", 58'000_pts);
  clear();
  on("2026-02-10");
  tick("09:00:00", 57'990_pts);
  ASSERT_THAT(lines(), ElementsAre("15:30:00 closed_above 58000 first close ever"));
}

TEST_F(CloseSpec, IsTheFirstCloseEverOnlyAboveEveryClose) {
  given_history(
      {bar("2026-02-05", 58'500_pts, 57'900_pts, 58'000_pts), bar("2026-02-06", 58'500_pts, 57'000_pts, 57'900_pts)});
  tick("15:30:00", 58'100_pts);
  clear();
  input_ends();
  EXPECT_THAT(lines(), ElementsAre("15:30:00 closed_above 58000"));
}

TEST_F(CloseSpec, SaysWhichLevelsTheDayClosedBelow) {
  given_previous_close(59'000_pts);
  tick("15:30:00", 57'999.99_pts);
  clear();
  input_ends();
  EXPECT_THAT(lines(), ElementsAre("15:30:00 closed_below 59000 58000"));
}

TEST_F(CloseSpec, IsSilentWhenTheDayEndsWhereItBegan) {
  given_previous_close(58'000_pts);
  tick("10:00:00", 57'000_pts);
  tick("15:30:00", 58'500_pts);
  clear();
  input_ends();
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CloseSpec, IsSilentWithoutAPreviousClose) {
  tick("10:00:00", 57'000_pts);
  tick("15:30:00", 58'500_pts);
  clear();
  input_ends();
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CloseSpec, IsNoGapEvenAfterAHole) {
  given_previous_close(57'500_pts);
  send(numbered(print(at("15:29:55"), 57'600_pts), 1));
  send(numbered(print(at("15:30:00"), 58'500_pts), 5));
  clear();
  input_ends();
  EXPECT_THAT(lines(), ElementsAre("15:30:00 closed_above 58000 first close ever"));
}

TEST_F(CloseSpec, IsSaidByTheClockAMinuteAfterTheSessionAndOnlyOnce) {
  given_previous_close(57'500_pts);
  tick("15:30:00", 58'500_pts);
  clear();
  clock_says("15:40:59");
  EXPECT_THAT(lines(), IsEmpty());
  clock_says("15:41:00");
  EXPECT_THAT(lines(), ElementsAre("15:30:00 closed_above 58000 first close ever"));
  clock_says("15:41:01");
  on("2026-02-10");
  tick("09:00:00", 58'400_pts);
  input_ends();
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(Timeline, ClosesACurrencysDayWithItsLastTickWhenTheNextBegins) {
  watch(yen());
  auto rule = milestones(1_pts, points(0.1_pts));
  rule.crossing.close = true;
  rule.crossing.directions = {true, false};
  given_rule(rule);
  given_previous_close(149.5_pts);
  tick("10:00:00", 150.5_pts);
  on("2026-02-10");
  send(print(at("07:00:00") - 1ns, 150.2_pts));
  clear();
  tick("07:00:00", 151.2_pts);
  ASSERT_THAT(lines(), ElementsAre("06:59:59.999999 closed_above 150", "07:00:00 reached 151"));
  input_ends();
  EXPECT_EQ(lines().size(), 2U);  // a currency's last day is not over with the recording
}

}  // namespace
}  // namespace yagura::processing
