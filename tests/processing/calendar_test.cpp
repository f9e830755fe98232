// Hours, holidays and trading dates. SEMANTICS 3.
#include "processing/calendar.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

CalendarPiece tse(std::string_view tokyo) { return calendar_piece(CalendarKind::kTse, jst(tokyo)); }
CalendarPiece fx(std::string_view in_utc) { return calendar_piece(CalendarKind::kFx, utc(in_utc)); }
CalendarPiece always(std::string_view in_utc) { return calendar_piece(CalendarKind::kAlways, utc(in_utc)); }
bool trades(std::string_view date) { return tse_trading_day(day(date)); }

// Weekdays of a year on which Tokyo does not trade, as "M/D".
std::vector<std::string> closed_weekdays(int year) {
  std::vector<std::string> closed;
  const Date end{std::chrono::year{year + 1} / 1 / 1};
  for (Date date{std::chrono::year{year} / 1 / 1}; date < end; date += std::chrono::days{1}) {
    const std::chrono::weekday weekday{date};
    if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday || tse_trading_day(date)) continue;
    const std::chrono::year_month_day ymd{date};
    closed.push_back(std::to_string(static_cast<unsigned>(ymd.month())) + '/' +
                     std::to_string(static_cast<unsigned>(ymd.day())));
  }
  return closed;
}

TEST(TseHours, OpenAtNineAndTheMorningLastsUntilItsLastPrintIsIn) {
  EXPECT_FALSE(tse("2026-02-09 08:59:59.999999999").open);
  EXPECT_TRUE(tse("2026-02-09 09:00:00").open);
  EXPECT_TRUE(tse("2026-02-09 11:34:59.999999999").open);
  EXPECT_EQ(tse("2026-02-09 11:34:59").name, "morning");
  EXPECT_FALSE(tse("2026-02-09 11:35:00").open);
}

TEST(TseHours, AreClosedOverLunch) {
  EXPECT_EQ(tse("2026-02-09 12:00:00").name, "lunch");
  EXPECT_FALSE(tse("2026-02-09 12:29:59.999999999").open);
  EXPECT_TRUE(tse("2026-02-09 12:30:00").open);
}

TEST(TseHours, EndAt1540SinceNovember2024AndTheCloseIsPublishedFrom1530) {
  EXPECT_FALSE(tse("2024-11-05 15:29:59.999999999").close);
  EXPECT_TRUE(tse("2024-11-05 15:30:00").close);
  EXPECT_TRUE(tse("2024-11-05 15:39:59.999999999").close);
  EXPECT_TRUE(tse("2024-11-05 15:39:59.999999999").open);
  EXPECT_FALSE(tse("2024-11-05 15:40:00").open);
}

TEST(TseHours, EndedAt1510BeforeAndTheCloseWasPublishedFrom1500) {
  EXPECT_FALSE(tse("2024-11-01 14:59:59.999999999").close);
  EXPECT_TRUE(tse("2024-11-01 15:00:00").close);
  EXPECT_TRUE(tse("2024-11-01 15:09:59.999999999").open);
  EXPECT_FALSE(tse("2024-11-01 15:10:00").open);
}

TEST(TseHours, CallTheFirstFiveMinutesAndTheFirstAfterLunchOpening) {
  EXPECT_TRUE(tse("2026-02-09 09:00:00").opening);
  EXPECT_TRUE(tse("2026-02-09 09:04:59.999999999").opening);
  EXPECT_FALSE(tse("2026-02-09 09:05:00").opening);
  EXPECT_TRUE(tse("2026-02-09 12:30:00").opening);
  EXPECT_TRUE(tse("2026-02-09 12:30:59.999999999").opening);
  EXPECT_FALSE(tse("2026-02-09 12:31:00").opening);
  EXPECT_FALSE(tse("2026-02-09 15:30:00").opening);
}

TEST(TseHours, HaveTwoSegmentsADayAndTheCloseBelongsToTheAfternoon) {
  const auto morning = tse("2026-02-09 09:00:00").segment;
  const auto afternoon = tse("2026-02-09 12:30:00").segment;
  EXPECT_EQ(tse("2026-02-09 11:34:59").segment, morning);
  EXPECT_EQ(tse("2026-02-09 15:30:00").segment, afternoon);
  EXPECT_NE(afternoon, morning);
  EXPECT_NE(tse("2026-02-10 09:00:00").segment, morning);
  EXPECT_NE(tse("2026-02-10 09:00:00").segment, afternoon);
}

