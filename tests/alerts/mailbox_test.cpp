#include "alerts/mailbox.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace yagura::alerts {
namespace {

TEST(Mailbox, HoldsTenThousandWithoutAReader) {
  Mailbox<int> mailbox{10'000};
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(mailbox.post(int{i})) << i;
  int expected = 0;
  mailbox.drain([&](int&& item) { EXPECT_EQ(item, expected++); });
  EXPECT_EQ(expected, 10'000);
}

TEST(Mailbox, HoldsItsCapacityFromAnyPointOfItsLife) {
  Mailbox<int> mailbox{1'000};
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(mailbox.post(int{i})) << round << ' ' << i;
    int count = 0;
    mailbox.drain([&](int&&) { ++count; });
    ASSERT_EQ(count, 1'000);
    ASSERT_TRUE(mailbox.post(0));  // so that the next round starts in the middle of a block
    mailbox.drain([](int&&) {});
  }
}

TEST(Mailbox, WakesItsReaderForEveryItemInOrder) {
  constexpr std::uint32_t kItems = 20'000;
  Mailbox<std::uint32_t> mailbox{kItems};
  std::vector<std::uint32_t> seen;
  std::jthread reader{[&] {
    while (seen.size() < kItems) {
      mailbox.wait(std::chrono::seconds{20});
      mailbox.drain([&](std::uint32_t&& item) { seen.push_back(item); });
    }
  }};
  for (std::uint32_t i = 0; i < kItems; ++i) {
    ASSERT_TRUE(mailbox.post(std::uint32_t{i}));
    mailbox.wake();
    if (i % 64 == 0) std::this_thread::yield();
  }
  reader.join();
  for (std::uint32_t i = 0; i < kItems; ++i) ASSERT_EQ(seen[i], i);
}

TEST(Mailbox, WakesItsReaderOnceForABatch) {
  Mailbox<int> mailbox{8};
  const auto ends_at_once = [&] {
    const auto start = std::chrono::steady_clock::now();
    mailbox.wait(std::chrono::milliseconds{20});
    return std::chrono::steady_clock::now() - start < std::chrono::milliseconds{20};
  };
  ASSERT_TRUE(mailbox.post(1));
  ASSERT_TRUE(mailbox.post(2));
  EXPECT_FALSE(ends_at_once()) << "posting alone wakes nobody";
  mailbox.wake();
  mailbox.wake();
  EXPECT_TRUE(ends_at_once());
  EXPECT_FALSE(ends_at_once()) << "once";
  int sum = 0;
  mailbox.drain([&](int&& item) { sum += item; });
  EXPECT_EQ(sum, 3);
  mailbox.wake();
  EXPECT_FALSE(ends_at_once()) << "nothing was posted since";
  ASSERT_TRUE(mailbox.post(4));
  mailbox.wake();
  EXPECT_TRUE(ends_at_once());
}

TEST(Mailbox, APokeEndsTheWait) {
  Mailbox<int> mailbox{1};
  mailbox.poke();
  const auto start = std::chrono::steady_clock::now();
  mailbox.wait(std::chrono::seconds{30});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

}  // namespace
}  // namespace yagura::alerts
