// Percent since a reference close: each multiple of the step once, away from the reference.
#include "processing/period_detector.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

PeriodOptions year_to_date(Percent step = 5_pct) { return {.step = step, .rearm = 1_pct, .directions = {}}; }
PeriodOptions months_back(std::int32_t months) {
  return {.months = months, .step = 5_pct, .rearm = 1_pct, .directions = {}};
}
PeriodOptions days_back(std::int32_t days) { return {.days = days, .step = 5_pct, .rearm = 1_pct, .directions = {}}; }

DayBar close(std::string_view date, Points price) { return bar(date, price, price, price); }

TEST(ReferenceDate, IsTheLastOfTheYearBeforeOrTheSameDayEarlier) {
  EXPECT_EQ(reference_date(year_to_date(), day("2026-02-09")), day("2025-12-31"));
  EXPECT_EQ(reference_date(year_to_date(), day("2026-01-05")), day("2025-12-31"));
  EXPECT_EQ(reference_date(months_back(6), day("2026-02-09")), day("2025-08-09"));
  EXPECT_EQ(reference_date(months_back(1), day("2026-03-31")), day("2026-02-28"));
  EXPECT_EQ(reference_date(months_back(12), day("2024-02-29")), day("2023-02-28"));
  EXPECT_EQ(reference_date(days_back(30), day("2026-03-01")), day("2026-01-30"));
}

// A year that began at 1,000.
class PeriodSpec : public Timeline {
 protected:
  PeriodSpec() { watch(nikkei()); }
  void given_closes(Points year_end, Points last) {
    given_history({close("2025-12-30", year_end), close("2026-02-06", last)});
  }
};

TEST_F(PeriodSpec, SaysEachMultipleOnTheWayUp) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1049.99_pts);
  tick("09:00:05", 1050_pts);
  tick("09:00:10", 1090_pts);
  tick("09:00:15", 1100_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:05 crossed 5 %", "09:00:15 crossed 10 %"));
  EXPECT_EQ(signal(0).period.reference, Price{1000_pts});
  EXPECT_EQ(signal(0).period.reference_date, day("2025-12-30"));
  EXPECT_EQ(signal(0).period.steps, 1);
  EXPECT_EQ(signal(0).direction, Direction::kUp);
  EXPECT_NE(signal(0).id, signal(1).id);
}

TEST_F(PeriodSpec, AndDown) {
  given_closes(1000_pts, 1000_pts);
  given_rule(year_to_date());
  tick("09:00:00", 950.01_pts);
  tick("09:00:05", 950_pts);
  tick("09:00:10", 900_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:05 crossed -5 %", "09:00:10 crossed -10 %"));
  EXPECT_EQ(signal(0).direction, Direction::kDown);
}

TEST_F(PeriodSpec, NamesTheFurthestOfSeveralOnOnePrint) {
  given_closes(1000_pts, 1049_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1170_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 15 % gap"));
}

TEST_F(PeriodSpec, ReportsOnTheFirstTickWhatHappenedSinceThePreviousClose) {
  given_closes(1000_pts, 1049_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1051_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 5 %"));
}

TEST_F(PeriodSpec, IsSilentAboutWhatWasSoBefore) {
  given_closes(1000_pts, 1051_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1060_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

// Two sessions, since within one nothing is said twice anyway.
TEST_F(PeriodSpec, AFlickerOnTheLineIsOneAlert) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1050_pts);
  tick("09:00:05", 1049.99_pts);
  on("2026-02-10");
  tick("09:00:00", 1050_pts);
  tick("09:00:05", 1040.01_pts);  // not yet back by one percent of 1,000
  tick("09:00:10", 1050_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 5 %"));
}

TEST_F(PeriodSpec, RearmsExactlyAtTheBand) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1050_pts);
  tick("09:00:05", 1040_pts);
  on("2026-02-10");
  tick("09:00:00", 1049_pts);
  tick("09:00:05", 1050_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 5 %", "09:00:05 crossed 5 %"));
  EXPECT_NE(signal(0).id, signal(1).id);
}

TEST_F(PeriodSpec, RepeatsNothingWithinASession) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1101_pts);
  tick("09:00:05", 1000_pts);
  tick("09:00:10", 1050_pts);  // less than was said today
  tick("09:00:15", 1100_pts);
  tick("09:00:20", 1150_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 10 % gap", "09:00:20 crossed 15 %"));
}

TEST_F(PeriodSpec, SaysNothingMerelyBecauseTheReferenceMoved) {
  given_history({close("2026-01-08", 1000_pts), close("2026-01-09", 900_pts), close("2026-02-06", 1020_pts)});
  given_rule(days_back(31));
  on("2026-02-08");  // no session, but the reference day of the 9th is 2026-01-09
  on("2026-02-09");
  tick("09:00:00", 1000_pts);  // +11 % of 900, as it was at the close of the 6th
  tick("09:00:05", 1020_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:00:10", 1035_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:10 crossed 15 %"));
}

TEST_F(PeriodSpec, RebasesBetweenTwoDaysWithoutAWord) {
  given_history({close("2026-01-09", 1000_pts), close("2026-01-10", 800_pts), close("2026-02-06", 1020_pts)});
  given_rule(days_back(31));
  tick("09:00:00", 1030_pts);
  on("2026-02-10");
  tick("09:00:00", 1030_pts);  // +28.75 % of 800
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:00:05", 1040_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:05 crossed 30 %"));
}

