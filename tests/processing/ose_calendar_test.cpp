// Osaka's day and night: hours, trading dates over holidays and weekends.
#include "processing/calendar.hpp"
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

CalendarPiece ose(std::string_view tokyo) { return calendar_piece(CalendarKind::kOse, jst(tokyo)); }

TEST(OseHours, AreDayAndNightSinceNovember2024) {
  EXPECT_FALSE(ose("2026-02-09 08:44:59.999999999").open);
  EXPECT_TRUE(ose("2026-02-09 08:45:00").open);
  EXPECT_EQ(ose("2026-02-09 12:00:00").name, "day");  // no lunch
  EXPECT_TRUE(ose("2026-02-09 15:44:59.999999999").open);
  EXPECT_FALSE(ose("2026-02-09 15:45:00").open);
  EXPECT_FALSE(ose("2026-02-09 16:59:59.999999999").open);
  EXPECT_EQ(ose("2026-02-09 17:00:00").name, "night");
  EXPECT_TRUE(ose("2026-02-10 05:59:59.999999999").open);
  EXPECT_FALSE(ose("2026-02-10 06:00:00").open);
}

TEST(OseHours, EndedTheDayAt1515AndBeganTheNightAt1630Before) {
  EXPECT_TRUE(ose("2024-11-01 15:14:59.999999999").open);
  EXPECT_FALSE(ose("2024-11-01 15:15:00").open);
  EXPECT_FALSE(ose("2024-11-01 16:29:59.999999999").open);
  EXPECT_TRUE(ose("2024-11-01 16:30:00").open);
  EXPECT_TRUE(ose("2024-11-02 05:59:59.999999999").open);
  EXPECT_FALSE(ose("2024-11-05 16:30:00").open);
  EXPECT_TRUE(ose("2024-11-05 17:00:00").open);
  EXPECT_TRUE(ose("2024-11-05 15:30:00").open);
}

TEST(OseHours, CollectOrdersInTheLastFiveMinutesOfEach) {
  EXPECT_FALSE(ose("2026-02-09 15:39:59.999999999").pre_close);
  EXPECT_TRUE(ose("2026-02-09 15:40:00").pre_close);
  EXPECT_TRUE(ose("2026-02-10 05:55:00").pre_close);
  EXPECT_FALSE(ose("2026-02-10 05:54:59.999999999").pre_close);
  EXPECT_TRUE(ose("2024-11-01 15:10:00").pre_close);
}

TEST(OseHours, AreTwoSegments) {
  const auto day_part = ose("2026-02-09 08:45:00").segment;
  const auto night = ose("2026-02-09 17:00:00").segment;
  EXPECT_EQ(ose("2026-02-09 15:44:00").segment, day_part);
  EXPECT_EQ(ose("2026-02-10 05:59:00").segment, night);
  EXPECT_NE(day_part, night);
  EXPECT_NE(ose("2026-02-10 08:45:00").segment, night);
}

TEST(OseDates, CountTheNightForTheNextBusinessDay) {
  EXPECT_EQ(ose("2026-02-09 12:00:00").trading_date, day("2026-02-09"));
  EXPECT_EQ(ose("2026-02-09 17:00:00").trading_date, day("2026-02-10"));
  EXPECT_EQ(ose("2026-02-10 05:00:00").trading_date, day("2026-02-10"));
}

TEST(OseDates, CarryFridayNightOverTheWeekend) {
  EXPECT_TRUE(ose("2026-02-07 05:59:00").open);  // Saturday morning
  EXPECT_EQ(ose("2026-02-07 05:59:00").trading_date, day("2026-02-09"));
  EXPECT_FALSE(ose("2026-02-07 06:00:00").open);
  EXPECT_FALSE(ose("2026-02-07 17:00:00").open);
  EXPECT_FALSE(ose("2026-02-09 05:00:00").open);  // no night from Sunday to Monday
}

TEST(OseDates, JoinTheNightBeforeAHolidayTheHolidayAndTheDayAfter) {
  for (const auto* time : {"2026-02-10 17:00:00", "2026-02-11 05:00:00", "2026-02-11 10:00:00", "2026-02-11 17:00:00",
                           "2026-02-12 05:00:00", "2026-02-12 10:00:00"}) {
    EXPECT_TRUE(ose(time).open) << time;
    EXPECT_EQ(ose(time).trading_date, day("2026-02-12")) << time;
  }
}

TEST(OseDates, HaveNoDayAndNoNightOnAHolidayWithoutTrading) {
  EXPECT_EQ(ose("2026-11-20 17:00:00").trading_date, day("2026-11-24"));  // Friday night before three closed days
  EXPECT_FALSE(ose("2026-11-23 10:00:00").open);                          // JPX tests its systems
  EXPECT_FALSE(ose("2026-11-23 17:00:00").open);
  EXPECT_TRUE(ose("2026-11-24 08:45:00").open);
  EXPECT_FALSE(ose("2022-08-11 10:00:00").open);  // before holidays were traded
  EXPECT_TRUE(ose("2022-08-11 05:00:00").open);   // the night that began on the 10th
}

TEST(OseDates, RestAtTheTurnOfTheYear) {
  EXPECT_EQ(ose("2025-12-30 17:00:00").trading_date, day("2026-01-05"));  // 3 and 4 January are a weekend
  EXPECT_FALSE(ose("2025-12-31 10:00:00").open);
  EXPECT_FALSE(ose("2026-01-02 10:00:00").open);
  EXPECT_TRUE(ose("2025-01-03 10:00:00").open);
}

TEST(OseDates, KnowNothingOfTheCashMarketsOutage) { EXPECT_TRUE(ose("2020-10-01 10:00:00").open); }

TEST(OseDates, EndWithTheDay) {
  EXPECT_EQ(session_end(CalendarKind::kOse, day("2026-02-12")), jst("2026-02-12 15:45:00"));
  EXPECT_EQ(session_end(CalendarKind::kOse, day("2024-11-01")), jst("2024-11-01 15:15:00"));
}

}  // namespace
}  // namespace yagura::processing
