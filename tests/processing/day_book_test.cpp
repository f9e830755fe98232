// Known days, previous close and horizons. SEMANTICS 4 and 5.
#include "processing/day_book.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

// A day on which the price did not move.
DayBar still(std::string_view date, Points price) { return bar(date, price, price, price); }

class DayBookSpec : public ::testing::Test {
 protected:
  void given_history(std::vector<DayBar> days, bool may_seed = true) { book_.emplace(std::move(days), may_seed); }
  void trade(std::string_view date, std::initializer_list<Points> prices) {
    book_->start_day(day(date));
    for (const auto price : prices) book_->on_tick(price);
  }
  void open(std::string_view date) { trade(date, {}); }
  [[nodiscard]] bool active(Horizon h) const { return book_->known(h).active; }
  [[nodiscard]] std::optional<Price> previous_close() const { return book_->previous_close(); }

  std::optional<DayBook> book_{std::in_place, std::vector<DayBar>{}, true};
};

TEST_F(DayBookSpec, TakesThePreviousCloseFromTheNewestKnownDay) {
  given_history({bar("2026-02-04", 110_pts, 90_pts, 100_pts), bar("2026-02-06", 120_pts, 95_pts, 105_pts)});
  open("2026-02-09");
  EXPECT_EQ(previous_close(), Price{105_pts});
}

TEST_F(DayBookSpec, AllowsThePreviousCloseToBeFourteenDaysOld) {
  given_history({still("2026-02-01", 100_pts)});
  open("2026-02-15");
  EXPECT_EQ(previous_close(), Price{100_pts});
}

TEST_F(DayBookSpec, AllowsItToBeNoOlder) {
  given_history({still("2026-02-01", 100_pts)});
  open("2026-02-16");
  EXPECT_EQ(previous_close(), std::nullopt);
}

TEST_F(DayBookSpec, SeesNoHistoryOfTodayOrLater) {
  given_history({still("2026-02-06", 100_pts), still("2026-02-09", 200_pts), still("2026-02-10", 300_pts)});
  open("2026-02-09");
  EXPECT_EQ(previous_close(), Price{100_pts});
  EXPECT_EQ(book_->known(Horizon::kAllTime).high.price, Price{100_pts});
}

TEST_F(DayBookSpec, IsNotSeededByHistoryThatLiesAhead) {
  given_history({still("2026-02-10", 300_pts)});
  open("2026-02-09");
  EXPECT_FALSE(book_->seeded());
  EXPECT_EQ(previous_close(), std::nullopt);
  open("2026-02-11");
  EXPECT_TRUE(book_->seeded());
}

TEST_F(DayBookSpec, IsNeverSeededWhereThereIsNoSingleTape) {
  given_history({still("2026-02-06", 150_pts)}, false);
  open("2026-02-09");
  EXPECT_FALSE(book_->seeded());
  EXPECT_FALSE(active(Horizon::kAllTime));
  EXPECT_TRUE(active(Horizon::kSinceStart));
}

TEST_F(DayBookSpec, JoinsHistoryAndTicksOfOneDate) {
  given_history({bar("2026-02-09", 120_pts, 95_pts, 110_pts)});
  trade("2026-02-09", {100_pts, 125_pts, 97_pts, 101_pts});
  open("2026-02-10");
  EXPECT_EQ(previous_close(), Price{101_pts});  // the last tick, not the history row
  EXPECT_EQ(book_->known(Horizon::kAllTime).high.price, Price{125_pts});
  EXPECT_EQ(book_->known(Horizon::kAllTime).low.price, Price{95_pts});
  EXPECT_EQ(book_->known(Horizon::kAllTime).high_close.price, Price{101_pts});
}

TEST_F(DayBookSpec, PutsOwnDaysAmongThoseOfHistory) {
  given_history({still("2026-02-02", 100_pts), still("2026-02-04", 90_pts), still("2026-02-06", 95_pts)});
  trade("2026-02-03", {130_pts, 120_pts});
  trade("2026-02-05", {80_pts});
  open("2026-02-09");
  const auto& all = book_->known(Horizon::kAllTime);
  EXPECT_EQ(all.high.price, Price{130_pts});
  EXPECT_EQ(all.high.date, day("2026-02-03"));
  EXPECT_EQ(all.high_close.price, Price{120_pts});
  EXPECT_EQ(all.low.date, day("2026-02-05"));
  EXPECT_EQ(previous_close(), Price{95_pts});
}

TEST_F(DayBookSpec, KeepsADayWithoutTicksOut) {
  trade("2026-02-05", {100_pts});
  open("2026-02-06");
  open("2026-02-09");
  EXPECT_EQ(previous_close(), Price{100_pts});
}

TEST_F(DayBookSpec, AnswersForADateThatHasNotBegun) {
  given_history({still("2026-02-05", 90_pts), still("2026-02-10", 110_pts)});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-09")), Price{90_pts});
  trade("2026-02-09", {100_pts, 101_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-09")), Price{90_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-10")), Price{101_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-11")), Price{110_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-24")), Price{110_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-25")), std::nullopt);
}

