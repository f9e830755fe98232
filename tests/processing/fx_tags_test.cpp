// Thin and technical hours of currencies.
#include "processing/fx_tags.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

FxTags at(std::string_view in_utc) { return fx_tags(utc(in_utc)); }

TEST(FxTags, CallTheRolloverFrom1655To1710NewYorkInWinterAndSummer) {
  EXPECT_FALSE(at("2026-02-10 21:54:59.999999999").rollover);
  EXPECT_TRUE(at("2026-02-10 21:55:00").rollover);
  EXPECT_TRUE(at("2026-02-10 22:09:59.999999999").rollover);
  EXPECT_FALSE(at("2026-02-10 22:10:00").rollover);
  EXPECT_TRUE(at("2026-07-07 20:55:00").rollover);
  EXPECT_FALSE(at("2026-07-07 21:55:00").rollover);
}

TEST(FxTags, CallTheThreeHoursAfterNewYorkThin) {
  EXPECT_FALSE(at("2026-02-09 21:59:59.999999999").thin);
  EXPECT_TRUE(at("2026-02-09 22:00:00").thin);
  EXPECT_TRUE(at("2026-02-10 00:59:59.999999999").thin);
  EXPECT_FALSE(at("2026-02-10 01:00:00").thin);
  EXPECT_FALSE(at("2026-02-10 01:00:00").tokyo_holiday);
}

TEST(FxTags, CallATradingDateThinOnWhichACentreRests) {
  EXPECT_TRUE(at("2026-02-10 22:30:00").tokyo_holiday);  // Wednesday the 11th has begun: National Foundation Day
  EXPECT_TRUE(at("2026-02-11 12:00:00").thin);
  EXPECT_FALSE(at("2026-02-12 12:00:00").thin);
  EXPECT_TRUE(at("2026-04-03 12:00:00").thin);  // Good Friday, London
  EXPECT_FALSE(at("2026-04-03 12:00:00").tokyo_holiday);
  EXPECT_TRUE(at("2026-11-26 12:00:00").thin);   // Thanksgiving, New York
  EXPECT_FALSE(at("2026-11-27 12:00:00").thin);  // and its Friday
}

TEST(FxTags, CallTheTurnOfTheYearThinInAnyYear) {
  EXPECT_TRUE(at("2031-12-25 12:00:00").thin);
  EXPECT_TRUE(at("2032-01-01 12:00:00").thin);
  EXPECT_TRUE(at("2031-12-31 12:00:00").tokyo_holiday);  // Tokyo rests from 31 December to 3 January
  EXPECT_TRUE(at("2032-01-02 12:00:00").tokyo_holiday);
}

TEST(FxTags, AreNoneOverTheWeekend) {
  EXPECT_FALSE(at("2026-02-13 22:05:00").rollover);  // Friday, closed
  EXPECT_FALSE(at("2026-02-14 12:00:00").thin);
  EXPECT_TRUE(at("2026-02-15 22:05:00").rollover);  // Sunday evening
}

}  // namespace
}  // namespace yagura::processing
