#include "console/terminal/numbers.hpp"

#include <gtest/gtest.h>

#include "console/terminal/sparkline.hpp"

namespace yagura::console::terminal {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(NumbersSpec, GroupsAndFillsUpDecimals) {
  EXPECT_EQ(price_text(*parse_price("57337.07"), 2), "57,337.07");
  EXPECT_EQ(price_text(*parse_price("999"), 2), "999.00");
  EXPECT_EQ(price_text(*parse_price("153.2725"), 3), "153.2725");
  EXPECT_EQ(short_price(*parse_price("57000"), 2), "57,000");
  EXPECT_EQ(short_price(*parse_price("158.5"), 3), "158.500");
  EXPECT_EQ(signed_text(*parse_price_delta("-1234.5"), 2), "-1,234.50");
  EXPECT_EQ(signed_text(*parse_price_delta("0.25"), 2), "+0.25");
  EXPECT_EQ(signed_text(PriceDelta{}, 2), "0.00");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
}

TEST(NumbersSpec, WritesNoMinusBeforeZeroAndNothingEndless) {
  EXPECT_EQ(percent_text(-0.001), "0.00 %");
  EXPECT_EQ(percent_text(0.62), "+0.62 %");
  EXPECT_EQ(real_text(1e308, 2), "1e+308");
  EXPECT_EQ(micro_text(0.64), "0.6 µs");
  EXPECT_EQ(micro_text(1234), "1.2 ms");
}

TEST(NumbersSpec, TellsLengths) {
  EXPECT_EQ(length_text(milliseconds{400}, Lang::kEnglish), "0.4 s");
  EXPECT_EQ(length_text(seconds{42}, Lang::kEnglish), "42 s");
  EXPECT_EQ(length_text(seconds{300}, Lang::kJapanese), "5分");
  EXPECT_EQ(length_text(hours{72}, Lang::kEnglish), "3 d");
  EXPECT_EQ(span_text(seconds{42}, Lang::kEnglish), "0:42");
  EXPECT_EQ(span_text(seconds{3'723}, Lang::kEnglish), "1:02:03");
  EXPECT_EQ(span_text(hours{51}, Lang::kJapanese), "2日 3時間");
  EXPECT_EQ(span_text(seconds{-5}, Lang::kEnglish), "0:00");
}

TEST(NumbersSpec, TellsTimesWithTheirZone) {
  const auto at = timestamp_from_ns(1'770'874'241'000'000'000);
  EXPECT_EQ(clock_text(at, Zone::kMarket), "14:30:41");
  EXPECT_EQ(clock_text(at, Zone::kUtc), "05:30:41");
  EXPECT_EQ(date_text(at, Zone::kMarket, Lang::kEnglish), "Thu 12 Feb 2026");
  EXPECT_EQ(date_text(at, Zone::kMarket, Lang::kJapanese), "2026/2/12(木)");
  EXPECT_EQ(day_text(at, Zone::kUtc, Lang::kEnglish), "12 Feb");
}

std::deque<Price> rising(int count) {
  std::deque<Price> prices;
  for (int i = 1; i <= count; ++i) prices.push_back(Price::from_raw(i));
  return prices;
}

TEST(SparklineSpec, DrawsALineWithTheNewestAtTheRight) {
  EXPECT_EQ(sparkline(rising(4), 2, 1, true), (std::vector<std::string>{"⡠⠊"}));
  EXPECT_EQ(sparkline(rising(2), 3, 1, true), (std::vector<std::string>{"  ⡸"}));
  EXPECT_EQ(sparkline(rising(8), 4, 2, true), (std::vector<std::string>{"  ⡠⠊", "⡠⠊  "}));
}

TEST(SparklineSpec, DrawsInAsciiToo) {
  EXPECT_EQ(sparkline(rising(8), 8, 1, false), (std::vector<std::string>{".:-=+*#@"}));
  EXPECT_EQ(sparkline(rising(4), 4, 2, false), (std::vector<std::string>{"  .'", ".'  "}));
}

TEST(SparklineSpec, IsEmptyWithoutPricesAndFlatOnOnePrice) {
  EXPECT_EQ(sparkline({}, 3, 1, true), (std::vector<std::string>{"   "}));
  EXPECT_EQ(sparkline(std::deque<Price>(4, Price::from_raw(5)), 2, 1, true), (std::vector<std::string>{"⠒⠒"}));
  EXPECT_TRUE(sparkline(rising(4), 0, 1, true).empty());
}

}  // namespace
}  // namespace yagura::console::terminal
