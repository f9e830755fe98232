// Twelve days on which a monitor earns or loses the desk's trust, one test each. Two of them have the
// rest of their story elsewhere: 9 over the wire in tests/acceptance, 12 in false_alarm_test.cpp.
#include <algorithm>
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

// The Nikkei as the desk watches it, outlier filter included, after a rise to 54,253.68.
class GoldenNikkei : public Timeline {
 protected:
  GoldenNikkei() {
    watch(filtered(nikkei()));
    given_rule(milestones(1'000_pts, points(58_pts)), SymbolId{0}, "thousands");
    given_history({bar("2025-02-06", 39'190.13_pts, 38'851.51_pts, 39'066.53_pts),
                   bar("2025-12-30", 50'534.64_pts, 50'198.97_pts, 50'339.48_pts),
                   bar("2026-02-06", 54'253.68_pts, 52'950.15_pts, 54'253.68_pts)});
  }
  void given_records() { given_rule(records(all_horizons(), percent(0.20_pct)), SymbolId{0}, "records"); }
};

// The yen with quotes every 250 ms and a spread of 0.3 pips.
class GoldenYen : public Timeline {
 protected:
  GoldenYen() {
    watch(filtered(yen()));
    given_rule(moves({{60s, points(0.25_pts)}, {300s, points(0.50_pts)}}), SymbolId{0}, "yen-move");
    given_rule(milestones(1_pts, points(0.10_pts)), SymbolId{0}, "yen");
    auto record = records(all_horizons(), points(0.20_pts));
    record.lows = true;
    given_rule(record, SymbolId{0}, "yen-record");
    given_previous_close(150_pts);
  }
  void quote(Timestamp t, std::int64_t mid_raw) {
    send(two_sided(t, Price::from_raw(mid_raw - 1'500'000), Price::from_raw(mid_raw + 1'500'000)));
  }
  // 200 quotes around 150.50, up to `until`.
  void calm_until(Timestamp until) {
    for (int i = 200; i > 0; --i) quote(until - i * 250ms, (150.50_pts).raw + (i % 3) * 1'000'000);
  }
};

TEST_F(GoldenNikkei, Case1ThreeLevelsInOnePrintAreOneAlert) {
  tick("09:00:05", 57'337.07_pts);
  ASSERT_THAT(lines(), ElementsAre("09:00:05 reached 55000 56000 57000 first ever gap"));
  EXPECT_EQ(signal(0).levels.level, Price{57'000_pts});
}

TEST_F(GoldenNikkei, Case2APeakAndItsRejectionAsPrinted) {
  given_history({bar("2026-02-10", 57'960.19_pts, 56'812.01_pts, 57'650.54_pts)});
  on("2026-02-12");
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'004.72_pts);
  tick("10:30:00", 57'739.20_pts);
  tick("11:00:00", 58'015.08_pts);
  tick("13:00:00", 57'639.84_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000 first ever", "10:30:00 rejected 58000",
                                   "11:00:00 reached 58000", "13:00:00 rejected 58000"));
}

TEST_F(GoldenNikkei, Case3TwoHundredFlickersAreOneAlert) {
  given_history({bar("2026-02-10", 57'960.19_pts, 56'812.01_pts, 57'650.54_pts)});
  on("2026-02-12");
  for (int i = 0; i < 200; ++i) send(print(at("10:00:00") + i * 5s, i % 2 == 0 ? 57'999.99_pts : 58'000_pts));
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000 first ever"));
}

TEST_F(GoldenNikkei, Case4ADecimalSlipIsNoCrashOfTheNikkei) {
  given_records();
  given_history({bar("2026-02-10", 57'960.19_pts, 56'812.01_pts, 57'650.54_pts)});
  on("2026-02-12");
  tick("10:00:00", 57'337_pts);
  tick("10:00:05", 5'733.70_pts);
  tick("10:00:10", 57'338_pts);
  EXPECT_THAT(lines(), IsEmpty());
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 1U);
  EXPECT_EQ(counts().accepted, 2U);
}

TEST_F(GoldenYen, Case4NorOfTheYen) {
  calm_until(at("10:00:00"));
  clear();
  tick("10:00:01", 15.05_pts);
  tick("10:00:02", 150.50_pts);
  EXPECT_THAT(lines(), IsEmpty());
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 1U);
}

// 4.5 yen in 30 s, 40 quotes a second, as on 3 January 2019.
TEST_F(GoldenYen, Case5AFlashOfThreePercentLosesNoTick) {
  calm_until(at("10:00:00"));
  clear();
  for (int i = 0; i < 1'200; ++i) quote(at("10:00:00") + i * 25ms, (150.50_pts).raw - i * (4.5_pts).raw / 1'200);
  EXPECT_EQ(counts().accepted, 1'400U);
  EXPECT_EQ(counts().ticks, 1'400U);
  const auto said_event = [&](Event event) {
    return std::ranges::count_if(said(), [&](const Said& s) { return s.signal.event == event; });
  };
  EXPECT_EQ(said_event(Event::kMove), 1);
  EXPECT_GT(said_event(Event::kExtended), 0);
  EXPECT_EQ(said_event(Event::kLost), 4);  // 150, 149, 148 and 147
}

TEST_F(GoldenYen, Case6OnePrintAwayIsNoNewsAndAShiftThatStaysIs) {
  calm_until(at("10:00:00"));
  clear();
  quote(at("10:00:01"), (153.51_pts).raw);
  quote(at("10:00:02"), (150.50_pts).raw);
  EXPECT_THAT(lines(), IsEmpty());
  EXPECT_EQ(rejected(Reject::kOutlier), 1U);

  quote(at("10:00:10"), (149.30_pts).raw);  // 0.8 %
  EXPECT_EQ(held(), 1U);
  quote(at("10:00:11"), (149.30_pts).raw);
  quote(at("10:00:12"), (149.30_pts).raw);
  EXPECT_EQ(held(), 0U);
  ASSERT_FALSE(said().empty());
  EXPECT_EQ(signal(0).ts_event, at("10:00:10"));
  EXPECT_TRUE(signal(0).confirmed);
}

TEST_F(GoldenNikkei, Case6TheFallOf5August2024PassesEveryFilter) {
  given_history({bar("2024-08-02", 36'600_pts, 35'880.15_pts, 35'909.70_pts)});
  on("2024-08-05");
  double price = 35'249.36;
  int sent = 0;
  for (auto t = at("09:00:05"); t < at("11:30:00"); t += 5s, ++sent) {
    send(print(t, Price::from_raw(std::llround(price * 100) * 10'000'000)));
    price -= 1.2;  // and on to 31,156 in the afternoon
  }
  price = 33'000;
  for (auto t = at("12:30:00"); t < at("15:00:00"); t += 5s, ++sent) {
    send(print(t, Price::from_raw(std::llround(price * 100) * 10'000'000)));
    price = std::max(31'156.12, price - 2.5);
  }
  EXPECT_EQ(counts().accepted, static_cast<std::uint64_t>(sent));
  EXPECT_EQ(said().back().signal.levels.level, Price{32'000_pts});
}

TEST_F(GoldenNikkei, Case8AGapOverAMilestoneIsOneAlertThatSaysSo) {
  options_.instruments[0].gap_after = 30s;
  tick("10:00:00", 54'900_pts);
  tick("10:00:05", 54'910_pts);
  tick("10:03:00", 55'040_pts);
  EXPECT_THAT(lines(), ElementsAre("10:03:00 reached 55000 first ever gap"));
  EXPECT_TRUE(signal(0).after_gap);
}

TEST_F(GoldenNikkei, Case9ARestartBetweenTriggerAndResetRepeatsNothing) {
  tick("10:00:00", 54'990_pts);
  tick("10:00:05", 55'001_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:00:30", 55'002_pts);
  tick("10:00:35", 54'999_pts);
  tick("10:00:40", 55'003_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 55000 first ever"));
}

TEST_F(GoldenNikkei, Case10TheYearsFirstSessionHasNoRecordOfTheYear) {
  given_rule(records(horizons({Horizon::kYearToDate, Horizon::kSession}), points(1_pts)), SymbolId{0}, "ytd");
  given_history({bar("2025-12-29", 50'600_pts, 50'100_pts, 50'526_pts),
                 bar("2025-12-30", 50'534.64_pts, 50'198.97_pts, 50'339.48_pts)});
  on("2026-01-05");
  tick("09:00:05", 50'700_pts);
  tick("09:05:00", 50'990_pts);
  EXPECT_THAT(lines(), ElementsAre("09:05:00 new_high session"));
  on("2026-01-06");
  tick("09:00:05", 50'900_pts);
  tick("09:05:00", 50'995_pts);
  EXPECT_THAT(lines(), ElementsAre("09:05:00 new_high session", "09:05:00 new_high ytd session"));
}

// 2024-02-29: one year back is 2023-02-28, whose own extreme lies outside of the 52 weeks.
TEST_F(GoldenNikkei, Case10TheTwentyNinthOfFebruaryLooksBackToTheTwentyEighth) {
  given_rule(records(horizons({Horizon::k52Week}), points(1_pts)), SymbolId{0}, "year");
  given_history({bar("2023-02-27", 38'000_pts, 37'000_pts, 37'500_pts),
                 bar("2023-02-28", 39'500_pts, 39'100_pts, 39'200_pts),
                 bar("2024-02-28", 39'283_pts, 39'080_pts, 39'208_pts)});
  on("2024-02-29");
  tick("09:00:05", 39'254_pts);
  tick("09:10:00", 39'300_pts);
  EXPECT_THAT(lines(), ElementsAre("09:10:00 new_high 52w"));
}

// 21 and 23 September 2026 are holidays, so the 22nd between them is one, too.
TEST_F(GoldenNikkei, Case10ACitizensHolidayIsClosed) {
  on("2026-09-22");
  tick("10:00:00", 54'300_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 1U);
  on("2026-09-24");
  tick("10:00:00", 54'300_pts);
  EXPECT_EQ(counts().accepted, 1U);
}

// New York changed its clocks on 8 March 2026: the week begins at 06:00 in Tokyo instead of 07:00.
TEST_F(GoldenYen, Case10TheWeekBeginsAnHourEarlierInNewYorksSummer) {
  on("2026-03-02");
  tick("06:59:59", 150_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 1U);
  tick("07:00:00", 150_pts);
  on("2026-03-07");
  tick("06:59:59", 150_pts);  // Saturday
  tick("07:00:00", 150_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 2U);
  on("2026-03-09");
  tick("05:59:59", 150_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 3U);
  tick("06:00:00", 150_pts);
  EXPECT_EQ(counts().accepted, 3U);
}

TEST_F(GoldenNikkei, Case11TheOldCalendarRulesOldRecordings) {
  given_history({bar("2024-11-01", 38'300_pts, 38'000_pts, 38'053_pts)});
  on("2024-10-31");
  tick("15:09:59", 39'081_pts);
  EXPECT_EQ(counts().accepted, 1U);
  tick("15:10:00", 39'081_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 1U);
  on("2024-11-05");
  tick("15:10:00", 38'474_pts);
  EXPECT_EQ(counts().accepted, 2U);
}

// A driftless day at 20 % volatility: a thousand a milestone starts on fires a handful of times, not
// twenty, and session records a few times, not seventy (simulated figures, within a factor of two).
TEST_F(GoldenNikkei, Case12ATrendlessDayIsQuiet) {
  options_.instruments[0].filter = false;
  options_.rules.clear();
  auto milestone = milestones(1'000_pts, percent(0.10_pct));
  milestone.crossing.cooldown = 0s;
  given_rule(milestone, SymbolId{0}, "thousands");
  given_rule(records(horizons({Horizon::kSession}), percent(0.20_pct)), SymbolId{0}, "session");
  constexpr int kDays = 200;
  constexpr double kStep = 0.20 / 15.87450786638754 / 62.44997998398398;  // of a year's, day's, print's
  std::mt19937_64 random{20260209};
  int reached = 0, highs = 0, days_made = 0;
  for (Date date = day("2022-01-04"); days_made < kDays; date += std::chrono::days{1}) {
    if (!tse_trading_day(date)) continue;
    ++days_made;
    // Log-normal steps from a sum of uniforms: the same on every standard library.
    double price = 55'000;
    const auto step = [&] {
      double sum = -6;
      for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) / 9007199254740992.0;
      price *= 1 + sum * kStep;
      return Price::from_raw(std::llround(price * 100) * 10'000'000);
    };
    clear();
    const auto session = [&](Duration from, Duration to) {
      for (auto t = Timestamp{date} - 9h + from; t < Timestamp{date} - 9h + to; t += 5s) send(print(t, step()));
    };
    session(9h, 11h + 30min);
    session(12h + 30min, 15h);
    for (const auto& s : said()) {
      reached += s.signal.event == Event::kReached;
      highs += s.signal.event == Event::kNewHigh;
    }
  }
  EXPECT_THAT(reached / static_cast<double>(kDays), ::testing::AllOf(::testing::Gt(4.5 / 2), ::testing::Lt(4.5 * 2)));
  EXPECT_THAT(highs / static_cast<double>(kDays), ::testing::AllOf(::testing::Gt(2.0), ::testing::Lt(8.0)));
}

}  // namespace
}  // namespace yagura::processing