TEST(TseHours, DateByTokyo) {
  EXPECT_EQ(tse("2026-02-09 09:00:00").trading_date, day("2026-02-09"));  // midnight in UTC
  EXPECT_EQ(tse("2026-02-09 00:00:00").trading_date, day("2026-02-09"));
  EXPECT_EQ(tse("2026-02-08 23:59:59.999999999").trading_date, day("2026-02-08"));
}

TEST(TseDays, Of2026AreClosedOnTheseWeekdays) {
  EXPECT_THAT(closed_weekdays(2026),
              ElementsAre("1/1", "1/2", "1/12", "2/11", "2/23", "3/20", "4/29", "5/4", "5/5", "5/6", "7/20", "8/11",
                          "9/21", "9/22", "9/23", "10/12", "11/3", "11/23", "12/31"));
}

TEST(TseDays, Of2027AreClosedOnTheseWeekdays) {
  EXPECT_THAT(closed_weekdays(2027), ElementsAre("1/1", "1/11", "2/11", "2/23", "3/22", "4/29", "5/3", "5/4", "5/5",
                                                 "7/19", "8/11", "9/20", "9/23", "10/11", "11/3", "11/23", "12/31"));
}

TEST(TseDays, AreTwoHundredAndFortyTwoIn2026) {
  int sessions = 0;
  for (Date date = day("2026-01-01"); date <= day("2026-12-31"); date += std::chrono::days{1})
    sessions += tse_trading_day(date) ? 1 : 0;
  EXPECT_EQ(sessions, 242);
}

TEST(TseDays, FollowASundayHolidayWithASubstituteThatIsNoHolidayItself) {
  EXPECT_TRUE(japanese_holiday(day("2026-05-06")));   // for Sunday, 3 May: 4 and 5 are holidays themselves
  EXPECT_TRUE(japanese_holiday(day("2027-03-22")));   // for the equinox on Sunday the 21st
  EXPECT_FALSE(japanese_holiday(day("2027-05-06")));  // 2 May is no holiday
}

TEST(TseDays, MakeADayBetweenTwoHolidaysAHoliday) {
  EXPECT_TRUE(japanese_holiday(day("2026-09-22")));
  EXPECT_FALSE(japanese_holiday(day("2027-09-22")));
  EXPECT_FALSE(trades("2032-09-21"));  // Tuesday between Respect for the Aged and the equinox
}

TEST(TseDays, KnowTheOutageOf2020AndNoHolidaysBefore2022) {
  EXPECT_FALSE(trades("2020-10-01"));
  EXPECT_TRUE(trades("2020-10-02"));
  EXPECT_TRUE(trades("2021-02-11"));
  EXPECT_FALSE(trades("2022-02-11"));
  EXPECT_FALSE(trades("2021-12-31"));  // the turn of the year is older than the act
  EXPECT_FALSE(trades("2020-01-03"));
  EXPECT_TRUE(trades("2021-01-04"));
}

TEST(TseDays, AreClosedAllDayWhenClosed) {
  const auto piece = tse("2026-02-11 10:00:00");
  EXPECT_FALSE(piece.open);
  EXPECT_EQ(piece.name, "closed");
  EXPECT_FALSE(tse("2026-02-07 10:00:00").open);  // Saturday
}

TEST(FxWeek, OpensSundayAtFiveAndClosesFridayAtFiveInNewYorkInWinter) {
  EXPECT_FALSE(fx("2026-02-08 21:59:59.999999999").open);
  EXPECT_TRUE(fx("2026-02-08 22:00:00").open);
  EXPECT_TRUE(fx("2026-02-13 21:59:59.999999999").open);
  EXPECT_FALSE(fx("2026-02-13 22:00:00").open);
}

TEST(FxWeek, MovesAnHourWithTheAmericanClocks) {
  // Summer time begins on Sunday, 8 March 2026, and ends on 1 November.
  EXPECT_FALSE(fx("2026-03-06 22:00:00").open);
  EXPECT_FALSE(fx("2026-03-08 20:59:59.999999999").open);
  EXPECT_TRUE(fx("2026-03-08 21:00:00").open);
  EXPECT_FALSE(fx("2026-10-30 21:00:00").open);
  EXPECT_TRUE(fx("2026-10-30 20:59:59.999999999").open);
  EXPECT_FALSE(fx("2026-11-01 21:59:59.999999999").open);
  EXPECT_TRUE(fx("2026-11-01 22:00:00").open);
}

TEST(FxWeek, KnowsTheHourOfTheChange) {
  EXPECT_EQ(new_york_offset(utc("2026-03-08 06:59:59.999999999")), -5h);
  EXPECT_EQ(new_york_offset(utc("2026-03-08 07:00:00")), -4h);
  EXPECT_EQ(new_york_offset(utc("2026-11-01 05:59:59.999999999")), -4h);
  EXPECT_EQ(new_york_offset(utc("2026-11-01 06:00:00")), -5h);
}

