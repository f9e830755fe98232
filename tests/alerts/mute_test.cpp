#include "alerts/mute.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace yagura::alerts {
namespace {

using testing::HasSubstr;

bool muted(std::string_view window, std::string_view at, CalendarKind calendar = CalendarKind::kTse) {
  const auto parsed = parse_mute(window);
  EXPECT_TRUE(parsed) << window;
  const std::vector windows{*parsed};
  return is_muted(windows, parse_iso8601(at).value(), calendar);
}

TEST(MuteSpec, KnowsTheSegmentsOfTokyo) {
  EXPECT_TRUE(muted("opening", "2026-02-09T09:04:59+09:00"));
  EXPECT_FALSE(muted("opening", "2026-02-09T09:05:00+09:00"));
  EXPECT_TRUE(muted("opening", "2026-02-09T12:30:30+09:00"));
  EXPECT_TRUE(muted("morning", "2026-02-09T09:00:00+09:00"));
  EXPECT_TRUE(muted("lunch", "2026-02-09T12:00:00+09:00"));
  EXPECT_TRUE(muted("close", "2026-02-09T15:30:00+09:00"));
  EXPECT_FALSE(muted("close", "2026-02-09T15:29:59+09:00"));
  EXPECT_TRUE(muted("closed", "2026-02-11T10:00:00+09:00")) << "a holiday";
  EXPECT_FALSE(muted("lunch", "2026-02-09T12:00:00+09:00", CalendarKind::kFx)) << "currencies have none";
}

TEST(MuteSpec, KnowsOsakaAndTheTagsOfCurrencies) {
  EXPECT_TRUE(muted("night", "2026-02-09T20:00:00+09:00", CalendarKind::kOse));
  EXPECT_FALSE(muted("day", "2026-02-09T20:00:00+09:00", CalendarKind::kOse));
  EXPECT_TRUE(muted("rollover", "2026-02-09T22:00:00Z", CalendarKind::kFx)) << "17:00 in New York";
  EXPECT_FALSE(muted("rollover", "2026-02-09T20:00:00Z", CalendarKind::kFx));
  EXPECT_TRUE(muted("thin", "2026-02-09T23:00:00Z", CalendarKind::kFx));
  EXPECT_TRUE(muted("tokyo_holiday", "2026-02-11T03:00:00Z", CalendarKind::kFx));
  EXPECT_FALSE(muted("tokyo_holiday", "2026-02-11T03:00:00Z", CalendarKind::kTse)) << "a tag of currencies";
}

TEST(MuteSpec, HoursAreLocalAndHalfOpen) {
  EXPECT_TRUE(muted("08:00-08:45", "2026-02-08T23:00:00Z"));
  EXPECT_TRUE(muted("08:00-08:45", "2026-02-09T08:44:59.999+09:00", CalendarKind::kFx));
  EXPECT_FALSE(muted("08:00-08:45", "2026-02-09T08:45:00+09:00"));
  EXPECT_TRUE(muted("08:00-08:45", "2026-02-09T08:00:00Z", CalendarKind::kAlways)) << "UTC";
  EXPECT_TRUE(muted("23:00-24:00", "2026-02-09T23:59:59+09:00"));
}

TEST(MuteSpec, HoursMayGoOverMidnight) {
  for (const auto* at : {"2026-02-09T22:00:00+09:00", "2026-02-10T05:59:59+09:00"})
    EXPECT_TRUE(muted("22:00-06:00", at)) << at;
  for (const auto* at : {"2026-02-09T21:59:59+09:00", "2026-02-10T06:00:00+09:00"})
    EXPECT_FALSE(muted("22:00-06:00", at)) << at;
}

TEST(MuteSpec, WeekdaysAreThoseOnWhichTheWindowBegins) {
  EXPECT_TRUE(muted("sat", "2026-02-14T12:00:00+09:00"));
  EXPECT_FALSE(muted("sat", "2026-02-13T12:00:00+09:00"));
  EXPECT_TRUE(muted("mon-fri", "2026-02-13T12:00:00+09:00"));
  EXPECT_TRUE(muted("fri-mon", "2026-02-15T12:00:00+09:00"));
  EXPECT_FALSE(muted("fri-mon", "2026-02-17T12:00:00+09:00"));
  EXPECT_TRUE(muted("fri 22:00-06:00", "2026-02-14T05:00:00+09:00")) << "Saturday morning still";
  EXPECT_FALSE(muted("fri 22:00-06:00", "2026-02-13T05:00:00+09:00")) << "that was Thursday's";
}

TEST(MuteSpec, RefusesWhatItDoesNotKnow) {
  for (const auto* text : {"", "noon", "8:00-9:00", "08:00", "08:00-08:00", "24:01-25:00", "08:60-09:00", "day-night",
                           "mon 08:00", "monday", "mon-", "08:00-09:00 mon", "mon  08:00-09:00"}) {
    const auto parsed = parse_mute(text);
    EXPECT_FALSE(parsed) << text;
    EXPECT_THAT(parsed ? "" : parsed.error().message, HasSubstr("mon-fri"));
  }
}

}  // namespace
}  // namespace yagura::alerts
