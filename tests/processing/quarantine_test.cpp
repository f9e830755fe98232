// Outliers are held until later ticks decide. SEMANTICS 2.1.
#include "processing/quarantine.hpp"

#include <algorithm>
#include <deque>
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr auto kHalf = Points{1'000'000};  // 0.001, half the spread of the examples

class QuarantineSpec : public Timeline {
 protected:
  [[nodiscard]] std::uint64_t accepted() { return counts().accepted; }
  [[nodiscard]] std::uint64_t outliers() { return rejected(Reject::kOutlier); }
  [[nodiscard]] Price last() { return monitor().instrument(SymbolId{0}).filter().last_accepted().value(); }
};

// -- FX: mid flat at 150.000, spread 0.002, so s = 0 and the limit is 0.032 --

class FxQuarantineSpec : public QuarantineSpec {
 protected:
  FxQuarantineSpec() { watch(filtered(yen())); }
  void quote(Points price) {
    send(two_sided(now_, Points{price.raw - kHalf.raw}, Points{price.raw + kHalf.raw}));
    now_ += 1s;
  }
  void flat_market(int ticks = 60) {
    for (int i = 0; i < ticks; ++i) quote(150_pts);
    given_ = accepted();
  }
  // Accepted since the flat market.
  [[nodiscard]] std::uint64_t since() { return accepted() - given_; }

  Timestamp now_ = jst("2026-02-09 10:00:00");
  std::uint64_t given_ = 0;
};

TEST_F(FxQuarantineSpec, ConfirmsAJumpAtTheSecondSupportingTick) {
  flat_market();
  quote(153.000_pts);
  EXPECT_EQ(held(), 1U);
  quote(153.001_pts);
  EXPECT_EQ(held(), 2U);
  EXPECT_EQ(since(), 0U);
  quote(153.002_pts);
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(since(), 3U);
  EXPECT_EQ(last(), Price{153.002_pts});
}

TEST_F(FxQuarantineSpec, RejectsALonePrintWhenThePriceIsBack) {
  flat_market();
  quote(153.000_pts);
  quote(150.001_pts);
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(since(), 1U);
  EXPECT_EQ(last(), Price{150.001_pts});
}

TEST_F(FxQuarantineSpec, DoesNotSuspectAPriceExactlyAtTheLimit) {
  flat_market();
  quote(150.032_pts);
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, SuspectsThePriceJustBeyond) {
  flat_market();
  quote(Points{(150.032_pts).raw + 1});
  EXPECT_EQ(held(), 1U);
}

TEST_F(FxQuarantineSpec, LooksBothWays) {
  flat_market();
  quote(Points{(149.968_pts).raw - 1});
  EXPECT_EQ(held(), 1U);
}

TEST_F(FxQuarantineSpec, NeedsThirtyNeighbours) {
  flat_market(29);
  quote(153_pts);
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, ActsWithThirtyNeighbours) {
  flat_market(30);
  quote(153_pts);
  EXPECT_EQ(held(), 1U);
}

TEST_F(FxQuarantineSpec, CountsAsSupportWhatIsAtLeastHalfWayOut) {
  flat_market();
  quote(153_pts);
  quote(151.5_pts);
  quote(151.5_pts);
  EXPECT_EQ(since(), 3U);
}

TEST_F(FxQuarantineSpec, HoldsNeutralTicksWithTheOthers) {
  flat_market();
  quote(153_pts);
  quote(Points{(151.5_pts).raw - 1});    // short of half way
  quote(149_pts);                        // out on the other side
  quote(Points{(150.032_pts).raw + 1});  // just not back
  EXPECT_EQ(held(), 4U);
  quote(153.1_pts);
  quote(153.2_pts);
  EXPECT_EQ(since(), 6U);
}

TEST_F(FxQuarantineSpec, CallsAPriceExactlyAtTheLimitBack) {
  flat_market();
  quote(153_pts);
  quote(150.032_pts);
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, TestsSupportBeforeContradiction) {
  flat_market();
  quote(150.040_pts);
  quote(150.020_pts);  // half way and within the limit as well
  EXPECT_EQ(held(), 2U);
}

