#include "core/time.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "core/clock.hpp"

namespace yagura {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kRallyNs = 1'770'595'200'000'000'000;  // 2026-02-09T00:00:00Z

TEST(IsoTimeSpec, CountsNanosecondsSince1970) {
  EXPECT_EQ(to_ns(*parse_iso8601("1970-01-01T00:00:00Z")), 0);
  EXPECT_EQ(to_ns(*parse_iso8601("2026-02-09T00:00:00Z")), kRallyNs);
  EXPECT_EQ(to_ns(*parse_iso8601("2026-02-09T09:22:00+09:00")), kRallyNs + 22 * 60'000'000'000);
  EXPECT_EQ(to_ns(*parse_iso8601("1969-12-31T23:59:59.999999999Z")), -1);
}

TEST(IsoTimeSpec, ReadsAnyCountOfFractionDigitsAndCutsBeyondNine) {
  const auto fraction = [](const std::string& digits) {
    const auto time = parse_iso8601("2026-02-09T00:00:00." + digits + "Z");
    return time ? to_ns(*time) - kRallyNs : -1;
  };
  EXPECT_EQ(fraction("1"), 100'000'000);
  EXPECT_EQ(fraction("12"), 120'000'000);
  EXPECT_EQ(fraction("123"), 123'000'000);
  EXPECT_EQ(fraction("123456"), 123'456'000);
  EXPECT_EQ(fraction("123456789"), 123'456'789);
  EXPECT_EQ(fraction("000000001"), 1);
  EXPECT_EQ(fraction("1234567899"), 123'456'789);
  EXPECT_EQ(fraction(std::string(1000, '9')), 999'999'999);
}

TEST(IsoTimeSpec, ReadsZones) {
  const auto at = [](const std::string& zone) {
    const auto time = parse_iso8601("2026-02-09T09:00:00" + zone);
    return time ? to_ns(*time) - kRallyNs : -1;
  };
  constexpr std::int64_t kHour = 3'600'000'000'000;
  EXPECT_EQ(at("Z"), 9 * kHour);
  EXPECT_EQ(at("z"), 9 * kHour);
  EXPECT_EQ(at("+00:00"), 9 * kHour);
  EXPECT_EQ(at("+09:00"), 0);
  EXPECT_EQ(at("+0900"), 0);
  EXPECT_EQ(at("-05:00"), 14 * kHour);
  EXPECT_EQ(at("-0530"), 14 * kHour + kHour / 2);
}

TEST(IsoTimeSpec, ReadsASpaceInPlaceOfT) {
  EXPECT_EQ(parse_iso8601("2026-02-09 00:00:00Z"), parse_iso8601("2026-02-09T00:00:00Z"));
}

TEST(IsoTimeSpec, CountsALeapSecondAsTheNextSecond) {
  EXPECT_EQ(parse_iso8601("2016-12-31T23:59:60Z"), parse_iso8601("2017-01-01T00:00:00Z"));
}

TEST(IsoTimeSpec, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2026-02-09",
                           "2026-02-09T00:00:00",
                           "2026-02-09T00:00Z",
                           "2026-02-09T00:00:00.Z",
                           "2026-02-09T00:00:00,5Z",
                           "2026-02-09T24:00:00Z",
                           "2026-02-09T00:60:00Z",
                           "2026-02-09T00:00:61Z",
                           "2026-2-9T00:00:00Z",
                           "26-02-09T00:00:00Z",
                           "2026-02-09T0:00:00Z",
                           "2026-02-09T00:00:00ZZ",
                           "2026-02-09T00:00:00Z ",
                           " 2026-02-09T00:00:00Z",
                           "2026-02-09T00:00:00+9",
                           "2026-02-09T00:00:00+09",
                           "2026-02-09T00:00:00+24:00",
                           "2026-02-09T00:00:00+09:60",
                           "2026-02-09t00:00:00Z",
                           "2026-02-09T00:00:00 JST",
                           "2026/02/09T00:00:00Z",
                           "-026-02-09T00:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "1500-01-01T00:00:00Z",
                           "2262-12-31T00:00:00Z",
                           "9999-12-31T00:00:00Z"}) {
    EXPECT_FALSE(parse_iso8601(text)) << '"' << text << '"';
  }
}

TEST(DateSpec, ReadsRealDatesOnly) {
  EXPECT_EQ(to_string(*parse_date("2026-02-09")), "2026-02-09");
  EXPECT_EQ(to_string(*parse_date("2024-02-29")), "2024-02-29");
  for (const char* text : {"", "2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
                           "2026-1-1", "20260209", "2026-02-09 ", "2026-02-09T", "09.02.2026", "2026-02"}) {
    EXPECT_FALSE(parse_date(text)) << '"' << text << '"';
  }
}

