// Reading and merging imported history.
#include "processing/daily_history.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests
using ::testing::HasSubstr;

Result<std::vector<DailyRow>> read(std::string_view text) {
  DailyReader reader{"nikkei.csv"};
  while (!text.empty()) {
    const auto end = text.find('\n');
    reader.line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

std::vector<DailyRow> rows(std::string_view body) {
  auto all = read("date,open,high,low,close\n" + std::string(body));
  EXPECT_TRUE(all) << all.error().message;
  return all ? *all : std::vector<DailyRow>{};
}

std::string error_of(std::string_view body) {
  const auto all = read("date,open,high,low,close\n" + std::string(body));
  EXPECT_FALSE(all);
  return all ? "" : all.error().message;
}

TEST(DailyHistory, ReadsARow) {
  const auto all = rows("2026-02-09,57000,57337.07,56900.5,57200\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].bar.date, day("2026-02-09"));
  EXPECT_EQ(all[0].bar.high, Price{57'337.07_pts});
  EXPECT_EQ(all[0].bar.low, Price{56'900.5_pts});
  EXPECT_EQ(all[0].bar.close, Price{57'200_pts});
}

TEST(DailyHistory, FillsAnEmptyHighAndLowFromTheCellsThatAreThere) {
  const auto all = rows("2026-02-06,100,,,110\n2026-02-09,,,90,100\n2026-02-10,,,,105\n2026-02-12,100,120,,110\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].bar.high, Price{110_pts});
  EXPECT_EQ(all[0].bar.low, Price{100_pts});
  EXPECT_EQ(all[1].bar.high, Price{100_pts});
  EXPECT_EQ(all[1].bar.low, Price{90_pts});
  EXPECT_EQ(all[2].bar.high, Price{105_pts});
  EXPECT_EQ(all[2].bar.low, Price{105_pts});
  EXPECT_EQ(all[3].bar.low, Price{100_pts});
}

TEST(DailyHistory, TakesColumnsInAnyOrderAndIgnoresOthers) {
  const auto all = read("close,volume,date\r\n100,12345,2026-02-09\r\n");
  ASSERT_TRUE(all);
  EXPECT_EQ((*all)[0].bar.close, Price{100_pts});
}

TEST(DailyHistory, SkipsBlankLinesSpacesQuotesAndTheMarkOfABadEditor) {
  const auto all = read(
      "\xEF\xBB\xBF"
      "date,open,high,low,close\r\n\n  \n \"2026-02-09\" , 1 ,2,1, \"2\"\r\n");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ((*all)[0].bar.close, Price{2_pts});
}

TEST(DailyHistory, SortsByDate) {
  const auto all = rows("2026-02-10,,,,2\n2026-02-09,,,,1\n");
  EXPECT_EQ(all[0].bar.date, day("2026-02-09"));
}

TEST(DailyHistory, NamesABadRowWithItsLine) {
  EXPECT_THAT(error_of("2026-02-09,,,,1\n2026-02-30,,,,1\n"), HasSubstr("nikkei.csv:3: '2026-02-30' is no date"));
  EXPECT_THAT(error_of("2026-02-09,,,,\n"), HasSubstr("nikkei.csv:2: '' is no closing price"));
  EXPECT_THAT(error_of("\n\n2026-02-09,,,,nan\n"), HasSubstr("nikkei.csv:4: 'nan'"));
  EXPECT_THAT(error_of("2026-02-09,1,x,1,1\n"), HasSubstr("nikkei.csv:2: 'x' is no price in column high"));
  EXPECT_THAT(error_of("2026-02-09,,,,0\n"), HasSubstr("nikkei.csv:2: 2026-02-09 has a price that is not above zero"));
  EXPECT_THAT(error_of("2026-02-09,,,-1,1\n"), HasSubstr("not above zero"));
}

TEST(DailyHistory, NamesPricesThatContradictEachOther) {
  EXPECT_THAT(error_of("2026-02-09,,100,,101\n"),
              HasSubstr("nikkei.csv:2: 2026-02-09 has a high below its open or close"));
  EXPECT_THAT(error_of("2026-02-09,101,100,,99\n"), HasSubstr("a high below its open or close"));
  EXPECT_THAT(error_of("2026-02-09,,,100,99\n"), HasSubstr("a low above its open or close"));
}

TEST(DailyHistory, NamesTwentyBadRowsAndCountsTheRest) {
  std::string body;
  for (int i = 0; i < 23; ++i) body += "bad,,,,1\n";
  const auto error = error_of(body);
  EXPECT_EQ(std::ranges::count(error, '\n'), 20);
  EXPECT_THAT(error, HasSubstr("nikkei.csv:21:"));
  EXPECT_THAT(error, ::testing::Not(HasSubstr("nikkei.csv:22:")));
  EXPECT_THAT(error, ::testing::EndsWith("nikkei.csv: and 3 more wrong rows"));
}

TEST(DailyHistory, RefusesADateTwice) {
  EXPECT_THAT(error_of("2026-02-09,,,,1\n2026-02-06,,,,1\n2026-02-09,,,,1\n"),
              HasSubstr("nikkei.csv:4: 2026-02-09 stands there twice, first in line 2"));
}

TEST(DailyHistory, RefusesAFileWithoutHeaderRowsOrCloses) {
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("date,open,high,low,close\n"));
  EXPECT_FALSE(read("date,open,high,low\n2026-02-09,1,1,1\n"));
  EXPECT_FALSE(read("2026-02-09,1,1,1,1\n"));
}

TEST(DailyHistory, MergesByDateAndCountsWhatChanged) {
  const auto old_rows = rows("2026-02-05,,,,1\n2026-02-06,,,,2\n2026-02-09,,,,3\n");
  const auto new_rows = rows("2026-02-04,,,,9\n2026-02-06,,,,2\n2026-02-09,,,,4\n2026-02-10,,,,5\n");
  std::size_t replaced = 99;
  const auto all = merge_history(old_rows, new_rows, replaced);
  EXPECT_EQ(replaced, 1U);
  EXPECT_EQ(daily_csv(all),
            "date,open,high,low,close\n2026-02-04,,,,9\n2026-02-05,,,,1\n2026-02-06,,,,2\n2026-02-09,,,,4\n2026-02-10,,"
            ",,5\n");
}

TEST(DailyHistory, MergesWithNothing) {
  const auto some = rows("2026-02-05,,,,1\n");
  std::size_t replaced = 99;
  EXPECT_EQ(merge_history({}, some, replaced).size(), 1U);
  EXPECT_EQ(replaced, 0U);
  EXPECT_EQ(merge_history(some, {}, replaced).size(), 1U);
}

TEST(DailyHistory, WritesWhatItReads) {
  const std::string text = "date,open,high,low,close\n2026-02-06,100,,,110\n2026-02-09,57000,57337.07,56900.5,57200\n";
  const auto all = read(text);
  ASSERT_TRUE(all);
  EXPECT_EQ(daily_csv(*all), text);
}

TEST(DailyHistory, HandsBarsToTheDayBook) {
  const auto bars = bars_of(rows("2026-02-06,100,,,110\n"));
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(bars[0].high, Price{110_pts});
}

}  // namespace
}  // namespace yagura::processing