TEST_F(DayBookSpec, PrefersItsOwnCloseToThatOfHistory) {
  given_history({still("2026-02-09", 90_pts)});
  trade("2026-02-09", {100_pts, 101_pts});
  EXPECT_EQ(book_->previous_close_at(day("2026-02-10")), Price{101_pts});
  open("2026-02-10");
  EXPECT_EQ(book_->previous_close_at(day("2026-02-11")), Price{101_pts});
}

TEST_F(DayBookSpec, ForgetsTicksAndKeepsHistory) {
  given_history({still("2026-02-06", 100_pts)});
  trade("2026-02-07", {300_pts});
  trade("2026-02-08", {400_pts});
  book_->forget_ticks();
  EXPECT_FALSE(book_->started());
  open("2026-02-09");
  EXPECT_EQ(book_->known(Horizon::kAllTime).high.price, Price{100_pts});
  EXPECT_EQ(previous_close(), Price{100_pts});
}

// -- horizons --

TEST_F(DayBookSpec, HasNoHorizonOnTheVeryFirstDay) {
  open("2026-02-09");
  for (const auto h :
       {Horizon::kAllTime, Horizon::kSinceStart, Horizon::k52Week, Horizon::kYearToDate, Horizon::kWeek}) {
    EXPECT_FALSE(active(h)) << name_of(h);
  }
}

TEST_F(DayBookSpec, CountsSinceTheStartFromTheSecondDayOn) {
  trade("2026-02-09", {100_pts});
  open("2026-02-10");
  EXPECT_TRUE(active(Horizon::kSinceStart));
  EXPECT_FALSE(active(Horizon::kAllTime));
}

TEST_F(DayBookSpec, NeedsDataOfTheSameDateAYearAgoForFiftyTwoWeeks) {
  given_history({still("2025-02-10", 100_pts)});
  open("2026-02-09");
  EXPECT_FALSE(active(Horizon::k52Week));
  open("2026-02-10");
  EXPECT_TRUE(active(Horizon::k52Week));
}

TEST_F(DayBookSpec, LooksAtTheDaysAfterThatDate) {
  given_history({still("2025-02-08", 300_pts), still("2025-02-09", 200_pts), still("2025-02-10", 150_pts),
                 still("2026-02-06", 100_pts)});
  open("2026-02-09");
  EXPECT_EQ(book_->known(Horizon::k52Week).high.price, Price{150_pts});
  EXPECT_EQ(book_->known(Horizon::k52Week).high.date, day("2025-02-10"));
}

TEST_F(DayBookSpec, TakesTheTwentyEighthForTheTwentyNinthOfFebruary) {
  given_history({still("2023-02-28", 300_pts), still("2023-03-01", 150_pts)});
  open("2024-02-29");
  EXPECT_TRUE(active(Horizon::k52Week));
  EXPECT_EQ(book_->known(Horizon::k52Week).high.price, Price{150_pts});  // days after the 28th
}

TEST_F(DayBookSpec, NeedsMoreThanTheFirstOfMarchForThatDay) {
  given_history({still("2023-03-01", 150_pts)});
  open("2024-02-29");
  EXPECT_FALSE(active(Horizon::k52Week));
}

TEST_F(DayBookSpec, KeepsFiftyTwoWeeksOpenWhenAllDataIsOlder) {
  given_history({still("2024-01-05", 100_pts)});
  open("2026-02-09");
  EXPECT_TRUE(active(Horizon::k52Week));
  EXPECT_FALSE(book_->known(Horizon::k52Week).has_days);
}

TEST_F(DayBookSpec, IsWithoutYearToDateOnTheFirstSessionOfTheYear) {
  given_history({still("2025-12-30", 100_pts)});
  trade("2026-01-05", {110_pts});
  EXPECT_FALSE(active(Horizon::kYearToDate));
  open("2026-01-06");
  EXPECT_TRUE(active(Horizon::kYearToDate));
  EXPECT_EQ(book_->known(Horizon::kYearToDate).low.price, Price{110_pts});  // not last year's
}

TEST_F(DayBookSpec, IsWithoutYearToDateWhenTheDataBeginsInTheYear) {
  given_history({still("2026-01-05", 100_pts), still("2026-01-06", 101_pts)});
  open("2026-01-07");
  EXPECT_FALSE(active(Horizon::kYearToDate));
}

TEST_F(DayBookSpec, IsWithoutAWeekOnTheWeeksFirstSession) {
  given_history({still("2026-02-06", 100_pts)});
  trade("2026-02-09", {110_pts});  // a Monday
  EXPECT_FALSE(active(Horizon::kWeek));
  trade("2026-02-10", {105_pts});
  EXPECT_TRUE(active(Horizon::kWeek));
  EXPECT_EQ(book_->known(Horizon::kWeek).low.price, Price{110_pts});
}

TEST_F(DayBookSpec, BeginsTheWeekOnMonday) {
  given_history({still("2026-02-06", 100_pts), still("2026-02-08", 120_pts)});  // a Friday and a Sunday
  open("2026-02-09");
  EXPECT_FALSE(active(Horizon::kWeek));
}

TEST_F(DayBookSpec, IsWithoutAWeekWhenTheDataBeginsInIt) {
  trade("2026-02-10", {100_pts});
  open("2026-02-11");
  EXPECT_FALSE(active(Horizon::kWeek));
}

}  // namespace
}  // namespace yagura::processing
