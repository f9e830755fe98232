// The way of a push, against one that keeps every tick; and prices of other instruments a moment ago.
#include "processing/push_path.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "processing/price_trail.hpp"

namespace yagura::processing {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = Timestamp{std::chrono::days{20'000}};

TEST(PushPathSpec, AgreesWithOneThatKeepsEveryTick) {
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    PushPath path;
    std::vector<std::pair<Timestamp, std::int64_t>> ticks;
    Timestamp t = kStart;
    std::int64_t height = 1'000;
    for (int i = 0; i < 300; ++i) {
      t += std::chrono::milliseconds{random() % 12'000};
      height += static_cast<std::int64_t>(random() % 21) - 11;
      path.push(t, height);
      ticks.emplace_back(t, height);
    }
    const auto from = std::ranges::max_element(ticks, {}, [](const auto& tick) { return tick.second; });
    if (t - from->first > 60min) continue;
    // The newest of the highest ticks of its minute.
    const auto minute = std::chrono::floor<std::chrono::minutes>(from->first);
    auto top = from;
    for (auto at = from; at != ticks.end() && std::chrono::floor<std::chrono::minutes>(at->first) == minute; ++at) {
      if (at->second >= top->second) top = at;
    }
    std::int64_t low = top->second, rebound = 0, up = 0;
    std::map<std::int64_t, std::int64_t> last_of_minute;
    for (auto at = top; at != ticks.end(); ++at) {
      rebound = std::max(rebound, at->second - low);
      low = std::min(low, at->second);
      last_of_minute[std::chrono::floor<std::chrono::minutes>(at->first).time_since_epoch().count()] = at->second;
    }
    auto before = top->second;
    for (const auto& [number, last] : last_of_minute) {
      up += std::max<std::int64_t>(0, last - before);
      before = last;
    }
    const auto shape = path.since(from->first);
    EXPECT_EQ(shape.drop, top->second - height);
    EXPECT_EQ(shape.low, low);
    EXPECT_EQ(shape.rebound, rebound);
    EXPECT_TRUE(shape.up == up);
  }
}

TEST(PushPathSpec, AStraightFallIsAllOneWay) {
  PushPath path;
  for (int i = 0; i < 100; ++i) path.push(kStart + i * 10s, 1'000 - i);
  EXPECT_DOUBLE_EQ(path.since(kStart).one_sided(), 1);
  EXPECT_DOUBLE_EQ(path.since(kStart).rebound_share(), 0);
}

TEST(PriceTrailSpec, AnswersFromStepsThatWereOverFiveSecondsBefore) {
  PriceTrail trail;
  EXPECT_FALSE(trail.before(kStart));
  for (int i = 0; i < 20; ++i) trail.push(kStart + i * 1s, Price::from_raw(100 + i));
  EXPECT_FALSE(trail.before(kStart));
  EXPECT_FALSE(trail.before(kStart + 9999ms));
  EXPECT_EQ(trail.before(kStart + 10s), Price::from_raw(104));
  EXPECT_EQ(trail.before(kStart + 14999ms), Price::from_raw(104));
  EXPECT_EQ(trail.before(kStart + 15s), Price::from_raw(109));
  EXPECT_EQ(trail.before(kStart + 5min), Price::from_raw(119));
  EXPECT_FALSE(trail.before(kStart + 6min)) << "too old";
}

TEST(PriceTrailSpec, RemembersAnHourOfDenseTicks) {
  PriceTrail trail;
  for (int i = 0; i < 2 * 3600; ++i) trail.push(kStart + i * 1s, Price::from_raw(100 + i));
  EXPECT_EQ(trail.before(kStart + 1h), Price::from_raw(100 + 3600 - 6));
}

}  // namespace
}  // namespace yagura::processing
