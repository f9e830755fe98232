// New highs and lows. SEMANTICS 5.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class RecordSpec : public Timeline {
 protected:
  // Only the session, a step of 0.20, a minute between alerts.
  void given_session_highs() {
    watch(yen());
    given_rule(records(horizons({Horizon::kSession}), points(0.2_pts)));
  }
  // A year and more of history around 50,000: high 52,000, low 48,000. This year's high is 51,500,
  // this week's (a Monday, 2026-02-09) does not exist yet.
  static std::vector<DayBar> history() {
    return {
        bar("2024-07-11", 60'000_pts, 40'000_pts, 50'000_pts), bar("2025-02-07", 50'500_pts, 49'000_pts, 50'000_pts),
        bar("2025-06-02", 52'000_pts, 48'000_pts, 50'500_pts), bar("2026-01-08", 51'500_pts, 49'500_pts, 51'000_pts),
        bar("2026-02-06", 51'000_pts, 50'000_pts, 50'400_pts)};
  }
};

TEST_F(RecordSpec, SpeaksAgainOnlyAfterAStepAndAMinute) {
  given_session_highs();
  tick("09:00:00", 150.00_pts);
  tick("09:00:30", 150.15_pts);
  tick("09:00:59", 150.20_pts);  // 59 s
  tick("09:01:00", 150.21_pts);
  tick("09:01:30", 150.41_pts);
  tick("09:02:00", 150.42_pts);  // 0.21 over the last alerted, 60 s
  EXPECT_THAT(lines(), ElementsAre("09:01:00 new_high session", "09:02:00 new_high session"));
}

TEST_F(RecordSpec, TakesAStepOfExactlyTheSetSize) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  tick("09:01:00", Points{(150.2_pts).raw - 1});
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:01:01", 150.2_pts);
  EXPECT_THAT(lines(), ElementsAre("09:01:01 new_high session"));
}