TEST_F(PeriodSpec, TakesOurOwnCloseOfTheReferenceDate) {
  given_rule(days_back(1));
  tick("09:00:00", 1000_pts);
  tick("09:00:05", 1010_pts);
  on("2026-02-10");
  tick("09:00:00", 1060.49_pts);
  tick("09:00:05", 1060.5_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:05 crossed 5 %"));
}

TEST_F(PeriodSpec, KnowsNoReferenceInHistoryThatEndedLongBefore) {
  given_history({close("2025-12-16", 1000_pts), close("2026-02-06", 1020_pts)});
  given_rule(year_to_date());
  tick("09:00:00", 2000_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(PeriodSpec, WithoutHistorySaysNothing) {
  given_rule(year_to_date());
  tick("09:00:00", 1000_pts);
  tick("09:00:05", 2000_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(PeriodSpec, KeepsToTheDirectionsAskedFor) {
  given_closes(1000_pts, 1000_pts);
  auto falls = year_to_date();
  falls.directions.up = false;
  given_rule(falls);
  tick("09:00:00", 1060_pts);
  tick("09:00:05", 940_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:05 crossed -5 %"));
}

TEST_F(PeriodSpec, GoesOnAfterARestartAndRepeatsNothing) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1050_pts);
  resume(Resumed::kAfterDowntime);
  tick("09:00:05", 1049_pts);
  tick("09:00:10", 1055_pts);
  tick("09:00:15", 1100_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:00 crossed 5 %", "09:00:15 crossed 10 %"));
}

TEST_F(PeriodSpec, SaysWhatWasCrossedWhileItWasDown) {
  given_closes(1000_pts, 1020_pts);
  given_rule(year_to_date());
  tick("09:00:00", 1030_pts);
  resume(Resumed::kAfterDowntime);
  tick("09:00:05", 1055_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:05 crossed 5 % gap"));
  EXPECT_TRUE(signal(0).while_down);
}

// The line is 57,890.402: five hundredths of a point decide, and nothing is rounded.
TEST_F(PeriodSpec, ComparesExactly) {
  given_closes(50339.48_pts, 57800_pts);
  given_rule(year_to_date());
  tick("09:00:00", 57890.40_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("09:00:05", 57890.41_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:05 crossed 15 %"));
}

TEST_F(PeriodSpec, SurvivesAReferenceThatMakesNoSense) {
  given_closes({1}, {1});
  given_rule(year_to_date(Percent::from_units(1)));
  tick("09:00:00", {9'000'000'000'000'000'000});
  tick("09:00:05", {1});
  tick("09:00:10", {9'000'000'000'000'000'000});
  SUCCEED();
}

}  // namespace
}  // namespace yagura::processing
