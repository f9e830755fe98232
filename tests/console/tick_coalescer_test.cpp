#include "console/tick_coalescer.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <utility>  // pair

namespace yagura::console {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Le;

class TickCoalescerSpec : public ::testing::Test {
 protected:
  // What the screen sees: prices, in the order of sending.
  void tick_at(Duration at, std::size_t instrument, std::int64_t price) {
    run_until(at);
    const LiveTick tick{instrument, Price::from_raw(price), {}, {}, {}, "demo"};
    if (coalescer.offer(tick, MonoTime{} + at)) sent.push_back(price);
  }
  void run_until(Duration at) {
    while (const auto due = coalescer.next_due()) {
      if (*due > MonoTime{} + at) return;
      coalescer.take_due(*due, [&](const LiveTick& tick) {
        EXPECT_EQ(tick.source, "demo");
        sent.push_back(tick.price.raw());
        return true;
      });
    }
  }

  TickCoalescer coalescer{2};
  std::vector<std::int64_t> sent;
};

TEST_F(TickCoalescerSpec, SendsTheFirstAtOnceAndThenTheLatest) {
  tick_at(1000ms, 0, 1);
  EXPECT_THAT(sent, ElementsAre(1));
  tick_at(1010ms, 0, 2);
  tick_at(1020ms, 0, 3);
  EXPECT_THAT(sent, ElementsAre(1));
  run_until(1049ms);
  EXPECT_THAT(sent, ElementsAre(1));
  run_until(1050ms);
  EXPECT_THAT(sent, ElementsAre(1, 3));
  EXPECT_FALSE(coalescer.next_due());
  tick_at(1200ms, 0, 4);
  EXPECT_THAT(sent, ElementsAre(1, 3, 4));
}

TEST_F(TickCoalescerSpec, TheLatestCarriesHowFarPricesWentBetween) {
  for (const std::int64_t price : {50, 70, 20, 40}) tick_at(1000ms + price * 1us, 0, price);
  tick_at(1000ms, 0, 41);
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  const auto take = [&](Duration at) {
    coalescer.take_due(MonoTime{} + at, [&](const LiveTick& tick) {
      ranges.emplace_back(tick.low.raw(), tick.high.raw());
      return true;
    });
  };
  take(1051ms);
  tick_at(1060ms, 0, 45);
  take(1200ms);
  EXPECT_THAT(ranges, ElementsAre(std::pair{20, 70}, std::pair{45, 45})) << "the first was sent by itself";
}

TEST_F(TickCoalescerSpec, CountsEachInstrumentForItself) {
  tick_at(1000ms, 0, 1);
  tick_at(1001ms, 1, 2);
  tick_at(1002ms, 0, 3);
  tick_at(1003ms, 1, 4);
  EXPECT_THAT(sent, ElementsAre(1, 2));
  run_until(2000ms);
  EXPECT_THAT(sent, ElementsAre(1, 2, 3, 4));
}

TEST_F(TickCoalescerSpec, SendsAtMostTwentyASecond) {
  for (int ms = 0; ms < 10'000; ++ms) tick_at(ms * 1ms, 0, ms);
  EXPECT_THAT(sent.size(), Le(200U));
  EXPECT_GE(sent.size(), 199U);
}

TEST_F(TickCoalescerSpec, WhatCannotBeSentWaitsForItsTurnAndNobodyStarves) {
  constexpr std::size_t kInstruments = 40, kPlaces = 16;
  TickCoalescer many{kInstruments};
  std::vector<int> times(kInstruments);
  std::size_t places = kPlaces;
  const auto send = [&](const LiveTick& tick) {
    if (places == 0) return false;
    --places;
    ++times[tick.instrument];
    return true;
  };
  auto now = MonoTime{} + 1s;
  for (int round = 0; round < 30; ++round) {
    for (std::size_t i = 0; i < kInstruments; ++i) {
      const LiveTick tick{i, Price::from_raw(round), {}, {}, {}, "demo"};
      if (many.offer(tick, now) && !send(tick)) many.put_back(tick, now);
    }
    const auto due = many.next_due();
    ASSERT_TRUE(due);
    EXPECT_GT(*due, now) << "no spinning";
    now = std::max(*due, now + 50ms);
    places = kPlaces;
    many.take_due(now, send);
  }
  for (const auto count : times) EXPECT_GE(count, 30 * 16 / 40 - 1);
  for (; many.next_due(); now += 50ms, places = kPlaces) many.take_due(now, send);
  EXPECT_GE(*std::min_element(times.begin(), times.end()), 12);
}

TEST_F(TickCoalescerSpec, AnEarlierTickThatIsPutBackKeepsItsRange) {
  const LiveTick low{0, Price::from_raw(20), {}, {}, {}, "demo"}, high{0, Price::from_raw(30), {}, {}, {}, "demo"};
  const auto now = MonoTime{} + 1s;
  ASSERT_TRUE(coalescer.offer(low, now));
  coalescer.put_back(low, now);
  EXPECT_FALSE(coalescer.offer(high, now));
  EXPECT_EQ(coalescer.next_due(), now + TickCoalescer::kAgainAfter);
  coalescer.take_due(now + TickCoalescer::kAgainAfter, [](const LiveTick& tick) {
    EXPECT_EQ(tick.price.raw(), 30);
    EXPECT_EQ(tick.low.raw(), 20);
    EXPECT_EQ(tick.source, "demo");
    return true;
  });
  EXPECT_FALSE(coalescer.next_due());
}

TEST_F(TickCoalescerSpec, SlowsDownForVeryManyClients) {
  for (const auto& [clients, spacing] :
       {std::pair{1U, 50ms}, {250U, 50ms}, {1'000U, 200ms}, {5'000U, 1000ms}, {12'000U, 1000ms}}) {
    coalescer.set_clients(clients);
    EXPECT_EQ(coalescer.spacing(), spacing) << clients;
  }
}

}  // namespace
}  // namespace yagura::console
