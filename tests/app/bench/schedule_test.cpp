#include "app/bench/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/bench/workload.hpp"

namespace yagura::app::bench {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Schedule, SpreadsAConstantRateEvenly) {
  const auto schedule = Schedule::constant(1000, 5ms, 2);
  EXPECT_THAT(schedule.due(), ElementsAre(0ms, 1ms, 2ms, 3ms, 4ms));
  EXPECT_EQ(schedule.probes(), 2u);
  EXPECT_FALSE(schedule.is_probe(0));
  EXPECT_TRUE(schedule.is_probe(1));
  EXPECT_TRUE(schedule.is_probe(3));
}

TEST(Schedule, KeepsTheRecordingsPaceAndPutsProbesBetween) {
  const Timestamp t = timestamp_from_ns(1'000'000'000);
  const Timestamp times[] = {t, t + 2s, t + 2s, t + 4s, t + 60s};
  const auto schedule = Schedule::paced(times, 2, 10s, 3);
  // Times are halved, what is beyond ten seconds is left out, every third is a probe, none shares a moment.
  EXPECT_THAT(schedule.due(), ElementsAre(0ns, 1s, 1s + 1ns, 1s + 2ns, 2s));
  EXPECT_EQ(schedule.probes(), 1u);
}

TEST(Schedule, ABurstIsATenthOfTheRunAtAHundredTimesTheDensity) {
  const auto schedule = Schedule::burst(10'000, 10s, 10);
  const auto burst = schedule.burst_ticks();
  ASSERT_TRUE(burst);
  EXPECT_EQ(burst->from, 450u);                 // 4.5 s at 100/s
  EXPECT_EQ(burst->to - burst->from, 10'000u);  // 1 s at 10,000/s
  EXPECT_EQ(schedule.size(), 10'900u);
  EXPECT_EQ(schedule.due()[burst->from], 4500ms);
  EXPECT_TRUE(std::ranges::is_sorted(schedule.due()));
}

TEST(Schedule, FlatOutAsksForOneAlertAtItsEnd) {
  const auto schedule = Schedule::flat_out(1000);
  EXPECT_EQ(schedule.probes(), 1u);
  EXPECT_TRUE(schedule.is_probe(999));
  EXPECT_EQ(std::ranges::adjacent_find(schedule.due()), schedule.due().end());
}

TEST(Burst, MovesThePriceByThreePercentWithinTheBurst) {
  Workload calm;
  calm.symbols = {"USDJPY"};
  calm.ticks.assign(5, SourceTick{.bid = *parse_price("155.00"), .ask = *parse_price("155.01")});
  const auto schedule = Schedule::burst(10'000, 10s, 10);
  const auto wild = with_burst(calm, schedule);
  EXPECT_EQ(wild.ticks.size(), schedule.size() - schedule.probes());
  const auto price = [&](std::size_t i) { return static_cast<double>(wild.ticks[i].price->raw()) / 1e9; };
  EXPECT_NEAR(price(0), 155.00, 0.02);
  EXPECT_NEAR(price(400), 155.00, 0.02);
  EXPECT_NEAR(price(wild.ticks.size() - 1), 155.00 * 0.97, 0.02);
  EXPECT_NE(wild.sha256, calm.sha256);
}

}  // namespace
}  // namespace yagura::app::bench
