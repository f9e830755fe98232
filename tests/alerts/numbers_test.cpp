#include "alerts/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <random>

#include "alerts/phrases.hpp"
#include "alerts/plain_text.hpp"
#include "samples.hpp"

namespace yagura::alerts {
namespace {

using samples::at;
using samples::delta;
using samples::price;

TEST(Numbers, PricesHaveSeparatorsAndTheDecimalsOfTheirInstrument) {
  const auto instruments = samples::catalog().instruments;
  EXPECT_EQ(price_text(price("57337.07"), instruments[0]), "57,337.07");
  EXPECT_EQ(price_text(price("57337"), instruments[0]), "57,337.00");
  EXPECT_EQ(price_text(price("149.75"), instruments[1]), "149.750");
  EXPECT_EQ(price_text(price("1234567"), instruments[2]), "1,234,567");
}

TEST(Numbers, APriceNeverLosesPrecision) {
  const auto instruments = samples::catalog().instruments;
  EXPECT_EQ(price_text(price("157.1235"), instruments[1]), "157.1235");
  EXPECT_EQ(price_text(price("0.000000001"), instruments[0]), "0.000000001");
}

TEST(Numbers, LevelsHaveNoNeedlessDecimals) {
  EXPECT_EQ(level_text(price("57000")), "57,000");
  EXPECT_EQ(level_text(price("157.50")), "157.5");
  EXPECT_EQ(level_text(price("999")), "999");
  EXPECT_EQ(level_text(price("1000")), "1,000");
}

TEST(Numbers, TheWholeRangeOfPricesCanBeShown) {
  EXPECT_EQ(grouped(INT64_MAX, 0), "9,223,372,036.854775807");
  EXPECT_EQ(grouped(INT64_MIN, 0), "-9,223,372,036.854775808");
}

TEST(Numbers, RatiosAreRoundedHalfAwayFromZero) {
  EXPECT_EQ(fixed_ratio(1, 8, 1, 2), "0.13");
  EXPECT_EQ(fixed_ratio(-1, 8, 1, 2), "-0.13");
  EXPECT_EQ(fixed_ratio(1, -8, 1, 2), "-0.13");
  EXPECT_EQ(fixed_ratio(5, 2, 1, 0), "3");
  EXPECT_EQ(fixed_ratio(-1, 1'000'000, 100, 2), "0.00") << "no minus before nothing";
  EXPECT_EQ(fixed_ratio(INT64_MAX, 1, 100, 4), "922337203685477580700.0000");
}

TEST(Numbers, PercentagesShowTwoDecimalsBelowOne) {
  const auto text = [](std::string_view part, std::string_view whole) {
    return written(percent_part(delta(part), price(whole)));
  };
  EXPECT_EQ(text("3083.39", "54253.68"), "+5.7 %");
  EXPECT_EQ(text("-0.25", "150"), "-0.17 %");
  EXPECT_EQ(text("0.01", "54253.68"), "0.00 %");
  EXPECT_EQ(written(percent_part(parse_percent("0.50").value())), "0.5 %");
}

// printf is right about every double there is; it is only slow.
TEST(Numbers, DecimalsOfADoubleAreThoseOfPrintf) {
  const auto expect_same = [](double value, int decimals) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    EXPECT_EQ(written(fixed(value, decimals)), text) << std::hexfloat << value;
  };
  for (const double value : {0.0, -0.0, 0.05, 0.15, 0.25, 0.125, -0.125, 0.5, 1.5, 2.5, 0.95, 9.96, 99.995, 1e-300,
                             5e-324, 4503599627370495.5, 4503599627370496.0, 1e22, -1e300}) {
    for (int decimals = 0; decimals <= 6; ++decimals) expect_same(value, decimals);
  }
  std::mt19937_64 random{4};
  for (int i = 0; i < 20'000; ++i) {
    const auto whole = static_cast<std::int64_t>(random());
    expect_same(static_cast<double>(whole >> random() % 60) / 1'024, static_cast<int>(random() % 7));
    expect_same(static_cast<double>(whole % 1'000'000) / 1'000, static_cast<int>(random() % 4));
    expect_same(std::ldexp(static_cast<double>(whole), -static_cast<int>(random() % 140)), 2);
  }
}

TEST(Numbers, WindowsReadAsPeopleSayThem) {
  using namespace std::chrono_literals;
  EXPECT_EQ(written(window_text(60s)), "60 s");
  EXPECT_EQ(written(window_text(90s)), "90 s");
  EXPECT_EQ(written(window_text(300s)), "5 min");
  EXPECT_EQ(written(window_text(1h)), "1 h");
  EXPECT_EQ(written(window_text(500ms)), "500 ms");
}

TEST(Numbers, TimesAreLocalToTheInstrument) {
  EXPECT_EQ(local_time_text(at("2026-02-09T15:22:05.9Z"), CalendarKind::kFx), "00:22:05 JST");
  EXPECT_EQ(local_time_text(at("2026-02-09T15:22:05.9Z"), CalendarKind::kAlways), "15:22:05 UTC");
  EXPECT_EQ(to_string(local_date(at("2026-02-09T15:22:05Z"), CalendarKind::kTse)), "2026-02-10");
}

TEST(PlainText, NothingThatCommandsATerminalIsLeft) {
  EXPECT_EQ(printable("a\x1b[2Jb\x07\x7f"
                      "c"),
            "a[2Jbc");
  EXPECT_EQ(printable("one\ntwo\tthree\r"), "one two three ");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "31m")
      << "the one-byte CSI";
  EXPECT_EQ(printable("abc\xE2\x80\xAE"
                      "def"),
            "abcdef")
      << "right-to-left override";
  EXPECT_EQ(printable("日経 ↑ 🚀"), "日経 ↑ 🚀");
}

TEST(PlainText, BytesThatAreNotUtf8BecomeQuestionMarks) {
  EXPECT_EQ(printable("a\xff\xc0\xaf"), "a???");
  EXPECT_EQ(printable("\xE6\x97"), "??") << "cut short";
  EXPECT_EQ(printable("\xED\xA0\x80"), "???") << "a surrogate";
}

TEST(PlainText, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(printable("日経平均", 2), "日経…");
  EXPECT_EQ(printable("日経", 2), "日経");
}

}  // namespace
}  // namespace yagura::alerts