TEST(DateSpec, EveryDayOfFourCenturiesReadsBack) {
  for (Date day = *parse_date("1800-01-01"); day < *parse_date("2200-01-01"); day += std::chrono::days{1}) {
    ASSERT_EQ(parse_date(to_string(day)), day) << to_string(day);
  }
}

TEST(DurationSpec, ReadsANumberWithAUnit) {
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("60s"), 60s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("0.25s"), 250ms);
  EXPECT_EQ(parse_duration("0.0000000019s"), 1ns);  // below a nanosecond it is cut
}

TEST(DurationSpec, RefusesWhatHasNoUnitOrNoNumber) {
  for (const char* text : {"", "s", "60", "60 s", " 60s", "60s ", "-5s", "+5s", ".5s", "5.s", "1e3s", "1h30m", "60sec",
                           "60S", "1.2.3s", "five s", "5µs", "0x5s"}) {
    EXPECT_FALSE(parse_duration(text)) << '"' << text << '"';
  }
}

TEST(DurationSpec, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse_duration("9223372036854775807ns"), Duration::max());
  EXPECT_FALSE(parse_duration("9223372036854775808ns"));
  EXPECT_FALSE(parse_duration("9223372037s"));
  EXPECT_FALSE(parse_duration("106752d"));
  EXPECT_FALSE(parse_duration("99999999999999999999s"));
}

// The whole part fits, the fraction carries it over the edge.
TEST(DurationSpec, RefusesWhatAFractionMakesTooLong) {
  EXPECT_FALSE(parse_duration("9223372036.9s"));
  EXPECT_FALSE(parse_duration("106751.999999d"));
}

TEST(DurationSpec, PrintsTheLargestWholeUnit) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(10min), "10m");
  EXPECT_EQ(format_duration(500ms), "500ms");
  EXPECT_EQ(format_duration(36h), "36h");
  EXPECT_EQ(format_duration(48h), "2d");
  EXPECT_EQ(format_duration(1500us), "1500us");
  EXPECT_EQ(format_duration(1ns), "1ns");
}

TEST(DurationSpec, WhatIsPrintedReadsBack) {
  std::mt19937_64 random{3};
  for (int i = 0; i < 50'000; ++i) {
    const Duration duration{static_cast<std::int64_t>(random() >> (1 + random() % 62))};
    ASSERT_EQ(parse_duration(format_duration(duration)), duration) << format_duration(duration);
  }
}

TEST(TimestampSpec, MillisecondsFitOrAreRefused) {
  EXPECT_EQ(to_ns(*timestamp_from_ms(1'770'595'200'123)), kRallyNs + 123'000'000);
  EXPECT_EQ(to_ns(*timestamp_from_ms(-1)), -1'000'000);
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  EXPECT_TRUE(timestamp_from_ms(kLast));
  EXPECT_FALSE(timestamp_from_ms(kLast + 1));
  EXPECT_TRUE(timestamp_from_ms(-kLast));
  EXPECT_FALSE(timestamp_from_ms(-kLast - 1));
  EXPECT_FALSE(timestamp_from_ms(std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(timestamp_from_ms(std::numeric_limits<std::int64_t>::min()));
}

TEST(TimestampSpec, PrintsUtcWithMicroseconds) {
  EXPECT_EQ(format_utc(timestamp_from_ns(kRallyNs + 22 * 60'000'000'000 + 123'456'789)), "2026-02-09T00:22:00.123456Z");
  EXPECT_EQ(format_utc(timestamp_from_ns(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(TimestampSpec, WhatIsPrintedReadsBackToTheMicrosecond) {
  std::mt19937_64 random{4};
  for (int i = 0; i < 20'000; ++i) {
    const auto time = timestamp_from_ns(static_cast<std::int64_t>(random() >> 2));
    ASSERT_EQ(parse_iso8601(format_utc(time)), std::chrono::floor<std::chrono::microseconds>(time)) << format_utc(time);
  }
}

TEST(ManualClockSpec, MovesWhenToldOnly) {
  ManualClock clock{timestamp_from_ns(kRallyNs)};
  const auto start = clock.mono();
  EXPECT_EQ(to_ns(clock.now()), kRallyNs);
  clock.advance(5ms);
  EXPECT_EQ(to_ns(clock.now()), kRallyNs + 5'000'000);
  EXPECT_EQ(clock.mono() - start, 5ms);
  clock.step_wall(-1h);  // somebody sets the wall clock
  EXPECT_EQ(clock.mono() - start, 5ms);
  EXPECT_EQ(clock.now(), timestamp_from_ns(kRallyNs) + 5ms - 1h);
}

}  // namespace
}  // namespace yagura
