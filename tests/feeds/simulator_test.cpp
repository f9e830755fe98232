// The shipped scenario must tell its story whatever the seed; the simulator must tell the same one
// on every machine.
#include "feeds/simulator.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "core/hash128.hpp"
#include "feeds/random.hpp"
#include "feeds/source.hpp"
#include "tests/feeds/rally_scenario.hpp"
#include "tests/feeds/temp_folder.hpp"

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Print {
  Timestamp ts;
  std::int64_t price;  // raw; the mid of a quote
};
using Prints = std::vector<Print>;

Price price(const char* text) { return parse_price(text).value(); }
std::int64_t raw(const char* text) { return price(text).raw(); }
Timestamp jst(const char* text) { return parse_iso8601(std::string{text} + "+09:00").value(); }
std::string clock_of(Timestamp at) { return format_utc(at + 9h).substr(11, 8); }  // in Tokyo

class RallySpec : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static const std::map<std::string, Prints, std::less<>>& script(std::uint64_t seed) {
    static std::map<std::uint64_t, std::map<std::string, Prints, std::less<>>> cache;
    auto& prints = cache[seed];
    if (!prints.empty()) return prints;
    auto options = RallyScenario::options();
    options.seed = seed;
    Simulator simulator{options};
    for (ReplayTick tick; simulator.next(tick) && tick.ts <= options.until;) {
      const auto at = tick.price ? *tick.price : mid(*tick.bid, *tick.ask);
      prints[std::string{tick.symbol}].push_back({tick.ts, at.raw()});
    }
    return prints;
  }
  // From `from` up to but not including `to`.
  static Prints between(const char* symbol, Timestamp from, Timestamp to) {
    Prints out;
    for (const auto& print : script(GetParam()).find(symbol)->second) {
      if (print.ts >= from && print.ts < to) out.push_back(print);
    }
    return out;
  }
  static Prints nikkei(const std::string& day) {
    return between("NI225", jst((day + "T00:00:00").c_str()), jst((day + "T23:59:59").c_str()));
  }
  static Prints yen(const char* from, const char* to) { return between("USDJPY", jst(from), jst(to)); }
  // "open high low close" of some prints.
  static std::string figures(const Prints& prints) {
    const auto [low, high] =
        std::minmax_element(prints.begin(), prints.end(), [](auto& a, auto& b) { return a.price < b.price; });
    std::string text;
    for (const auto value : {prints.front().price, high->price, low->price, prints.back().price})
      text += to_string(Price::from_raw(value)) + " ";
    return text;
  }
  static std::string first_at_or_above(const Prints& prints, const char* level) {
    for (const auto& print : prints) {
      if (print.price >= raw(level)) return clock_of(print.ts);
    }
    return "never";
  }
  static std::string last_at_or_above(const Prints& prints, const char* level) {
    std::string last = "never";
    for (const auto& print : prints) {
      if (print.price >= raw(level)) last = clock_of(print.ts);
    }
    return last;
  }
};

TEST_P(RallySpec, HitsTheFiguresOfEachDayOfTheIndex) {
  EXPECT_EQ(figures(nikkei("2026-02-09")), "55130.63 57337.07 55018.57 56363.94 ");
  EXPECT_EQ(figures(nikkei("2026-02-10")), "56812.01 57960.19 56812.01 57650.54 ");
  EXPECT_TRUE(nikkei("2026-02-11").empty());  // a holiday
  EXPECT_EQ(figures(nikkei("2026-02-12")), "57864.74 58015.08 57554.49 57639.84 ");
}

TEST_P(RallySpec, HitsTheFiguresOfEachDayOfTheYen) {
  EXPECT_EQ(figures(yen("2026-02-09T07:00:00", "2026-02-10T07:00:00")), "157.247 157.292 155.514 155.877 ");
  EXPECT_EQ(figures(yen("2026-02-10T07:00:00", "2026-02-11T07:00:00")), "155.861 156.294 154.047 154.382 ");
  EXPECT_EQ(figures(yen("2026-02-11T07:00:00", "2026-02-12T07:00:00")), "154.383 154.654 152.543 153.236 ");
  const auto cut = yen("2026-02-12T07:00:00", "2026-02-12T15:45:01");
  EXPECT_THAT(figures(cut), testing::StartsWith("153.235 "));
  for (const auto& print : cut) {
    EXPECT_GE(print.price, raw("152.259"));
    EXPECT_LE(print.price, raw("153.758"));
  }
}

