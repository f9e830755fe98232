#include "console/tick_coalescer.hpp"

#include <gmock/gmock.h>

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
    coalescer.take_due(MonoTime{} + at,
                       [&](const LiveTick& tick) { ranges.emplace_back(tick.low.raw(), tick.high.raw()); });
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

TEST_F(TickCoalescerSpec, SlowsDownForVeryManyClients) {
  for (const auto& [clients, spacing] :
       {std::pair{1U, 50ms}, {250U, 50ms}, {1'000U, 200ms}, {5'000U, 1000ms}, {12'000U, 1000ms}}) {
    coalescer.set_clients(clients);
    EXPECT_EQ(coalescer.spacing(), spacing) << clients;
  }
}

}  // namespace
}  // namespace yagura::console