TEST_F(FxQuarantineSpec, RejectsAllHeldTicksOnAContradiction) {
  flat_market();
  quote(153_pts);
  quote(151_pts);
  quote(153_pts);
  quote(150_pts);
  EXPECT_EQ(outliers(), 3U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, NeverHoldsMoreThanThirtyTwo) {
  flat_market();
  quote(153_pts);
  for (int i = 0; i < 31; ++i) quote(151_pts);
  EXPECT_EQ(held(), 32U);
  EXPECT_EQ(since(), 0U);
  quote(151_pts);
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(since(), 33U);
}

TEST_F(FxQuarantineSpec, StartsTheNeighboursAfreshAtAConfirmation) {
  flat_market();
  for (int i = 0; i < 3; ++i) quote(153_pts);
  for (int i = 0; i < 26; ++i) quote(153_pts);  // 29 neighbours
  quote(150_pts);
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(last(), Price{150_pts});
}

TEST_F(FxQuarantineSpec, LetsTheScatterOfTheNeighboursWidenTheLimit) {
  for (int i = 0; i < 60; ++i) quote(i % 2 == 0 ? 149.99_pts : 150.01_pts);  // s = 0.01: limit 0.112
  given_ = accepted();
  quote(150.112_pts);
  EXPECT_EQ(since(), 1U);
  quote(150.13_pts);
  EXPECT_EQ(held(), 1U);
}

TEST_F(FxQuarantineSpec, CutsATenthOfTheNeighboursAtEachEnd) {
  for (int i = 0; i < 60; ++i) quote(i % 10 == 9 ? 150.03_pts : 150_pts);  // six high ones of sixty
  quote(Points{(150.032_pts).raw + 1});
  EXPECT_EQ(held(), 1U);
}

TEST_F(FxQuarantineSpec, CutsNoMoreThanATenth) {
  for (int i = 0; i < 60; ++i) quote(i % 10 == 9 || i == 0 ? 150.03_pts : 150_pts);  // one too many to cut
  given_ = accepted();
  quote(Points{(150.032_pts).raw + 1});
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, ShowsNothingToADetectorUntilTheConfirmation) {
  given_rule(milestones(1_pts, points(0.1_pts)));
  flat_market();
  const auto start = now_;
  quote(151.5_pts);
  quote(151.6_pts);
  EXPECT_THAT(lines(), IsEmpty());
  quote(152.1_pts);
  ASSERT_THAT(lines(), ElementsAre("10:01:00 reached 151", "10:01:02 reached 152"));
  EXPECT_EQ(signal(0).ts_event, start);  // the held tick's own time
  EXPECT_TRUE(signal(0).confirmed);
  EXPECT_TRUE(signal(1).confirmed);
  quote(153.1_pts);
  ASSERT_EQ(said().size(), 3U);
  EXPECT_FALSE(signal(2).confirmed);
}

TEST_F(FxQuarantineSpec, ConfirmsALevelShiftOfNearlyOnePercent) {
  flat_market();
  for (int i = 0; i < 3; ++i) quote(151.2_pts);
  EXPECT_EQ(since(), 3U);
  EXPECT_EQ(outliers(), 0U);
}

TEST_F(FxQuarantineSpec, LosesNoTickOfAFlashMove) {
  flat_market();
  std::minstd_rand random{3};
  std::uint64_t sent = 0;
  for (int i = 0; i <= 300; ++i) {  // 3 % in 30 s, ten ticks a second
    const Points price{(150_pts).raw - (4.5_pts).raw * i / 300 + static_cast<std::int64_t>(random() % 10'000'000)};
    now_ -= 900ms;
    quote(price);
    ++sent;
  }
  for (int i = 0; i < 3; ++i, ++sent) quote(145.5_pts);
  EXPECT_EQ(since(), sent);
  EXPECT_EQ(outliers(), 0U);
}

TEST_F(FxQuarantineSpec, DropsHeldTicksOverTheWeekend) {
  flat_market();
  quote(153_pts);
  now_ = jst("2026-02-16 10:00:00");
  quote(153_pts);
  EXPECT_EQ(rejected(Reject::kUnconfirmed), 1U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(FxQuarantineSpec, DropsHeldTicksAtTheEndOfTheInput) {
  flat_market();
  quote(153_pts);
  quote(153_pts);
  input_ends();
  EXPECT_EQ(rejected(Reject::kUnconfirmed), 2U);
  EXPECT_EQ(since(), 0U);
}

// -- Tokyo: flat at 50,000, so the limit is 75 --

class TseQuarantineSpec : public QuarantineSpec {
 protected:
  TseQuarantineSpec() { watch(filtered(nikkei())); }
  // Prints of 50,000 every five seconds, the last five seconds before `time`.
  void flat_before(std::string_view time, int count = 24) {
    for (int i = count; i > 0; --i) send(print(at(time) - i * 5s, 50'000_pts));
    given_ = accepted();
  }
  [[nodiscard]] std::uint64_t since() { return accepted() - given_; }
  std::uint64_t given_ = 0;
};

TEST_F(TseQuarantineSpec, ConfirmsAJumpAtTheFirstSupportingPrint) {
  flat_before("10:10:00");
  tick("10:10:00", 50'400_pts);
  EXPECT_EQ(held(), 1U);
  tick("10:10:05", 50'401_pts);
  EXPECT_EQ(since(), 2U);
}

TEST_F(TseQuarantineSpec, RejectsOnePrintTwoPercentAway) {
  flat_before("10:10:00");
  tick("10:10:00", 51'000_pts);
  tick("10:10:05", 50'010_pts);
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(last(), Price{50'010_pts});
}

TEST_F(TseQuarantineSpec, SuspectsBeyondFifteenHundredthsOfAPercent) {
  flat_before("10:10:00");
  tick("10:10:00", 50'075_pts);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, SuspectsThePriceJustBeyond) {
  flat_before("10:10:00");
  tick("10:10:00", Points{(50'075_pts).raw + 1});
  EXPECT_EQ(held(), 1U);
}

TEST_F(TseQuarantineSpec, NeedsTwelveNeighbours) {
  flat_before("10:10:00", 11);
  tick("10:10:00", 51'000_pts);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, ActsWithTwelveNeighbours) {
  flat_before("10:10:00", 12);
  tick("10:10:00", 51'000_pts);
  EXPECT_EQ(held(), 1U);
}

TEST_F(TseQuarantineSpec, IsFourTimesAsPatientWhileTheMarketOpens) {
  flat_before("09:04:59");
  tick("09:04:59", 50'300_pts);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, IsNoMorePatientThanThat) {
  flat_before("09:04:59");
  tick("09:04:59", Points{(50'300_pts).raw + 1});
  EXPECT_EQ(held(), 1U);
}

TEST_F(TseQuarantineSpec, KeepsTheLimitOfTheMomentOfSuspicion) {
  flat_before("09:04:59");
  tick("09:04:59", 50'600_pts);  // limit 300 while opening
  tick("09:05:04", 50'250_pts);  // the limit would be 75 now
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, NeverHoldsAClosingPrint) {
  flat_before("15:30:00");
  tick("15:30:00", 51'000_pts);
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, LetsASupportingCloseConfirm) {
  flat_before("15:29:55");
  tick("15:29:55", 50'400_pts);
  tick("15:30:00", 50'200_pts);
  EXPECT_EQ(since(), 2U);
}

TEST_F(TseQuarantineSpec, LetsANeutralCloseReject) {
  flat_before("15:29:55");
  tick("15:29:55", 50'400_pts);
  tick("15:30:00", 50'199_pts);
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(last(), Price{50'199_pts});
}

TEST_F(TseQuarantineSpec, DropsHeldTicksOverLunchAndStartsWithNewNeighbours) {
  flat_before("11:30:00");
  tick("11:30:00", 51'000_pts);
  tick("12:30:00", 51'500_pts);
  EXPECT_EQ(rejected(Reject::kUnconfirmed), 1U);
  EXPECT_EQ(since(), 1U);
}

TEST_F(TseQuarantineSpec, LetsTheWorstDayPass) {
  // 5 August 2024: 35,909.70 to 31,458.42 in a day of nervous prints.
  on("2024-08-05");
  given_history({bar("2024-08-02", 36'000_pts, 35'800_pts, 35'909.70_pts)});
  std::minstd_rand random{20240805};
  const auto session = [&](std::string_view from, int prints, Points first, Points last) {
    for (int i = 0; i < prints; ++i) {
      const Points price{first.raw + (last.raw - first.raw) * i / (prints - 1) +
                         static_cast<std::int64_t>(random() % 20) * (1_pts).raw};
      send(print(at(from) + i * 5s, price));
    }
  };
  session("09:00:00", 1800, 35'249_pts, 33'000_pts);
  session("12:30:00", 1800, 32'900_pts, 31'440_pts);
  tick("15:00:00", 31'458.42_pts);
  EXPECT_EQ(accepted(), 3601U);
}

TEST_F(QuarantineSpec, IsLeftOutWithFilterFalse) {
  watch(nikkei());
  for (int i = 0; i < 60; ++i) send(print(at("10:00:00") + i * 5s, 50'000_pts));
  tick("10:10:00", 52'000_pts);
  EXPECT_EQ(accepted(), 61U);
}

TEST_F(QuarantineSpec, TakesTwoSupportingTicksOnACoinAndFifteenHundredthsOfAPercent) {
  watch(filtered(coin()));
  flat("10:00:00", 60, 1'000_pts);
  tick("10:02:00", 1'001.5_pts);
  EXPECT_EQ(held(), 0U);
  tick("10:02:01", 1'010_pts);
  tick("10:02:02", 1'010_pts);
  EXPECT_EQ(held(), 2U);
  tick("10:02:03", 1'010_pts);
  EXPECT_EQ(accepted(), 64U);
}

// -- the arithmetic against a plain reading --

Tick price_tick(Price price) {
  Tick tick{};
  tick.price = price;
  return tick;
}

TEST(Quarantine, AcceptsWhateverIsCalm) {
  int calm = 0, accepted = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const auto kind = seed % 3 == 0 ? CalendarKind::kFx : seed % 3 == 1 ? CalendarKind::kTse : CalendarKind::kAlways;
    const auto step = static_cast<std::int64_t>(1 + random() % 30) * 1'000'000;
    Quarantine quarantine{kind, PriceDelta::from_raw(10'000'000)};
    std::int64_t raw = 157'000'000'000;
    for (int i = 0; i < 2'000; ++i) {
      raw += static_cast<std::int64_t>(random() % 7) * step - 3 * step;
      const auto price =
          Price::from_raw(random() % 40 == 0 ? raw + static_cast<std::int64_t>(random() % 100) * step : raw);
      const auto last = Price::from_raw(raw);
      const auto median = PriceDelta::from_raw(static_cast<std::int64_t>(random() % 3) * 1'000'000);
      const auto least = PriceDelta::from_raw(median.raw() / (1 + i % 3));
      const bool was_calm = quarantine.is_calm(price, last, least);
      const auto verdict = quarantine.judge(
          price_tick(price), {.last_accepted = last, .median_spread = median, .opening = i % 5 == 0, .close = false});
      if (was_calm) {
        ASSERT_EQ(verdict, Quarantine::Verdict::kAccept) << i;
      }
      calm += was_calm ? 1 : 0;
      accepted += verdict == Quarantine::Verdict::kAccept ? 1 : 0;
      if (verdict == Quarantine::Verdict::kConfirm || verdict == Quarantine::Verdict::kReject) quarantine.release();
      if (verdict != Quarantine::Verdict::kHold) quarantine.on_accepted(price);
    }
  }
  EXPECT_GT(calm, 1'000);
  EXPECT_LT(calm, accepted);
}

TEST(SuspectTest, AgreesWithMeanAndDeviation) {
  int suspects = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    std::vector<std::int64_t> prices(10 + random() % 39);
    const std::int64_t width = std::int64_t{1} << (10 + random() % 30);
    for (auto& p : prices)
      p = 150'000'000'000 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(width));
    const auto slack = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(width));
    const std::int64_t factor = seed % 2 == 0 ? 6 : 8;
    const auto test = SuspectTest::over(prices, prices.back(), slack, factor);
    const auto n = static_cast<long double>(prices.size());
    long double mean = 0;
    for (const auto p : prices) mean += static_cast<long double>(p) / n;
    long double variance = 0;
    for (const auto p : prices)
      variance += (static_cast<long double>(p) - mean) * (static_cast<long double>(p) - mean) / n;
    const auto limit = static_cast<long double>(factor) * std::sqrt(variance) + static_cast<long double>(slack);
    for (int i = 0; i < 50; ++i) {
      const auto price =
          150'000'000'000 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(8 * width)) - 4 * width;
      const auto distance = std::abs(static_cast<long double>(price) - mean);
      if (std::abs(distance - limit) < 2) continue;  // too close for floating point to say
      ASSERT_EQ(test.suspects(Price::from_raw(price)), distance > limit) << price;
      suspects += distance > limit ? 1 : 0;
    }
  }
  EXPECT_GT(suspects, 500);
}

}  // namespace
}  // namespace yagura::processing
