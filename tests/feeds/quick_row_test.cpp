// The quick way to read a row against the careful one: what it takes, both read alike.
#include "feeds/quick_row.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace yagura::feeds {
namespace {

constexpr std::string_view kHeader = "ts_ms,bid,note,ask,price,seq";

struct Row {
  QuickRow quick;
  CsvRow careful;
  explicit Row(std::string_view header) : quick(CsvRow{header}), careful(header) {}
  [[nodiscard]] bool takes(std::string_view line) const {
    Tick tick{};
    return quick.read(line, tick);
  }
};

void expect_alike(CsvRow& careful, std::string_view line, const Tick& quick) {
  SCOPED_TRACE(line);
  ASSERT_FALSE(careful.split(line));
  std::int64_t ns = 0;
  Price bid, ask, price;
  std::optional<std::uint64_t> seq;
  ASSERT_FALSE(careful.read_time(ns));
  ASSERT_FALSE(careful.read_price(Column::kBid, bid));
  ASSERT_FALSE(careful.read_price(Column::kAsk, ask));
  ASSERT_FALSE(careful.read_price(Column::kPrice, price));
  ASSERT_FALSE(careful.read_seq(seq));
  EXPECT_EQ(to_ns(quick.ts_event), ns);
  EXPECT_EQ(quick.ts_recv, quick.ts_event);
  EXPECT_EQ(quick.bid, bid);
  EXPECT_EQ(quick.ask, ask);
  EXPECT_EQ(quick.price, price);
  EXPECT_EQ(std::optional{quick.seq}, seq);
  EXPECT_EQ(quick.flags, TickFlag::kHasBid | TickFlag::kHasAsk | TickFlag::kHasSeq);
}

std::string digits(std::mt19937& random, std::size_t most) {
  std::string text;
  for (auto left = 1 + random() % most; left > 0; --left) text += static_cast<char>('0' + random() % 10);
  return text;
}

TEST(QuickRow, ReadsPlainNumbersAsTheCarefulWayDoes) {
  Row row{kHeader};
  std::mt19937 random{7};
  const auto price = [&] { return digits(random, 8) + (random() % 4 == 0 ? "" : "." + digits(random, 8)); };
  for (int i = 0; i < 20'000; ++i) {
    const auto line =
        digits(random, 12) + ',' + price() + ",x y\"," + price() + ',' + price() + ',' + digits(random, 18);
    Tick tick{};
    ASSERT_TRUE(row.quick.read(line, tick)) << line;
    ASSERT_NO_FATAL_FAILURE(expect_alike(row.careful, line, tick));
  }
}

TEST(QuickRow, TakesNothingThatTheCarefulWayReadsOtherwise) {
  Row row{kHeader};
  std::mt19937 random{11};
  const std::string good = "1770595200123,157.001,,157.004,157.002,12345678";
  constexpr std::array kOdd = {' ', '\t', '"', ',', '.', '-', '+', 'e', '\0', '/', ':', '\xb0', '9'};
  int taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    auto line = good;
    for (auto left = 1 + random() % 3; left > 0; --left) {
      const auto at = random() % line.size();
      if (random() % 3 == 0)
        line.erase(at, 1);
      else if (random() % 2 == 0)
        line.insert(at, 1, kOdd[random() % kOdd.size()]);
      else
        line[at] = kOdd[random() % kOdd.size()];
    }
    Tick tick{};
    if (!row.quick.read(line, tick)) continue;
    ++taken;
    ASSERT_NO_FATAL_FAILURE(expect_alike(row.careful, line, tick));
  }
  EXPECT_GT(taken, 1'000);
}

TEST(QuickRow, TakesTimesUpToTheLastNanosecond) {
  const Row row{"ts_ns,price"};
  EXPECT_TRUE(row.takes("1770595200123456789,1"));
  EXPECT_TRUE(row.takes("9223372036854775807,1"));
  EXPECT_FALSE(row.takes("9223372036854775808,1"));
  EXPECT_FALSE(row.takes("99999999999999999999,1"));
  EXPECT_FALSE(Row{"ts_ms,price"}.takes("9223372036855,1"));
}

TEST(QuickRow, LeavesWhatIsEmptyShortOrOfSeveralSourcesToTheCarefulWay) {
  const Row row{"ts_ms,bid,ask"};
  EXPECT_TRUE(row.takes("0,1,2"));
  EXPECT_TRUE(row.takes("0,1,2,more,\"than,asked"));
  for (const auto* line : {"", " ", "0", "0,1", "0,1,", "0,,2", ",1,2", "0,1.,2", "0,.5,2", "0,-1,2", "0,1e2,2",
                           "0,123456789,2", "0,1.012345678,2", "0, 1,2", "0,1,2 ", "0;1;2"})
    EXPECT_FALSE(row.takes(line)) << line;
  EXPECT_FALSE((Row{"ts_ms,price,source"}.takes("0,1,a")));
  EXPECT_FALSE((Row{"ts_ms,price,symbol"}.takes("0,1,USDJPY")));
}

}  // namespace
}  // namespace yagura::feeds