TEST(FxWeek, TurnsTheTradingDateAtFiveInNewYork) {
  EXPECT_EQ(fx("2026-02-08 22:00:00").trading_date, day("2026-02-09"));  // Sunday evening is Monday
  EXPECT_EQ(fx("2026-02-09 21:59:59.999999999").trading_date, day("2026-02-09"));
  EXPECT_EQ(fx("2026-02-09 22:00:00").trading_date, day("2026-02-10"));
  EXPECT_EQ(fx("2026-07-06 20:59:59.999999999").trading_date, day("2026-07-06"));
  EXPECT_EQ(fx("2026-07-06 21:00:00").trading_date, day("2026-07-07"));
}

TEST(FxWeek, IsOneSegment) {
  const auto monday = fx("2026-02-08 22:00:00").segment;
  EXPECT_EQ(fx("2026-02-13 21:59:59").segment, monday);
  EXPECT_NE(fx("2026-02-15 22:00:00").segment, monday);
}

TEST(FxWeek, HasNoHolidays) {
  EXPECT_TRUE(fx("2025-12-25 12:00:00").open);
  EXPECT_TRUE(fx("2026-01-01 12:00:00").open);
}

TEST(AlwaysOpen, DatesByUtcAndNeverCutsASegment) {
  EXPECT_TRUE(always("2026-02-07 03:00:00").open);
  EXPECT_EQ(always("2026-02-07 23:59:59.999999999").trading_date, day("2026-02-07"));
  EXPECT_EQ(always("2026-02-08 00:00:00").trading_date, day("2026-02-08"));
  EXPECT_EQ(always("2026-02-07 00:00:00").segment, always("2029-05-01 00:00:00").segment);
  EXPECT_FALSE(always("2026-02-07 15:30:00").close);
}

TEST(SessionEnd, IsTheMomentAfterWhichNoTickOfTheDateIsAccepted) {
  EXPECT_EQ(session_end(CalendarKind::kTse, day("2026-02-09")), jst("2026-02-09 15:40:00"));
  EXPECT_EQ(session_end(CalendarKind::kTse, day("2024-11-01")), jst("2024-11-01 15:10:00"));
  EXPECT_EQ(session_end(CalendarKind::kFx, day("2026-02-09")), utc("2026-02-09 22:00:00"));
  EXPECT_EQ(session_end(CalendarKind::kFx, day("2026-03-09")), utc("2026-03-09 21:00:00"));
  EXPECT_EQ(session_end(CalendarKind::kAlways, day("2026-02-09")), utc("2026-02-10 00:00:00"));
}

// A piece is a promise for its whole stretch, and the pieces cover all time without overlap.
TEST(CalendarPieces, ReachFromEdgeToEdge) {
  for (const auto kind : {CalendarKind::kTse, CalendarKind::kOse, CalendarKind::kFx, CalendarKind::kAlways}) {
    Timestamp t = utc("2024-10-28 00:00:00");
    for (const Timestamp end = utc("2026-12-01 00:00:00"); t < end;) {
      const auto piece = calendar_piece(kind, t);
      ASSERT_LE(piece.from, t);
      ASSERT_GT(piece.to, t);
      for (const auto inside : {piece.from, piece.from + (piece.to - piece.from) / 2, piece.to - 1ns}) {
        const auto same = calendar_piece(kind, inside);
        ASSERT_EQ(same.from, piece.from) << format_utc(t);
        ASSERT_EQ(same.to, piece.to) << format_utc(t);
        ASSERT_EQ(same.open, piece.open);
        ASSERT_EQ(same.trading_date, piece.trading_date);
      }
      t = piece.to;
    }
  }
}

TEST(CalendarCursor, AnswersLikeTheCalendarWhateverWasAskedBefore) {
  CalendarCursor cursor{CalendarKind::kTse};
  for (const auto* time :
       {"2026-02-09 09:00:00", "2026-02-09 09:04:59.999999999", "2026-02-09 09:05:00", "2026-02-09 11:35:00",
        "2026-02-06 15:30:00", "2026-02-11 10:00:00", "2026-02-09 09:00:00"}) {
    const auto expected = tse(time);
    const auto& piece = cursor.at(jst(time));
    EXPECT_EQ(piece.from, expected.from) << time;
    EXPECT_EQ(piece.name, expected.name) << time;
  }
}

}  // namespace
}  // namespace yagura::processing