TEST_P(RallySpec, PrintsTheIndexOnItsGridAndItsCloseAlone) {
  const auto day = nikkei("2026-02-09");
  ASSERT_EQ(day.size(), 1801U + 2101U + 1U);
  EXPECT_EQ(clock_of(day[0].ts), "09:00:00");
  EXPECT_EQ(clock_of(day[1].ts), "09:00:05");
  EXPECT_EQ(clock_of(day[1800].ts), "11:30:00");
  EXPECT_EQ(clock_of(day[1801].ts), "12:30:00");
  EXPECT_EQ(clock_of(day[3901].ts), "15:25:00");
  EXPECT_EQ(clock_of(day[3902].ts), "15:30:00");
  for (const auto& print : day) EXPECT_EQ(print.price % 10'000'000, 0);
}

TEST_P(RallySpec, CrossesThreeThousandsOnTheNinthAndLosesTheLastOne) {
  const auto day = nikkei("2026-02-09");
  EXPECT_GE(day.front().price, raw("55058"));  // over 55,000 and clear of it with the opening gap
  EXPECT_LT(first_at_or_above(day, "56000"), first_at_or_above(day, "57000"));
  EXPECT_LT(first_at_or_above(day, "57000"), "09:22:00");
  EXPECT_EQ(first_at_or_above(day, "57337.07"), "09:22:00");
  for (const auto& print : day) {
    const auto time = clock_of(print.ts);
    if (time >= "09:22:00" && time <= "13:00:00") {
      EXPECT_GT(print.price, raw("57000")) << time;
    }
    if (time >= "13:24:00") {
      EXPECT_LT(print.price, raw("57000")) << time;
    }
  }
  EXPECT_LT(last_at_or_above(day, "56942"), "14:15:00");
}

TEST_P(RallySpec, RegainsFiftySevenThousandOnTheTenthAndStopsShortOfTheNext) {
  const auto day = nikkei("2026-02-10");
  EXPECT_LT(first_at_or_above(day, "57058"), "09:06:00");
  EXPECT_EQ(first_at_or_above(day, "58000"), "never");
}

TEST_P(RallySpec, TouchesFiftyEightThousandOnceOnTheTwelfthAndIsRejected) {
  const auto day = nikkei("2026-02-12");
  EXPECT_EQ(first_at_or_above(day, "58000"), "09:13:25");
  EXPECT_EQ(last_at_or_above(day, "58000"), "09:13:30");
  EXPECT_EQ(first_at_or_above(day, "58058"), "never");
  EXPECT_TRUE(std::any_of(day.begin(), day.end(), [](auto& p) {
    return clock_of(p.ts) > "09:13:30" && clock_of(p.ts) <= "09:17:00" && p.price <= raw("57942");
  }));
}

