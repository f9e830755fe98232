// A month of a calendar as `yagura check --calendar` prints it.
#include "app/calendar_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using testing::HasSubstr;

std::string page(CalendarKind kind, std::string_view month) { return calendar_page(kind, parse_month(month).value()); }

TEST(CalendarPage, ShowsTokyosHoursAndHolidays) {
  const auto text = page(CalendarKind::kTse, "2026-02");
  EXPECT_THAT(text, HasSubstr("tse, times of Tokyo\n2026-02-01 Sun  closed: weekend\n"));
  EXPECT_THAT(text, HasSubstr("2026-02-09 Mon  morning 09:00-11:35; afternoon 12:30-15:40\n"));
  EXPECT_THAT(text, HasSubstr("2026-02-11 Wed  closed: National Foundation Day\n"));
  EXPECT_THAT(page(CalendarKind::kTse, "2024-11"),
              HasSubstr("2024-11-01 Fri  morning 09:00-11:35; afternoon 12:30-15:10\n"));
}

TEST(CalendarPage, SaysWhatDateOsakasNightsCountFor) {
  const auto text = page(CalendarKind::kOse, "2026-02");
  EXPECT_THAT(text, HasSubstr("2026-02-09 Mon  day 08:45-15:45; night 17:00-06:00\n"));
  EXPECT_THAT(text, HasSubstr("2026-02-06 Fri  day 08:45-15:45; night 17:00-06:00 for Mon 2026-02-09\n"));
  EXPECT_THAT(text, HasSubstr("2026-02-07 Sat  closed: weekend\n"));
  EXPECT_THAT(text, HasSubstr("2026-02-11 Wed  day 08:45-15:45 for Thu 2026-02-12; night 17:00-06:00; holiday: "
                              "National Foundation Day\n"));
}

TEST(CalendarPage, ShowsTheWeekInNewYorkWithItsClockChanges) {
  const auto text = page(CalendarKind::kFx, "2026-03");
  EXPECT_THAT(text, HasSubstr("fx, times of New York\n"));
  EXPECT_THAT(text, HasSubstr("2026-03-06 Fri  week until 17:00\n"));
  EXPECT_THAT(text, HasSubstr("2026-03-07 Sat  closed: weekend\n"));
  EXPECT_THAT(text, HasSubstr("2026-03-08 Sun  week from 17:00; New York clocks go forward an hour at 02:00: the date "
                              "turns at 06:00 Tokyo from here on\n"));
  EXPECT_THAT(text, HasSubstr("2026-03-20 Fri  week until 17:00; thin: Tokyo (Vernal Equinox Day)\n"));
  EXPECT_THAT(page(CalendarKind::kFx, "2026-11"),
              HasSubstr("2026-11-01 Sun  week from 17:00; New York clocks go back"));
  EXPECT_THAT(page(CalendarKind::kFx, "2025-12"),
              HasSubstr("2025-12-25 Thu  week all day; thin: London (Christmas Day), New York (Christmas Day)\n"));
}

TEST(CalendarPage, OfWhatNeverClosesIsShort) {
  EXPECT_THAT(page(CalendarKind::kAlways, "2026-02"), HasSubstr("2026-02-07 Sat  open all day\n"));
}

TEST(CalendarPage, TakesAMonthAndNothingElse) {
  for (const auto* text : {"2026-13", "2026-2", "2026-02-01", "1899-12", "2201-01", "next", "", "20266-1"})
    EXPECT_FALSE(parse_month(text)) << text;
}

}  // namespace
}  // namespace yagura::app
