// Suspicion of an intervention in the yen: what scores, when it is said, and how a push ends.
#include <numeric>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

InterventionOptions watch_falls(std::vector<Price> zones = {}) {
  InterventionOptions options;
  options.zones = std::move(zones);
  return options;
}
InterventionOptions watch_rises(bool falls_too) {
  InterventionOptions options;
  options.falls = falls_too;
  options.rises = true;
  return options;
}

class InterventionSpec : public Timeline {
 protected:
  InterventionSpec() {
    watch(yen());
    on("2026-02-10");
  }
  // Straight from the last price to another, a tick every five seconds.
  void slide(std::string_view from_time, Points from, Points to, Duration over, SymbolId symbol = SymbolId{0}) {
    const auto steps = over / 5s;
    for (std::int64_t i = 0; i <= steps; ++i) {
      const auto price = Price::from_raw(from.raw + (to.raw - from.raw) * i / steps);
      send(print(at(from_time) + i * 5s, price, symbol));
    }
  }
  // Three hours of a fifth of a pip to and fro, for volatility to be known.
  void quiet_hours(std::string_view from_time, Points price) {
    for (int i = 0; i < 3 * 720; ++i)
      send(print(at(from_time) + i * 5s, Price::from_raw(price.raw + (i % 2 == 0 ? 0 : 2'000'000))));
  }
  [[nodiscard]] int points_of(std::size_t i, Suspicion item) const {
    return signal(i).intervention.points[static_cast<std::size_t>(item)];
  }
  [[nodiscard]] std::vector<Event> events() const {
    std::vector<Event> all;
    for (const auto& said : said_by_watch()) all.push_back(said.event);
    return all;
  }
  [[nodiscard]] std::vector<Signal> said_by_watch() const {
    std::vector<Signal> all;
    for (const auto& one : said()) {
      if (one.signal.kind == RuleKind::kIntervention) all.push_back(one.signal);
    }
    return all;
  }
};

// -- the score --

TEST_F(InterventionSpec, AYenInAQuarterOfAnHourWithoutAStepBackIsOnWatch) {
  given_rule(watch_falls());
  slide("10:00:00", 157_pts, 156.01_pts, 5min);
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:05:05", 156_pts);
  ASSERT_THAT(lines(), ElementsAre("10:05:05 watch 3"));
  EXPECT_EQ(points_of(0, Suspicion::kSize15m), 2);
  EXPECT_EQ(points_of(0, Suspicion::kOneSided), 1);
  const auto& said = signal(0).intervention;
  EXPECT_EQ(said.start, Price{157_pts});
  EXPECT_EQ(said.start_ts, at("10:00:00"));
  EXPECT_EQ(said.furthest, Price{156_pts});
  EXPECT_EQ(said.change_15m, -PriceDelta{1_pts});
  EXPECT_EQ(said.most, 9);
  EXPECT_DOUBLE_EQ(said.one_sided, 1);
  EXPECT_EQ(signal(0).direction, Direction::kDown);
  EXPECT_EQ(signal(0).severity, Severity::kLow);
}