TEST_F(RecordSpec, MeasuresAStepInPercentOfTheLastAlertedPrice) {
  watch(nikkei());
  given_rule(records(horizons({Horizon::kSession}), percent(0.2_pct)));
  tick("10:00:00", 50'000_pts);
  tick("10:01:00", 50'100_pts);  // exactly 0.2 %
  tick("10:02:00", Points{(50'200.2_pts).raw - 1});
  EXPECT_THAT(lines(), ElementsAre("10:01:00 new_high session"));
  tick("10:02:05", 50'200.2_pts);
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(RecordSpec, IsNotBrokenByAnEqualPrice) {
  watch(yen());
  auto rule = records(horizons({Horizon::kSession}), points(0_pts));
  rule.min_gap = 0s;
  given_rule(rule);
  tick("09:00:00", 150_pts);
  tick("09:00:01", 150_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:00:02", Points{(150_pts).raw + 1});
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(RecordSpec, MovesWithEveryTickWhetherAlertedOrNot) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  tick("09:00:10", 150.5_pts);  // silent: ten seconds
  tick("09:02:00", 150.4_pts);  // far enough and late enough, but no record
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:02:10", 150.51_pts);
  ASSERT_THAT(lines(), ElementsAre("09:02:10 new_high session"));
  EXPECT_EQ(signal(0).record.record_before, Price{150.5_pts});
  EXPECT_EQ(signal(0).record.margin, PriceDelta{0.01_pts});
}

TEST_F(RecordSpec, MergesTheHorizonsOfOneTickLongestFirst) {
  watch(nikkei());
  given_history({bar("2024-07-11", 42'000_pts, 40'000_pts, 41'000_pts),
                 bar("2025-12-30", 51'000_pts, 48'000_pts, 50'500_pts),
                 bar("2026-02-05", 50'800_pts, 49'500_pts, 50'000_pts)});
  given_rule(records(all_horizons(), percent(0.2_pct)));
  tick("09:00:00", 50'500_pts);
  tick("09:00:05", 51'000.01_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:05 new_high all_time 52w ytd session"));
  EXPECT_EQ(signal(0).record.record_before, Price{51'000_pts});
  EXPECT_EQ(signal(0).record.record_date, day("2025-12-30"));
  EXPECT_EQ(signal(0).record.margin, PriceDelta{0.01_pts});
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
}

TEST_F(RecordSpec, AlertsEachLongerHorizonOnceWithoutWaiting) {
  watch(nikkei());
  given_history(history());
  given_rule(records(all_horizons(), percent(0.2_pct)));
  tick("09:00:00", 50'400_pts);
  tick("09:00:05", 51'500_pts);  // equals this year's
  tick("09:00:10", 51'501_pts);  // this year's
  tick("09:00:15", 51'502_pts);  // said already
  tick("09:00:20", 52'001_pts);  // the 52 weeks', with the others
  tick("09:00:25", 52'002_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:10 new_high ytd session", "09:00:20 new_high 52w ytd session"));
  EXPECT_THAT(severities(), ElementsAre(Severity::kLow, Severity::kHigh));
  EXPECT_EQ(signal(1).record.record_before, Price{52'000_pts});
  EXPECT_EQ(signal(1).record.count_today, 2U);
}

TEST_F(RecordSpec, ForgetsWhatItSaidOverNight) {
  watch(nikkei());
  given_history(history());
  given_rule(records(all_horizons(), percent(0.2_pct)));
  tick("09:00:00", 51'501_pts);
  on("2026-02-10");
  tick("09:00:00", 51'600_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 new_high ytd", "09:00:00 new_high ytd week"));
  EXPECT_EQ(signal(1).record.record_before, Price{51'501_pts});
  EXPECT_EQ(signal(1).record.record_date, day("2026-02-09"));
  EXPECT_EQ(signal(1).record.count_today, 1U);
}

TEST_F(RecordSpec, BreaksNoSessionRecordWithTheFirstTickOfTheDay) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  on("2026-02-10");
  tick("09:00:00", 155_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(RecordSpec, MeasuresTheFirstStepFromTheSessionsFirstTick) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  tick("09:02:00", 149_pts);
  tick("09:03:00", 150.19_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:03:01", 150.21_pts);
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(RecordSpec, IsInfoForASessionAloneAndLowForAWeek) {
  watch(nikkei());
  given_history(
      {bar("2026-02-06", 51'000_pts, 50'000_pts, 50'400_pts), bar("2026-02-09", 50'600_pts, 50'300_pts, 50'500_pts)});
  given_rule(records(horizons({Horizon::kWeek, Horizon::kSession}), points(100_pts)));
  on("2026-02-10");
  tick("09:00:00", 50'400_pts);
  tick("09:01:00", 50'500_pts);
  tick("09:01:05", 50'601_pts);
  EXPECT_THAT(lines(), ElementsAre("09:01:00 new_high session", "09:01:05 new_high week session"));
  EXPECT_THAT(severities(), ElementsAre(Severity::kInfo, Severity::kLow));
}

TEST_F(RecordSpec, WatchesLowsByThemselves) {
  watch(yen());
  auto rule = records(horizons({Horizon::kSession}), points(0.2_pts));
  rule.lows = true;
  given_rule(rule);
  tick("09:00:00", 150_pts);
  tick("09:01:00", 150.2_pts);
  tick("09:01:01", 149.8_pts);  // the high of a second ago does not hush the low
  tick("09:01:30", 149.5_pts);
  tick("09:02:01", 149.4_pts);
  ASSERT_THAT(lines(),
              ElementsAre("09:01:00 new_high session", "09:01:01 new_low session", "09:02:01 new_low session"));
  EXPECT_EQ(signal(2).record.record_before, Price{149.5_pts});
  EXPECT_EQ(signal(2).record.margin, PriceDelta{0.1_pts});
  EXPECT_EQ(signal(2).direction, Direction::kDown);
  EXPECT_EQ(signal(2).record.count_today, 2U);
}

TEST_F(RecordSpec, WatchesLowsOnlyWhenToldTo) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  tick("09:02:00", 149_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(RecordSpec, SpeaksOnTheSessionsFirstTickOfALongerHorizon) {
  watch(nikkei());
  given_history(history());
  given_rule(records(all_horizons(), percent(0.2_pct)));
  tick("09:00:00", 61'000_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:00 new_high all_time 52w ytd"));
  EXPECT_EQ(signal(0).previous, Price{50'400_pts});  // the previous close stands in
  EXPECT_EQ(signal(0).record.record_before, Price{60'000_pts});
}

TEST_F(RecordSpec, SaysSinceStartWithoutHistory) {
  watch(coin());
  given_rule(records(all_horizons(), percent(0.2_pct)));
  tick("10:00:00", 100_pts);
  on("2026-02-10");
  tick("10:00:00", 101_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:00 new_high since_start"));
  EXPECT_EQ(signal(0).severity, Severity::kLow);
}

TEST_F(RecordSpec, NeverSaysAllTimeOfACurrency) {
  watch(yen());
  given_history({bar("1990-04-17", 160_pts, 158_pts, 159_pts), bar("2026-02-06", 158_pts, 156_pts, 157_pts)});
  given_rule(records(all_horizons(), points(0.2_pts)));
  tick("10:00:00", 161_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:00 new_high since_start 52w ytd"));
}

TEST_F(RecordSpec, IsSilentOnTheDataFirstDayButForTheSession) {
  watch(coin());
  given_rule(records(all_horizons(), points(10_pts)));
  tick("10:00:00", 100_pts);
  tick("10:01:00", 110_pts);
  EXPECT_THAT(lines(), ElementsAre("10:01:00 new_high session"));
}

TEST_F(RecordSpec, IsWithoutYearToDateOnTheYearsFirstSession) {
  watch(nikkei());
  given_history(history());
  given_rule(records(horizons({Horizon::kYearToDate}), percent(0.2_pct)));
  on("2027-01-04");
  tick("09:00:00", 50'000_pts);
  tick("09:05:00", 59'000_pts);
  EXPECT_THAT(lines(), IsEmpty());
  on("2027-01-05");
  tick("09:00:00", 59'001_pts);
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(RecordSpec, GivesDifferentIdsToEpisodesOfADay) {
  given_session_highs();
  tick("09:00:00", 150_pts);
  tick("09:01:00", 150.5_pts);
  tick("09:02:00", 151_pts);
  ASSERT_EQ(said().size(), 2U);
  EXPECT_EQ(signal(0).episode, 1U);
  EXPECT_EQ(signal(1).episode, 2U);
  EXPECT_NE(signal(0).id, signal(1).id);
}

// -- closing prices --

class CloseRecordSpec : public RecordSpec {
 protected:
  CloseRecordSpec() {
    watch(nikkei());
    given_history(history());
    auto rule = records(all_horizons(), percent(0.2_pct));
    rule.basis = Basis::kClose;
    rule.lows = true;
    given_rule(rule);
  }
};

TEST_F(CloseRecordSpec, ComparesTheCloseWithTheClosesOfTheKnownDays) {
  tick("09:00:00", 61'000_pts);  // above everything, but no close
  tick("15:30:00", 51'001_pts);
  EXPECT_THAT(lines(), IsEmpty());
  on("2026-02-10");
  tick("09:00:00", 51'000_pts);
  ASSERT_THAT(lines(), ElementsAre("15:30:00 new_high all_time 52w ytd"));
  EXPECT_EQ(signal(0).record.record_before, Price{51'000_pts});
  EXPECT_EQ(signal(0).record.record_date, day("2026-01-08"));
  EXPECT_EQ(signal(0).record.basis, Basis::kClose);
  EXPECT_EQ(signal(0).trading_date, day("2026-02-09"));
  EXPECT_EQ(signal(0).ts_event, jst("2026-02-09 15:30:00"));
}

TEST_F(CloseRecordSpec, SpeaksAtTheEndOfTheInput) {
  tick("15:30:00", 49'999_pts);
  input_ends();
  EXPECT_THAT(lines(), ElementsAre("15:30:00 new_low all_time 52w ytd"));
  input_ends();
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(CloseRecordSpec, TakesTheLastOfSeveralClosingPrints) {
  tick("15:30:00", 51'500_pts);
  tick("15:30:05", 51'200_pts);
  input_ends();
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(signal(0).price, Price{51'200_pts});
}

TEST_F(CloseRecordSpec, IsSilentWithoutAClosingPrint) {
  tick("15:29:55", 61'000_pts);
  on("2026-02-10");
  tick("09:00:00", 51'000_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CloseRecordSpec, IsSilentOnAnEqualClose) {
  tick("15:30:00", 51'000_pts);
  input_ends();
  EXPECT_THAT(lines(), IsEmpty());
}

}  // namespace
}  // namespace yagura::processing
