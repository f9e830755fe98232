#include "alerts/recent_prices.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/allocation_count.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;

constexpr SymbolId kNikkei{0};
const Timestamp kStart = parse_iso8601("2026-02-09T00:00:00Z").value();

RecentPrices one_instrument() {
  const InstrumentInfo nikkei{"NI225", "Nikkei 225", "日経平均", {}, {}, CalendarKind::kTse, true, {}};
  return RecentPrices{std::vector{nikkei}};
}
Price price(std::int64_t whole) { return Price::from_raw(whole * Price::kScale); }

TEST(RecentPrices, KeepsLowHighAndLastOfEachStep) {
  auto recent = one_instrument();
  recent.push(kNikkei, kStart, price(10));
  recent.push(kNikkei, kStart + 1s, price(14));
  recent.push(kNikkei, kStart + 2s, price(8));
  recent.push(kNikkei, kStart + 14s, price(9));
  recent.push(kNikkei, kStart + 15s, price(11));
  recent.push(kNikkei, kStart + 3s, price(99));  // late: changes nothing
  const auto points = recent.since(kNikkei, kStart);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].from, kStart);
  EXPECT_EQ(points[0].low, price(8));
  EXPECT_EQ(points[0].high, price(14));
  EXPECT_EQ(points[0].last, price(9));
  EXPECT_EQ(points[1].last, price(11));
  EXPECT_EQ(recent.since(kNikkei, kStart + 15s).size(), 1U);
  EXPECT_EQ(recent.find("NI225"), kNikkei);
  EXPECT_FALSE(recent.find("USDJPY"));
}

TEST(RecentPrices, TheOldestPointMakesRoom) {
  auto recent = one_instrument();
  const auto count = static_cast<std::int64_t>(RecentPrices::kPoints) + 3;
  for (std::int64_t i = 0; i < count; ++i) recent.push(kNikkei, kStart + i * RecentPrices::kStep, price(i));
  const auto points = recent.since(kNikkei, kStart);
  ASSERT_EQ(points.size(), RecentPrices::kPoints);
  EXPECT_EQ(points.front().last, price(3));
  EXPECT_EQ(points.back().last, price(count - 1));
}

TEST(RecentPrices, WritingDoesNotAllocate) {
  auto recent = one_instrument();
  const auto before = test::allocations();
  for (std::int64_t i = 0; i < 5'000; ++i) recent.push(kNikkei, kStart + i * 7s, price(i));
  EXPECT_EQ(test::allocations(), before);
}

// Each point's prices are the number of its step: a mixture of two would show.
TEST(RecentPrices, ReadWhileItIsWritten) {
  auto recent = one_instrument();
  std::atomic<bool> done{false};
  std::jthread writer{[&] {
    for (std::int64_t i = 1; !done; ++i)
      recent.push(kNikkei, kStart + i % 1'000'000'000 * RecentPrices::kStep, price(i));
  }};
  std::size_t wrong = 0, read = 0;
  while (read < 300'000) {
    const auto points = recent.since(kNikkei, kStart);
    for (std::size_t i = 0; i < points.size(); ++i, ++read) {
      const auto step = (points[i].from - kStart) / RecentPrices::kStep;
      wrong += points[i].low != price(step) || points[i].high != price(step) || points[i].last != price(step);
      wrong += i > 0 && points[i].from <= points[i - 1].from;
    }
  }
  done = true;
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace yagura::alerts