TEST_F(InterventionSpec, OneTenthOfAPipLessIsNot) {
  given_rule(watch_falls());
  slide("10:00:00", 157_pts, 156.001_pts, 5min);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(InterventionSpec, SaysEachStepUpOnceWithTheOneBeforeAsItsParent) {
  given_rule(watch_falls({152_pts}));
  slide("10:00:00", 157_pts, 154.5_pts, 10min);
  ASSERT_THAT(lines(), ElementsAre("10:04:00 watch 4", "10:08:00 suspected 6"));
  EXPECT_THAT(severities(), ElementsAre(Severity::kLow, Severity::kHigh));
  EXPECT_EQ(points_of(1, Suspicion::kSize60m), 2);
  EXPECT_EQ(points_of(1, Suspicion::kLevel), 1);
  EXPECT_TRUE(signal(0).parent.empty());
  EXPECT_EQ(signal(1).parent, signal(0).id);
}

TEST_F(InterventionSpec, SkipsStepsThatOnePrintJumpsOver) {
  given_rule(watch_falls({152_pts}));
  tick("10:00:00", 157_pts);
  tick("10:00:05", 154_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 suspected 6"));
}

TEST_F(InterventionSpec, ThinHoursAndHolidaysInTokyoCount) {
  given_rule(watch_falls({152_pts}));
  on("2026-02-11");  // National Foundation Day
  slide("13:00:00", 157_pts, 155_pts, 10min);
  EXPECT_THAT(lines(), ElementsAre("13:05:00 suspected 5", "13:10:00 strong 7"));
  clear();
  on("2026-02-13");
  slide("07:30:00", 157_pts, 155.9_pts, 10min);  // 17:30 in New York
  ASSERT_FALSE(said().empty());
  EXPECT_EQ(points_of(0, Suspicion::kThin), 1);
}

TEST_F(InterventionSpec, AScheduledReleaseCountsAgainstIt) {
  auto rule = watch_falls({152_pts});
  rule.releases = {at("09:50:00")};
  given_rule(rule);
  slide("10:00:00", 157_pts, 155.9_pts, 5min);  // began ten minutes after it
  EXPECT_THAT(lines(), IsEmpty());
  slide("10:05:05", 155.895_pts, 154.9_pts, 5min);
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_EQ(signal(0).event, Event::kWatch);
  EXPECT_EQ(points_of(0, Suspicion::kNews), -2);
  EXPECT_EQ(signal(0).intervention.score, 4);
}

TEST_F(InterventionSpec, ButOnlyWithinTenMinutesAfterAndTwoBefore) {
  auto rule = watch_falls();
  rule.releases = {at("09:49:59"), at("10:07:06")};
  given_rule(rule);
  slide("10:00:00", 157_pts, 156.01_pts, 5min);
  tick("10:05:05", 156_pts);
  EXPECT_THAT(lines(), ElementsAre("10:05:05 watch 3"));
}

TEST_F(InterventionSpec, APushFromNearThe52WeekHighCounts) {
  given_history({bar("2025-02-07", 150_pts, 149_pts, 150_pts), bar("2025-10-01", 159.39_pts, 150_pts, 151_pts),
                 bar("2026-02-09", 157_pts, 156_pts, 157_pts)});
  given_rule(watch_falls());
  slide("10:00:00", 157_pts, 155.9_pts, 5min);  // 1.499 % below 159.39
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_EQ(points_of(0, Suspicion::kLevel), 1);
}

TEST_F(InterventionSpec, ButNotFromFurtherBelow) {
  given_history({bar("2025-02-07", 150_pts, 149_pts, 150_pts), bar("2025-10-01", 159.4_pts, 150_pts, 151_pts),
                 bar("2026-02-09", 157_pts, 156_pts, 157_pts)});
  given_rule(watch_falls({160_pts}));
  slide("10:00:00", 157_pts, 155.9_pts, 5min);
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_EQ(points_of(0, Suspicion::kLevel), 0);
}

TEST_F(InterventionSpec, AReboundOfMoreThan35PercentIsNotOneSided) {
  given_rule(watch_falls({152_pts}));
  slide("10:00:00", 157_pts, 156.2_pts, 2min);
  slide("10:02:05", 156.2_pts, 156.551_pts, 2min);
  slide("10:04:10", 156.551_pts, 156_pts, 2min);
  ASSERT_THAT(lines(), ElementsAre("10:06:10 watch 3"));
  EXPECT_EQ(points_of(0, Suspicion::kOneSided), 0);
  EXPECT_NEAR(signal(0).intervention.rebound, 0.351, 1e-9);
}

TEST_F(InterventionSpec, SpeedCountsOnceVolatilityIsKnown) {
  given_rule(watch_falls());
  quiet_hours("07:00:00", 157_pts);
  EXPECT_THAT(lines(), IsEmpty());
  slide("10:00:00", 157_pts, 155.9_pts, 2min);
  ASSERT_FALSE(said().empty());
  EXPECT_TRUE(signal(said().size() - 1).intervention.has_z);
  EXPECT_EQ(points_of(said().size() - 1, Suspicion::kSpeed), 1);
  EXPECT_GT(signal(said().size() - 1).intervention.z, 8);
}

TEST_F(InterventionSpec, ASpreadTenTimesTheUsualIsNoted) {
  given_rule(watch_falls());
  for (int i = 0; i < 60; ++i) send(two_sided(at("10:00:00") + i * 1s, 156.999_pts, 157.001_pts));
  send(two_sided(at("10:01:00"), 155.94_pts, 155.962_pts));
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_TRUE(signal(0).intervention.wide_spread);
}

// -- how a push ends --

TEST_F(InterventionSpec, AFlashThatComesBackByMoreThan60PercentIsSaidToHave) {
  given_rule(watch_falls());
  tick("10:00:00", 157_pts);
  slide("10:00:05", 157_pts, 155_pts, 1min);
  clear();
  tick("10:20:00", 156.2_pts);  // exactly 60 %
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:20:05", 156.201_pts);
  tick("10:20:10", 156.9_pts);
  ASSERT_THAT(lines(), ElementsAre("10:20:05 reverted 5"));
  EXPECT_EQ(signal(0).direction, Direction::kUp);
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
  EXPECT_FALSE(signal(0).parent.empty());
  EXPECT_NEAR(signal(0).intervention.rebound, 0.6005, 1e-6);
  EXPECT_EQ(signal(0).intervention.furthest, Price{155_pts});
}

TEST_F(InterventionSpec, AfterHalfAnHourARiseIsAnotherStory) {
  given_rule(watch_falls());
  slide("10:00:00", 157_pts, 155_pts, 1min);
  clear();
  tick("10:31:01", 156.9_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(InterventionSpec, TheSamePushIsNotCountedTwice) {
  given_rule(watch_falls({152_pts}));
  slide("10:00:00", 157_pts, 155_pts, 5min);
  clear();
  slide("10:05:05", 155.01_pts, 155.01_pts, 31min);
  slide("10:36:10", 155_pts, 154.9_pts, 1min);  // two yen within the hour, but spent
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(InterventionSpec, ASecondPushWithinTwoDaysCounts) {
  given_rule(watch_falls());
  slide("10:00:00", 157_pts, 155.99_pts, 5min);
  clear();
  on("2026-02-12");
  tick("09:00:00", 157_pts);
  slide("09:55:00", 157_pts, 155.99_pts, 5min);
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_EQ(points_of(0, Suspicion::kRepeat), 1);
  clear();
  on("2026-02-16");
  slide("10:00:00", 157_pts, 155.99_pts, 5min);
  ASSERT_THAT(lines(), ::testing::SizeIs(1));
  EXPECT_EQ(points_of(0, Suspicion::kRepeat), 0);
}

TEST_F(InterventionSpec, AFallOverAWeekendIsNoPush) {
  given_rule(watch_falls({152_pts}));
  on("2026-02-07");
  tick("06:59:00", 157_pts);
  on("2026-02-09");
  tick("07:00:00", 154_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

// -- the mirror --

TEST_F(InterventionSpec, RisesAreTheSameWithTheSignChanged) {
  given_rule(watch_rises(false));
  slide("10:00:00", 100_pts, 102_pts, 10min);
  ASSERT_THAT(lines(), ElementsAre("10:05:00 watch 3", "10:10:00 suspected 5"));
  EXPECT_EQ(signal(0).direction, Direction::kUp);
  EXPECT_EQ(signal(1).intervention.change_60m, PriceDelta{2_pts});
  EXPECT_EQ(signal(1).intervention.start, Price{100_pts});
  tick("10:11:00", 100.7_pts);
  EXPECT_THAT(lines(), ElementsAre("10:05:00 watch 3", "10:10:00 suspected 5", "10:11:00 reverted 5"));
  EXPECT_EQ(signal(2).direction, Direction::kDown);
}

TEST_F(InterventionSpec, BothSidesKeepTheirOwnPushes) {
  given_rule(watch_rises(true));
  slide("10:00:00", 157_pts, 155.9_pts, 5min);
  slide("12:00:00", 155.9_pts, 157.1_pts, 5min);
  ASSERT_THAT(events(), ElementsAre(Event::kWatch, Event::kWatch));
  EXPECT_EQ(signal(0).direction, Direction::kDown);
  EXPECT_EQ(signal(1).direction, Direction::kUp);
}

// -- the other pairs --

class YenAloneSpec : public InterventionSpec {
 protected:
  YenAloneSpec() {
    euro_yen_ = watch({"EURJPY", "", "", 0.001_pts, 0.01_pts, CalendarKind::kFx, false, {}});
    euro_ = watch({"EURUSD", "", "", 0.00001_pts, 0.0001_pts, CalendarKind::kFx, false, {}});
    auto rule = watch_falls();
    rule.crosses = {euro_yen_};
    rule.eurusd = euro_;
    given_rule(rule);
  }
  // All three fall together from 10:00 on, in five minutes.
  [[nodiscard]] std::vector<Tick> three(Points euro_yen_to, Points euro_to) const {
    std::vector<Tick> ticks;
    for (std::int64_t i = 0; i <= 60; ++i) {
      const auto part = [i](Points from, Points to) {
        return Price::from_raw(from.raw + (to.raw - from.raw) * i / 60);
      };
      const auto t = at("10:00:00") + i * 5s;
      ticks.push_back(print(t, part(157_pts, 155.9_pts), SymbolId{0}));
      ticks.push_back(print(t + 1s, part(180_pts, euro_yen_to), euro_yen_));
      ticks.push_back(print(t + 2s, part(1.15_pts, euro_to), euro_));
    }
    return ticks;
  }
  void before() {
    tick("09:59:30", 157_pts);
    tick("09:59:30", 180_pts, euro_yen_);
    tick("09:59:30", 1.15_pts, euro_);
  }
  SymbolId euro_yen_, euro_;
};

TEST_F(YenAloneSpec, OtherPairsGoingAlongWhileTheEuroStandsCount) {
  before();
  for (const auto& tick : three(178.8_pts, 1.1505_pts)) send(tick);
  ASSERT_THAT(lines(), ElementsAre("10:04:35 suspected 5"));
  EXPECT_EQ(points_of(0, Suspicion::kYenAlone), 2);
  EXPECT_EQ(signal(0).intervention.most, 11);
}

TEST_F(YenAloneSpec, ADollarThatFallsAgainstAllIsNotTheYensDoing) {
  before();
  for (const auto& tick : three(179.9_pts, 1.158_pts)) send(tick);
  ASSERT_THAT(lines(), ElementsAre("10:04:35 watch 3"));
  EXPECT_EQ(points_of(0, Suspicion::kYenAlone), 0);
}

TEST_F(YenAloneSpec, NorDoesItCountWithoutTheirPrices) {
  slide("10:00:00", 157_pts, 155.9_pts, 5min);
  EXPECT_THAT(lines(), ElementsAre("10:04:35 watch 3"));
}

// Each instrument's own order is kept; which of them comes first is not.
TEST_F(YenAloneSpec, TicksMayComeFiveSecondsApart) {
  before();
  auto ticks = three(178.8_pts, 1.1505_pts);
  std::ranges::stable_sort(ticks, {}, [](const Tick& tick) {
    return tick.ts_event + (tick.symbol == SymbolId{0} ? 0s : 5s);  // the others late
  });
  for (const auto& tick : ticks) send(tick);
  ASSERT_THAT(lines(), ElementsAre("10:04:35 suspected 5"));
  const auto late = signal(0).id;

  clear();
  monitor() = Monitor{options_, history_};
  before();
  std::ranges::stable_sort(ticks, {}, [](const Tick& tick) {
    return tick.ts_event + (tick.symbol == SymbolId{0} ? 60s : 0s);  // and early
  });
  for (const auto& tick : ticks) send(tick);
  ASSERT_THAT(lines(), ElementsAre("10:04:35 suspected 5"));
  EXPECT_EQ(signal(0).id, late);
}

// -- going on --

TEST_F(InterventionSpec, GoesOnWithAPushAfterARestart) {
  given_rule(watch_falls({152_pts}));
  slide("10:00:00", 157_pts, 155.9_pts, 5min);
  resume(Resumed::kInPlace);
  slide("10:05:05", 155.9_pts, 155_pts, 5min);
  tick("10:15:00", 156.3_pts);
  ASSERT_THAT(lines(), ElementsAre("10:04:35 watch 4", "10:10:05 suspected 6", "10:15:00 reverted 6"));
  EXPECT_EQ(signal(1).parent, signal(0).id);
  EXPECT_EQ(signal(1).intervention.start_ts, at("10:00:00"));
}

TEST_F(InterventionSpec, ARestartAnywhereChangesNothing) {
  given_rule(watch_falls({152_pts}));
  const auto story = [&](int restart_at) {
    clear();
    monitor() = Monitor{options_, history_};
    std::int64_t price = (157_pts).raw;
    for (int i = 0; i < 400; ++i) {
      if (i == restart_at) resume(Resumed::kInPlace);
      price += i < 150 ? (i % 7 == 0 ? 9'000'000 : -19'000'000) : 8'000'000;
      send(print(at("10:00:00") + i * 5s, Price::from_raw(price)));
    }
    std::vector<std::string> all = lines();
    for (const auto& one : said()) all.push_back(std::string{to_hex(one.signal.id).data(), 32});
    return all;
  };
  const auto straight = story(-1);
  EXPECT_GE(straight.size(), 4U);
  for (const int i : {1, 50, 90, 149, 200, 300}) EXPECT_EQ(story(i), straight) << i;
}

// -- yardsticks --

struct Yardstick {
  std::string_view name;
  std::string_view date, time;  // Tokyo
  double from, to;
  std::chrono::minutes over;
  Event least;
};

void PrintTo(const Yardstick& yardstick, std::ostream* out) { *out << yardstick.name; }

class YardstickSpec : public InterventionSpec, public ::testing::WithParamInterface<Yardstick> {};

// The falls of the books as straight lines with a wobble of five pips.
TEST_P(YardstickSpec, ScoresAtLeastSoMuch) {
  const auto& y = GetParam();
  on(y.date);
  given_rule(watch_falls({150_pts, 160_pts}));
  const auto steps = y.over / 5s;
  for (std::int64_t i = 0; i <= steps; ++i) {
    const double way = y.from + (y.to - y.from) * static_cast<double>(i) / static_cast<double>(steps);
    const double wobble = i % 24 == 12 ? 0.05 : 0;
    send(print(at(y.time) + i * 5s, Price::from_raw(std::llround((way + wobble) * 1e3) * 1'000'000)));
  }
  const auto said = events();
  ASSERT_FALSE(said.empty());
  EXPECT_GE(said.back(), y.least);
}

INSTANTIATE_TEST_SUITE_P(
    History, YardstickSpec,
    ::testing::Values(Yardstick{"October2022", "2022-10-21", "23:35", 151.9, 146.2, 75min, Event::kSuspected},
                      Yardstick{"April2024", "2024-04-29", "13:00", 160.24, 155.0, 60min, Event::kStrong},
                      Yardstick{"May2024", "2024-05-02", "05:00", 157.55, 153.0, 30min, Event::kSuspected},
                      Yardstick{"July2024", "2024-07-11", "21:30", 161.76, 157.3, 40min, Event::kSuspected},
                      Yardstick{"January2026", "2026-01-24", "01:00", 158.4, 155.66, 45min, Event::kWatch},
                      Yardstick{"January2019", "2019-01-03", "07:35", 108.0, 104.8, 1min, Event::kSuspected}),
    [](const auto& yardstick) { return std::string{yardstick.param.name}; });

// The release of 11 July 2024 stood at the very minute: two points less, and still suspected.
TEST_F(InterventionSpec, AReleaseAtTheSameMinuteDoesNotHideIt) {
  auto rule = watch_falls({160_pts});
  on("2024-07-11");
  rule.releases = {at("21:30:00")};
  given_rule(rule);
  quiet_hours("18:30:00", 161.76_pts);
  slide("21:30:00", 161.76_pts, 157.3_pts, 40min);
  ASSERT_FALSE(said().empty());
  EXPECT_EQ(events().back(), Event::kSuspected);
  EXPECT_EQ(points_of(said().size() - 1, Suspicion::kNews), -2);
}

// -- the golden case: 3 % in 30 seconds of dense ticks --

TEST_F(InterventionSpec, ThreePercentInThirtySecondsIsSuspectedAndNoTickIsLost) {
  options_.instruments[0] = filtered(yen());
  given_rule(watch_falls());
  std::uint64_t sent = 0;
  const auto quote = [&](Timestamp t, std::int64_t raw) {
    ++sent;
    send(two_sided(t, Price::from_raw(raw - 1'000'000), Price::from_raw(raw + 1'000'000)));
  };
  for (int i = 0; i < 600; ++i) quote(at("10:00:00") + i * 500ms, (150_pts).raw + i % 3 * 1'000'000);
  for (int i = 1; i <= 600; ++i) quote(at("10:05:00") + i * 50ms, (150_pts).raw - i * 7'500'000LL);
  const auto fall = events();
  ASSERT_FALSE(fall.empty());
  EXPECT_GE(fall.back(), Event::kSuspected);
  for (int i = 1; i <= 600; ++i) quote(at("10:05:30") + i * 500ms, (145.5_pts).raw + i * 6'000'000LL);
  EXPECT_EQ(events().back(), Event::kReverted);
  EXPECT_EQ(counts().accepted, sent);
  EXPECT_EQ(held(), 0U);
}

}  // namespace
}  // namespace yagura::processing
