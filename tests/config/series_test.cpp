// Instruments that are made of others, as the file says them.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string series(std::string_view expression, std::string_view more = {}) {
  return "[instrument.N225USD]\nseries = \"" + std::string{expression} + "\"\n" + std::string{more};
}

std::string value_of(std::string_view expression, std::string_view nikkei, std::string_view yen) {
  const auto settings = settings_of(series(expression));
  if (settings.monitor.series.empty()) return "no series";
  const auto& made = settings.monitor.series.front().expression;
  std::vector<Price> prices;
  for (const auto leg : made.legs) prices.push_back(price(settings.symbols.name(leg) == "NI225" ? nikkei : yen));
  const auto value = made.value(prices);
  return value ? to_string(*value) : "none";
}

TEST(SeriesSpec, IsComputedToTheLastDigit) {
  EXPECT_EQ(value_of("NI225 / USDJPY", "57337.07", "157.12"), "364.925343686");
  EXPECT_EQ(value_of("NI225 * 100 / USDJPY", "57337.07", "157.12"), "36492.534368635");
  EXPECT_EQ(value_of("1 / USDJPY * NI225", "57337.07", "157.12"), "364.925343686");  // no digits lost on the way
  EXPECT_EQ(value_of("NI225 - USDJPY * 100", "57337.07", "157.12"), "41625.07");
  EXPECT_EQ(value_of("NI225 + 0.5 * NI225", "57337.07", "1"), "86005.605");
  EXPECT_EQ(value_of("10 - NI225", "57337.07", "1"), "-57327.07");
}

TEST(SeriesSpec, RoundsEachProductOnceHalfAwayFromZero) {
  EXPECT_EQ(value_of("NI225 / 2", "0.000000001", "1"), "0.000000001");
  EXPECT_EQ(value_of("10 - NI225 / 2", "0.000000001", "1"), "9.999999999");
  EXPECT_EQ(value_of("NI225 / USDJPY", "2", "3"), "0.666666667");
  EXPECT_EQ(value_of("NI225 / USDJPY", "1", "3"), "0.333333333");
}

TEST(SeriesSpec, WhatDoesNotFitHasNoValue) {
  EXPECT_EQ(value_of("NI225 * USDJPY", "9000000000", "2"), "none");
  EXPECT_EQ(value_of("NI225 * NI225 * NI225 * NI225 / USDJPY", "9000000000", "2"), "none");
  EXPECT_EQ(value_of("NI225 * USDJPY", "57337.07", "157.12"), "9008800.4384");
}

TEST(SeriesSpec, SpacesMayBeLeftOutButForSigns) {
  EXPECT_EQ(settings_of(series("NI225*100/USDJPY")).monitor.series.front().expression.text, "NI225 * 100 / USDJPY");
  EXPECT_THAT(problems_of(series("NI225-USDJPY")),
              ElementsAre("desk.toml:2: instrument.N225USD.series: 'NI225-USDJPY' has no [instrument.NI225-USDJPY] "
                          "table and is no number; a minus needs spaces around it"));
}

TEST(SeriesSpec, TakesTheHoursOfItsNarrowestLeg) {
  const auto calendar_of = [](const std::string& toml) {
    const auto settings = settings_of(toml);
    return settings.monitor.instruments[index_of(*settings.symbols.find("N225USD"))].calendar;
  };
  EXPECT_EQ(calendar_of(series("NI225 / USDJPY")), CalendarKind::kTse);
  EXPECT_EQ(calendar_of(series("100 / USDJPY")), CalendarKind::kFx);
  EXPECT_EQ(calendar_of(series("BTC * USDJPY", "[instrument.BTC]\n")), CalendarKind::kFx);
  EXPECT_EQ(calendar_of(series("BTC / 1000", "[instrument.BTC]\n")), CalendarKind::kAlways);
  EXPECT_EQ(calendar_of(series("NI225 / USDJPY", "calendar = \"always\"\n")), CalendarKind::kAlways);
}

TEST(SeriesSpec, ItsLegsMayStandAnywhereInTheFile) {
  const auto settings = settings_of(series("BTC / ETH", "max_age = \"90s\"\n[instrument.ETH]\n[instrument.BTC]\n"));
  ASSERT_THAT(settings.monitor.series, SizeIs(1));
  EXPECT_EQ(settings.monitor.series[0].max_age, 90s);
  EXPECT_EQ(settings.monitor.series[0].symbol, *settings.symbols.find("N225USD"));
  EXPECT_EQ(settings_of(series("NI225 / USDJPY")).monitor.series[0].max_age, 5min);
  EXPECT_FALSE(settings.monitor.instruments[0].filter);
}

TEST(SeriesSpec, EveryMistakeIsNamed) {
  const auto problem = [](std::string_view expression) {
    const auto all = problems_of(series(expression));
    return all.size() == 1 ? all[0].substr(std::string_view{"desk.toml:2: instrument.N225USD.series: "}.size())
                           : joined(all);
  };
  EXPECT_EQ(problem(""), "is empty; wanted something like \"NI225 / USDJPY\"");
  EXPECT_EQ(problem("NI225 /"), "ends with '/'");
  EXPECT_EQ(problem("/ NI225"), "begins with '/'");
  EXPECT_EQ(problem("NI225 * / USDJPY"), "has '/' after '*'");
  EXPECT_EQ(problem("NI225 USDJPY"), "has no operator before 'USDJPY'; one of + - * /, with spaces around + and -");
  EXPECT_EQ(problem("(NI225 + 1) / USDJPY"),
            "knows no parentheses; write a sum of products, such as \"A * C + B * C\"");
  EXPECT_EQ(problem("2 * 3"), "names no instrument");
  EXPECT_EQ(problem("NI225 / 0"), "'0' must be above zero");
  EXPECT_EQ(problem("NI225 * 1e9 * 1e9 * 1e9 * 1e9 * 1e9"),
            "multiplies numbers that are too large or divides too often");
  EXPECT_EQ(problem("NI225 / USDJPY / USDJPY / USDJPY / USDJPY / USDJPY"),
            "multiplies numbers that are too large or divides too often");
  EXPECT_EQ(problem("N225USD / USDJPY"),
            "'N225USD' is a series, too; a series is made of instruments that have ticks of their own");
}

TEST(SeriesSpec, AFeedCannotBringIt) {
  EXPECT_THAT(problems_of(series("NI225 / USDJPY") + R"([[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:1"
symbols = { N225USD = "N225USD" }
)"),
              ElementsAre("desk.toml:7: feed 'f'.symbols: 'N225USD' is a series: its ticks are made here, from those "
                          "of its legs"));
}

TEST(SeriesSpec, KeysThatBelongElsewhereAreRefused) {
  EXPECT_THAT(problems_of(series("NI225 / USDJPY", "filter = true\n")), SizeIs(1));
  EXPECT_THAT(problems_of("[instrument.BTC]\nmax_age = \"5m\"\n"), SizeIs(1));
  EXPECT_THAT(problems_of(series("NI225 / USDJPY",
                                 "[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = "
                                 "\"N225USD\"\nstep = 10\n")),
              IsEmpty());
}

}  // namespace
}  // namespace yagura::config
