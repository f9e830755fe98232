// What imported history says as of its last day.
#include "processing/history_summary.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

DailyRow row(std::string_view date, Points high, Points low, Points close) {
  DailyRow result;
  result.bar = bar(date, high, low, close);
  return result;
}

TEST(HistorySummary, SaysTheExtremesOfAllDaysWithTheFirstDayThatHadThem) {
  const auto summary =
      summarize({row("2026-02-05", 120_pts, 90_pts, 110_pts), row("2026-02-06", 120_pts, 80_pts, 115_pts),
                 row("2026-02-09", 118_pts, 95_pts, 100_pts)});
  EXPECT_EQ(summary.all.high.price, Price{120_pts});
  EXPECT_EQ(summary.all.high.date, day("2026-02-05"));
  EXPECT_EQ(summary.all.low.date, day("2026-02-06"));
  EXPECT_EQ(summary.all.high_close.price, Price{115_pts});
  EXPECT_EQ(summary.all.low_close.date, day("2026-02-09"));
  EXPECT_EQ(summary.last_close.price, Price{100_pts});
}

TEST(HistorySummary, CountsAYearFromTheDayAfterTheSameDateBefore) {
  const auto summary =
      summarize({row("2025-02-09", 200_pts, 50_pts, 100_pts), row("2025-02-10", 150_pts, 60_pts, 100_pts),
                 row("2026-01-05", 140_pts, 70_pts, 100_pts), row("2026-02-09", 130_pts, 90_pts, 100_pts)});
  ASSERT_TRUE(summary.year);
  EXPECT_EQ(summary.year->high.date, day("2025-02-10"));
  EXPECT_EQ(summary.calendar_year.high.date, day("2026-01-05"));
  EXPECT_EQ(summary.calendar_year.low.price, Price{70_pts});
}

TEST(HistorySummary, DoesNotCallAShortHistoryAYear) {
  EXPECT_FALSE(summarize({row("2025-02-10", 2_pts, 1_pts, 1_pts), row("2026-02-09", 2_pts, 1_pts, 1_pts)}).year);
}

TEST(HistoryJumps, NameADayThatNoMarketMakes) {
  const std::vector<DailyRow> rows = {
      row("2026-02-05", 100_pts, 100_pts, 100_pts), row("2026-02-06", 1000_pts, 100_pts, 101_pts),
      row("2026-02-09", 126_pts, 101_pts, 126_pts), row("2026-02-10", 126_pts, 12_pts, 126_pts)};
  EXPECT_THAT(jumps(rows, 25_pct), ElementsAre("2026-02-06 has 1000 after a close of 100 on 2026-02-05",
                                               "2026-02-10 has 12 after a close of 126 on 2026-02-09"));
}

}  // namespace
}  // namespace yagura::processing
