// The session clock as people read it: until when, what then, why closed.
#include "app/session_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Timestamp at(const std::string& iso) { return parse_iso8601(iso).value(); }
console::SessionClock tokyo(const std::string& time) { return session_clock(CalendarKind::kTse, at(time + "+09:00")); }
console::SessionClock currencies(const std::string& time) { return session_clock(CalendarKind::kFx, at(time + "Z")); }
std::string text(std::optional<Timestamp> t) { return t ? format_utc(*t).substr(0, 19) : "none"; }

TEST(SessionClock, TheMorningLastsToLunchAcrossItsFirstMinutes) {
  for (const auto* time : {"2026-02-09T09:00:00", "2026-02-09T09:30:00", "2026-02-09T11:29:59"}) {
    const auto clock = tokyo(time);
    EXPECT_TRUE(clock.open) << time;
    EXPECT_EQ(text(clock.until), "2026-02-09T02:30:00") << time;  // 11:30 in Tokyo
    EXPECT_EQ(clock.next, "lunch");
    EXPECT_FALSE(clock.opens);
    EXPECT_EQ(clock.closed_reason, "");
  }
}

TEST(SessionClock, LunchBeginsWhenTradingStopsAndTheLastPrintIsStillAwaited) {
  for (const auto* time : {"2026-02-09T11:30:00", "2026-02-09T11:35:00", "2026-02-09T12:29:59"}) {
    const auto clock = tokyo(time);
    EXPECT_FALSE(clock.open) << time;
    EXPECT_EQ(text(clock.until), "2026-02-09T03:30:00") << time;
    EXPECT_EQ(clock.next, "afternoon");
    EXPECT_EQ(clock.opens, clock.until);
    EXPECT_EQ(clock.closed_reason, "");
  }
}

TEST(SessionClock, TheAfternoonLastsToTheClose) {
  const auto clock = tokyo("2026-02-09T12:30:30");
  EXPECT_TRUE(clock.open);
  EXPECT_EQ(text(clock.until), "2026-02-09T06:30:00");
  EXPECT_EQ(clock.next, "close");
}

TEST(SessionClock, OverAWeekendAndAHolidayTheNextOpeningIsTheNextTradingDay) {
  const auto evening = tokyo("2026-02-06T18:00:00");  // a Friday
  EXPECT_FALSE(evening.open);
  EXPECT_EQ(text(evening.opens), "2026-02-09T00:00:00");
  EXPECT_EQ(evening.closed_reason, "");  // Friday was a trading day
  EXPECT_EQ(tokyo("2026-02-07T10:00:00").closed_reason, "weekend");
  const auto holiday = tokyo("2026-02-11T10:00:00");
  EXPECT_EQ(holiday.closed_reason, "National Foundation Day");
  EXPECT_EQ(text(holiday.opens), "2026-02-12T00:00:00");
  const auto new_year = tokyo("2025-12-31T10:00:00");
  EXPECT_EQ(new_year.closed_reason, "year end");
  EXPECT_EQ(text(new_year.opens), "2026-01-05T00:00:00");
}

TEST(SessionClock, CurrenciesHaveOneStretchAWeek) {
  const auto tuesday = currencies("2026-02-10T03:00:00");
  EXPECT_TRUE(tuesday.open);
  EXPECT_EQ(text(tuesday.until), "2026-02-13T22:00:00");  // Friday 17:00 in New York
  EXPECT_EQ(tuesday.next, "closed");
  EXPECT_THAT(tuesday.tags, IsEmpty());
  const auto saturday = currencies("2026-02-14T12:00:00");
  EXPECT_FALSE(saturday.open);
  EXPECT_EQ(saturday.closed_reason, "weekend");
  EXPECT_EQ(text(saturday.opens), "2026-02-15T22:00:00");
  EXPECT_EQ(currencies("2026-02-13T22:30:00").closed_reason, "weekend");  // Friday evening in New York
}

TEST(SessionClock, TellsWhatACurrencysPriceIsWorth) {
  EXPECT_THAT(currencies("2026-02-10T22:05:00").tags, ElementsAre("rollover", "thin", "tokyo_holiday"));
  EXPECT_THAT(currencies("2026-02-12T23:00:00").tags, ElementsAre("thin"));
  EXPECT_THAT(tokyo("2026-02-11T10:00:00").tags, IsEmpty());
}

TEST(SessionClock, AMarketThatNeverClosesHasNoEnd) {
  const auto clock = session_clock(CalendarKind::kAlways, at("2026-02-10T03:00:00Z"));
  EXPECT_TRUE(clock.open);
  EXPECT_FALSE(clock.until);
  EXPECT_EQ(clock.next, "");
}

TEST(SessionClock, OsakasNightIsOneStretchAndADayOfItsOwn) {
  const auto night = session_clock(CalendarKind::kOse, at("2026-02-09T20:00:00+09:00"));
  EXPECT_TRUE(night.open);
  EXPECT_EQ(text(night.until), "2026-02-09T21:00:00");
  EXPECT_EQ(night.next, "closed");
}

}  // namespace
}  // namespace yagura::app
