// A window that sorts when it is asked, against one that is sorted anew each time.
#include "processing/sorted_window.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace yagura::processing {
namespace {

std::vector<std::int64_t> sorted_copy(const std::deque<std::int64_t>& values) {
  std::vector<std::int64_t> sorted{values.begin(), values.end()};
  std::ranges::sort(sorted);
  return sorted;
}

TEST(SortedWindow, KeepsTheLastValuesByLengthAndBySize) {
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::size_t capacity = seed % 2 == 0 ? 24 : 60;
    const auto values = seed < 4 ? 12U : 1'000'000U;                  // many ties, hardly any
    const auto seldom = seed % 3 == 0 ? 1U : 1U << (3 * (seed % 3));  // asked each time, every 8, every 64
    SortedWindow window{capacity};
    std::deque<std::int64_t> plain;
    for (int i = 0; i < 3'000; ++i) {
      if (random() % 700 == 0) {
        window.clear();
        plain.clear();
      }
      const auto value = 1'000 + static_cast<std::int64_t>(random() % values);
      window.push(value);
      plain.push_back(value);
      if (plain.size() > capacity) plain.pop_front();
      ASSERT_EQ(window.size(), plain.size());
      const auto expected = sorted_copy(plain);
      ASSERT_LE(window.bounds().low, expected.front());
      ASSERT_GE(window.bounds().high, expected.back());
      if (random() % seldom == 0) {
        ASSERT_THAT(window.sorted(), ::testing::ElementsAreArray(expected)) << i;
      }
    }
  }
}

TEST(SortedWindow, IsSureOfTheTrimmedMeanOnlyWhereItIsNear) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t middle : {std::int64_t{150'000}, kMost - 10'000, -kMost + 10'000}) {
    SCOPED_TRACE(middle);
    std::mt19937 random{11};
    SortedWindow window{60};
    std::deque<std::int64_t> plain;
    int sure = 0, near = 0, spared = 0;
    for (int i = 0; i < 20'000; ++i) {
      if (i % 4'001 == 4'000) {
        window.clear();
        plain.clear();
      }
      // Near each other as prices are, and now and then far off.
      const auto spread = random() % 50 == 0 ? 5'000U : 100U;
      const auto value = middle + static_cast<std::int64_t>(random() % spread) - spread / 2;
      window.push(value);
      plain.push_back(value);
      if (plain.size() > 60) plain.pop_front();
      const auto cut = plain.size() / 10;
      const auto sorted = sorted_copy(plain);
      const auto kept = static_cast<std::int64_t>(sorted.size() - 2 * cut);
      Int128 sum = 0;
      for (std::size_t k = cut; k < sorted.size() - cut; ++k) sum += sorted[k];
      const auto asked = middle + static_cast<std::int64_t>(random() % 400) - 200;
      const auto slack = static_cast<std::int64_t>(random() % 200);
      const Int128 off = static_cast<Int128>(kept) * asked - sum;
      const bool is_near = (off < 0 ? -off : off) <= static_cast<Int128>(kept) * slack;
      const bool is_sure = window.near_trimmed_mean(asked, cut, slack);
      ASSERT_TRUE(is_near || !is_sure) << i;
      near += is_near;
      sure += is_sure;
      spared += is_sure && (asked - sorted.front() > slack || sorted.back() - asked > slack);
    }
    EXPECT_GT(sure, near / 4) << "or nothing is spared";
    EXPECT_GT(spared, near / 10) << "which the ends alone would not";
  }
}

TEST(SortedWindow, ForgetsAnExtremeOnceItIsTwoWindowsOld) {
  SortedWindow window{24};
  window.push(1'000'000);
  window.push(-1'000'000);
  for (int i = 0; i < 48; ++i) window.push(5);
  EXPECT_EQ(window.bounds().low, 5);
  EXPECT_EQ(window.bounds().high, 5);
}

TEST(SortedWindow, ReadsBackAsItWasSaved) {
  for (const int count : {0, 1, 23, 24, 25, 100}) {
    SCOPED_TRACE(count);
    SortedWindow saved{24};
    for (int i = 0; i < count; ++i) saved.push(i * 7 % 31);
    std::string bytes;
    auto writer = StateIo::writer(bytes);
    writer(saved);
    SortedWindow loaded{24};
    loaded.push(3);
    auto reader = StateIo::reader(bytes);
    reader(loaded);
    ASSERT_TRUE(reader.ok() && reader.at_end());
    for (int i = 0; i < 40; ++i) {
      ASSERT_THAT(loaded.sorted(), ::testing::ElementsAreArray(saved.sorted()));
      loaded.push(i);
      saved.push(i);
    }
  }
}

TEST(SortedWindow, RefusesACountThatCannotBe) {
  SortedWindow larger{60};
  for (int i = 0; i < 40; ++i) larger.push(i);
  std::string bytes;
  auto writer = StateIo::writer(bytes);
  writer(larger);
  SortedWindow window{24};
  auto reader = StateIo::reader(bytes);
  reader(window);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(window.size(), 0U);
}

}  // namespace
}  // namespace yagura::processing
