#include "core/price.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "core/tick.hpp"

namespace yagura {
namespace {

constexpr std::int64_t kMaxRaw = std::numeric_limits<std::int64_t>::max();

struct Parsed {
  const char* text;
  std::int64_t raw;
};

TEST(PriceSpec, ReadsDecimalsExactly) {
  const Parsed cases[] = {
      {"0", 0},
      {"57000", 57'000'000'000'000},
      {"157.1235", 157'123'500'000},
      {"0.1", 100'000'000},  // no double holds it
      {"0.000000001", 1},
      {"9223372036.854775807", kMaxRaw},
      {"-0.25", -250'000'000},
      {"+1.5", 1'500'000'000},
      {"-0", 0},
      {"00012.50", 12'500'000'000},
      {"  157.12\t", 157'120'000'000},
      {"157.12\r", 157'120'000'000},
      {"1.000000000000000000000000000000", 1'000'000'000},
      {"0.00000000000000000000000000001", 0},
  };
  for (const auto& [text, raw] : cases) {
    const auto price = parse_price(text);
    ASSERT_TRUE(price) << text;
    EXPECT_EQ(price->raw(), raw) << text;
  }
}

TEST(PriceSpec, ReadsExponents) {
  const Parsed cases[] = {
      {"1e0", 1'000'000'000},
      {"5.7e4", 57'000'000'000'000},
      {"5.7E+4", 57'000'000'000'000},
      {"157123.5e-3", 157'123'500'000},
      {"1e-9", 1},
      {"10e-10", 1},
      {"0.0000000001e1", 1},
      {"123456e-5", 1'234'560'000},
      {"9223372036854775807e-9", kMaxRaw},
      {"0e99", 0},
      {"0e999999999999999999999", 0},
      {"1e-999999999999999999999", 0},
  };
  for (const auto& [text, raw] : cases) {
    const auto price = parse_price(text);
    ASSERT_TRUE(price) << text;
    EXPECT_EQ(price->raw(), raw) << text;
  }
}

TEST(PriceSpec, RoundsBeyondNineDecimalsHalfAwayFromZero) {
  const Parsed cases[] = {
      {"0.0000000004", 0},   {"0.00000000049999999999999", 0},
      {"0.0000000005", 1},   {"0.0000000015", 2},
      {"0.0000000025", 3},   {"-0.0000000004", 0},
      {"-0.0000000005", -1}, {"-0.0000000015", -2},
      {"-0.0000000025", -3}, {"0.9999999995", 1'000'000'000},
      {"5e-10", 1},          {"4e-10", 0},
      {"5e-11", 0},          {"9.9e-10", 1},
  };
  for (const auto& [text, raw] : cases) {
    const auto price = parse_price(text);
    ASSERT_TRUE(price) << text;
    EXPECT_EQ(price->raw(), raw) << text;
  }
}

TEST(PriceSpec, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"",      " ",    "+",   "-",  ".",    ".5",   "5.",   "1.2.3", "1,234", "1 234", "0x10", "nan", "NaN",
        "inf",   "-inf", "e5",  "1e", "1e+",  "1e-",  "1e5.", "1e1e1", "--1",   "+-1",   "1-",   "$5",  "5 JPY",
        "1_000", "1\n",  "\n1", "１", "true", "1.e5", "1.5f", "1'000", "1e 5",  "1 e5",  "1.-5", "- 1"}) {
    EXPECT_FALSE(parse_price(text)) << '"' << text << '"';
  }
  EXPECT_FALSE(parse_price(std::string_view{"1\0", 2}));
  EXPECT_FALSE(parse_price(std::string_view{}));
}

TEST(PriceSpec, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(parse_price("9223372036.8547758074")->raw(), kMaxRaw);
  EXPECT_EQ(parse_price("-9223372036.854775807")->raw(), -kMaxRaw);
  for (const char* text :
       {"9223372036.8547758075", "9223372036.854775808", "-9223372036.854775809", "9223372037", "10000000000", "1e10",
        "1e99999999999", "-1e10", "99999999999999999999999999999999999999", "0.00001e15"}) {
    EXPECT_FALSE(parse_price(text)) << text;
  }
}

TEST(PriceSpec, ReadsTextOfAnyLength) {
  EXPECT_EQ(parse_price(std::string(100'000, '0') + "57.5")->raw(), 57'500'000'000);
  EXPECT_EQ(parse_price("57.5" + std::string(100'000, '0'))->raw(), 57'500'000'000);
  EXPECT_EQ(parse_price("57" + std::string(50'000, '0') + "e-50000")->raw(), 57'000'000'000);
  EXPECT_FALSE(parse_price(std::string(100'000, '9')));
}

TEST(PriceSpec, PrintsTheShortestExactForm) {
  const Parsed cases[] = {
      {"0", 0},
      {"57000", 57'000'000'000'000},
      {"157.1235", 157'123'500'000},
      {"-0.25", -250'000'000},
      {"0.000000001", 1},
      {"-0.000000001", -1},
      {"1.000000001", 1'000'000'001},
      {"9223372036.854775807", kMaxRaw},
      {"-9223372036.854775808", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [text, raw] : cases) {
    EXPECT_EQ(to_string(Price::from_raw(raw)), text);
    EXPECT_EQ(to_string(PriceDelta::from_raw(raw)), text);
  }
}

TEST(PriceSpec, LongestTextFitsItsBuffer) {
  char text[kMaxPriceChars];
  const auto size = static_cast<std::size_t>(write_price(text, std::numeric_limits<std::int64_t>::min()) - text);
  EXPECT_LE(size, kMaxPriceChars);
}

TEST(PriceSpec, WhatIsPrintedReadsBackAsTheSamePrice) {
  std::mt19937_64 random{20260209};
  for (int i = 0; i < 200'000; ++i) {
    // All magnitudes, not only the many-digit ones.
    const auto raw = static_cast<std::int64_t>(random()) >> (random() % 63);
    if (raw == std::numeric_limits<std::int64_t>::min()) continue;
    const auto text = to_string(Price::from_raw(raw));
    const auto back = parse_price(text);
    ASSERT_TRUE(back) << text;
    ASSERT_EQ(back->raw(), raw) << text;
    ASSERT_TRUE(text.find('.') == std::string::npos || text.back() != '0') << text;
  }
}

TEST(PriceSpec, DifferencesAreExactAndOfAnotherType) {
  const auto rise = *parse_price("57000.1") - *parse_price("56999.9");
  static_assert(std::is_same_v<decltype(rise), const PriceDelta>);
  EXPECT_EQ(to_string(rise), "0.2");
  EXPECT_EQ((-rise).abs(), rise);
  EXPECT_EQ(*parse_price("56999.9") + rise, *parse_price("57000.1"));
}

TEST(PriceSpec, MidIsTheFloorOfTheMean) {
  const auto mid_of = [](std::int64_t bid, std::int64_t ask) {
    return mid(Price::from_raw(bid), Price::from_raw(ask)).raw();
  };
  EXPECT_EQ(mid_of(2, 4), 3);
  EXPECT_EQ(mid_of(2, 5), 3);
  EXPECT_EQ(mid_of(-5, -2), -4);  // down, not towards zero
  EXPECT_EQ(mid_of(-1, 0), -1);
  EXPECT_EQ(mid_of(kMaxRaw, kMaxRaw), kMaxRaw);  // no overflow
  EXPECT_EQ(mid_of(kMaxRaw - 1, kMaxRaw), kMaxRaw - 1);
}

TEST(PercentSpec, HoldsMillionthsOfAPercent) {
  EXPECT_EQ(parse_percent("0.10")->units(), 100'000);
  EXPECT_EQ(parse_percent("100")->units(), Percent::kWhole);
  EXPECT_EQ(parse_percent("0.0000005")->units(), 1);
  EXPECT_EQ(parse_percent("0.0000004")->units(), 0);
  EXPECT_EQ(parse_percent("-0.5")->units(), -500'000);
  EXPECT_FALSE(parse_percent("0.1%"));
  EXPECT_FALSE(parse_percent("nan"));
}

TEST(PercentSpec, IsReachedExactlyAtItsPart) {
  // 0.10 % of 57,337.07 is 57.33707.
  const auto tenth = *parse_percent("0.10");
  const auto base = parse_price("57337.07")->raw();
  const auto part = parse_price("57.33707")->raw();
  EXPECT_EQ(tenth.of(base), part);
  EXPECT_TRUE(tenth.reached_by(part, base));
  EXPECT_FALSE(tenth.reached_by(part - 1, base));
}

TEST(PercentSpec, DecidesAFractionOfTheSmallestUnit) {
  // One third of a percent of 1 raw unit is no integer: only a whole unit reaches it.
  const auto third = *parse_percent("0.333333");
  EXPECT_EQ(third.of(1), 0);
  EXPECT_FALSE(third.reached_by(0, 1));
  EXPECT_TRUE(third.reached_by(1, 1));
}

TEST(PercentSpec, DoesNotOverflowAtTheEdgeOfTheRange) {
  const auto nearly_all = Percent::from_units(Percent::kWhole - 1);
  EXPECT_FALSE(nearly_all.reached_by(nearly_all.of(kMaxRaw), kMaxRaw));  // rounded down, hence just short
  EXPECT_TRUE(nearly_all.reached_by(nearly_all.of(kMaxRaw) + 1, kMaxRaw));
}

TEST(PercentSpec, RoundsDownBelowZeroToo) { EXPECT_EQ(parse_percent("50")->of(-3), -2); }

TEST(PercentSpec, PartIsTheLargestDistanceThatDoesNotExceedIt) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 100'000; ++i) {
    const auto base = static_cast<std::int64_t>(random() >> (1 + random() % 40));
    const auto percent = Percent::from_units(static_cast<std::int64_t>(random() % Percent::kWhole));
    const auto part = percent.of(base);
    ASSERT_TRUE(percent.reached_by(part + 1, base)) << base << ' ' << percent.units();
    ASSERT_FALSE(percent.reached_by(part - 1, base)) << base << ' ' << percent.units();
  }
}

TEST(TickSpec, FillsOneCacheLine) {
  EXPECT_EQ(sizeof(Tick), 64U);
  EXPECT_EQ(sizeof(Tick), kCacheLine);
  EXPECT_TRUE(std::is_trivially_copyable_v<Tick>);
  EXPECT_TRUE(std::is_standard_layout_v<Tick>);
}

TEST(TickSpec, FlagsAreIndependentOfEachOther) {
  constexpr TickFlag kAll[] = {TickFlag::kHasSeq, TickFlag::kHasBid, TickFlag::kHasAsk, TickFlag::kFolded,
                               TickFlag::kAfterGap};
  for (const auto flag : kAll) {
    EXPECT_FALSE(has(TickFlag::kNone, flag));
    for (const auto other : kAll) EXPECT_EQ(has(flag, other), flag == other);
  }
}

TEST(TickSpec, IsTwoSidedWithBothSidesOnly) {
  Tick tick{};
  EXPECT_FALSE(tick.two_sided());
  tick.flags = TickFlag::kHasBid;
  EXPECT_FALSE(tick.two_sided());
  tick.flags |= TickFlag::kHasAsk;
  EXPECT_TRUE(tick.two_sided());
}

}  // namespace
}  // namespace yagura