TEST_P(RallySpec, MovesTheYenOnTheEleventhInSmallSteps) {
  const auto minutes = yen("2026-02-11T22:30:00", "2026-02-11T22:50:00");
  std::map<std::string, std::string> at;
  for (const auto& print : minutes) at.emplace(clock_of(print.ts), to_string(Price::from_raw(print.price)));
  EXPECT_EQ(at["22:30:00"], "153.51");
  EXPECT_EQ(at["22:34:00"], "154.65");
  EXPECT_EQ(at["22:39:00"], "154.38");
  EXPECT_EQ(at["22:40:00"], "153");
  EXPECT_GT(minutes.size(), 3'000U);  // three a second
  for (std::size_t i = 1; i < minutes.size(); ++i) {
    EXPECT_LE(std::abs(minutes[i].price - minutes[i - 1].price), raw("0.03")) << clock_of(minutes[i].ts);
    EXPECT_LE(minutes[i].ts - minutes[i - 1].ts, 600ms);
  }
}

TEST_P(RallySpec, HasAsManyTicksAsADemoNeeds) {
  const auto& prints = script(GetParam());
  EXPECT_EQ(prints.find("NI225")->second.size(), 3U * 3'903U);
  EXPECT_GT(prints.find("USDJPY")->second.size(), 105'000U);
  EXPECT_LT(prints.find("USDJPY")->second.size(), 180'000U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RallySpec, ::testing::Values(20260209, 1, 2, 3, 4, 5));

class SimulatorSpec : public ::testing::Test {
 protected:
  static std::string written(ScenarioOptions options, const std::string& name, const TempFolder& folder) {
    EXPECT_TRUE(write_scenario(options, folder / name).has_value());
    return read_all(folder / name);
  }
  TempFolder folder_;
};

TEST_F(SimulatorSpec, GivesTheSameBytesForTheSameSeedAndOthersForAnother) {
  auto options = RallyScenario::options();
  for (const auto* name : {"a.csv", "a.csv.gz", "a.ycap", "a.ycap.gz"}) {
    const auto first = written(options, name, folder_);
    EXPECT_EQ(first, written(options, name, folder_)) << name;
  }
  const auto csv = written(options, "a.csv", folder_);
  EXPECT_EQ(to_string(Fnv128{}.bytes(csv).value()), "9e9c83c2d80fa19f0966c06da478a251");  // on any machine
  options.seed = 7;
  EXPECT_NE(csv, written(options, "a.csv", folder_));
}

TEST_F(SimulatorSpec, WritesFilesThatReadBackAsTheSameTicks) {
  const auto& options = RallyScenario::options();
  SymbolTable symbols;
  symbols.add("NI225");
  symbols.add("USDJPY");
  SourceNames names;
  std::vector<LoadedSource> sources;
  for (const auto* symbol : {"NI225", "USDJPY"}) {
    written(options, "a.csv.gz", folder_);
    sources.push_back(*load_source({symbol, folder_ / "a.csv.gz"}, symbols, names, {}));
    EXPECT_EQ(sources.back().bad, 0U);
  }
  written(options, "a.ycap.gz", folder_);
  const auto capture = *load_source({"", folder_ / "a.ycap.gz"}, symbols, names, {});
  EXPECT_EQ(capture.note, "");
  MergedTicks csv{std::move(sources)};
  ASSERT_EQ(csv.total(), capture.ticks.size());
  for (const auto& tick : capture.ticks) {
    const auto* same = csv.next();
    ASSERT_EQ(same->ts_event, tick.ts_event);
    ASSERT_EQ(same->symbol, tick.symbol);
    ASSERT_EQ(same->price, tick.price);
    ASSERT_EQ(same->bid, tick.bid);
    ASSERT_EQ(same->ask, tick.ask);
  }
}

TEST_F(SimulatorSpec, NamesTheColumnsOfItsCsv) {
  const auto csv = written(RallyScenario::options(), "a.csv", folder_);
  EXPECT_TRUE(csv.starts_with("ts_ns,symbol,price,bid,ask\n1770588000000000000,USDJPY,,157.2"));
  EXPECT_FALSE(write_scenario(RallyScenario::options(), folder_ / "a.json").has_value());
  EXPECT_THAT(write_scenario(RallyScenario::options(), folder_ / "no/a.csv").error().message,
              HasSubstr("cannot be written"));
}

TEST_F(SimulatorSpec, GoesOnFromTheLastPricesOnWeekdaysOnly) {
  Simulator simulator{RallyScenario::options()};
  ReplayTick tick;
  while (simulator.next(tick) && tick.ts <= simulator.options().until) {
  }
  std::map<std::string, std::pair<std::size_t, std::int64_t>> days;  // of the index: prints and the last price
  auto last_yen = raw("153");
  for (; tick.ts < jst("2026-02-25T07:00:00"); simulator.next(tick)) {
    if (tick.symbol == "NI225") {
      auto& day = days[format_utc(tick.ts + 9h).substr(0, 10)];
      day = {day.first + 1, tick.price->raw()};
      continue;
    }
    EXPECT_FALSE(tick.ts >= jst("2026-02-14T07:00:00") && tick.ts < jst("2026-02-16T07:00:00")) << format_utc(tick.ts);
    EXPECT_LT(*tick.bid, *tick.ask);
    EXPECT_LT(std::abs(tick.bid->raw() - last_yen), raw("1.5"));  // no leap, over the weekend either
    last_yen = tick.bid->raw();
  }
  std::vector<std::string> dates;
  auto last = raw("57639.84");
  for (const auto& [date, day] : days) {
    dates.push_back(date.substr(5));
    EXPECT_EQ(day.first, 3'903U);
    EXPECT_LT(std::abs(day.second - last), last / 10);
    EXPECT_NE(day.second, last);
    last = day.second;
  }
  EXPECT_THAT(dates,
              ElementsAre("02-13", "02-16", "02-17", "02-18", "02-19", "02-20", "02-24"));  // the 23rd is a holiday
}

TEST_F(SimulatorSpec, KeepsAnInstrumentsTicksWhenAnotherJoins) {
  auto alone = RallyScenario::options();
  alone.instruments.erase(alone.instruments.begin());
  Simulator one{alone};
  Simulator both{RallyScenario::options()};
  ReplayTick a, b;
  for (int i = 0; i < 20'000; ++i) {
    one.next(a);
    do both.next(b);
    while (b.symbol != "USDJPY");
    ASSERT_EQ(a.ts, b.ts);
    ASSERT_EQ(a.bid, b.bid);
  }
}

TEST(ScenarioSpec, IsCheckedBeforeItIsPlayed) {
  const auto problem = [](auto&& spoil) {
    auto options = RallyScenario::options();
    spoil(options);
    const auto checked = check_scenario(options);
    return checked ? std::string{"none"} : checked.error().message;
  };
  EXPECT_EQ(problem([](auto&) {}), "none");
  EXPECT_THAT(problem([](auto& o) { o.instruments.clear(); }), HasSubstr("at least one instrument"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[0].days.clear(); }), HasSubstr("NI225: at least one day"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[0].spacing = 0s; }), HasSubstr("NI225: spacing"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[0].days[0].high->at += 1s; }),
              HasSubstr("NI225: 2026-02-09T00:22:01.000000Z: the index has no print"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[1].days[0].open.price = price("157.2475"); }),
              HasSubstr("price 157.2475 must be a multiple of the tick 0.001"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[0].days[0].high->price = price("56000"); }),
              HasSubstr("beyond the floor, the ceiling or the day's range"));
  EXPECT_THAT(problem([](auto& o) { std::swap(o.instruments[1].days[0], o.instruments[1].days[1]); }),
              HasSubstr("points must follow each other"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[1].days[0].open.at -= 1h; }), HasSubstr("market is closed"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[1].days[0].close->at = jst("2026-02-09T08:00:00"); }),
              HasSubstr("close must be the day's last point"));
  EXPECT_THAT(problem([](auto& o) { o.instruments[1].spread_max = PriceDelta::from_raw(1); }),
              HasSubstr("spread_min and spread_max"));
}

TEST(RandomSpec, IsNormalEnoughAndTheSameEverywhere) {
  Random random{42};
  EXPECT_EQ(random.bits(), 1546998764402558742U);  // xoshiro256** seeded by splitmix64 with 42
  std::int64_t sum = 0, beyond_two = 0;
  double squares = 0;
  constexpr int kCount = 200'000;
  for (int i = 0; i < kCount; ++i) {
    const auto value = random.normal_q16();
    sum += value;
    squares += static_cast<double>(value) * static_cast<double>(value);
    beyond_two += std::abs(value) > 2 * 65'536 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(sum) / kCount / 65'536, 0, 0.01);
  EXPECT_NEAR(squares / kCount / 65'536 / 65'536, 1, 0.01);
  EXPECT_NEAR(static_cast<double>(beyond_two) / kCount, 0.0455, 0.005);
}

}  // namespace
}  // namespace yagura::feeds
