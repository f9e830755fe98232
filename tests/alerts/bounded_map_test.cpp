#include "alerts/bounded_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

#include "tests/support/allocation_count.hpp"

namespace yagura::alerts {
namespace {

// Few distinct low words: places in the table collide and runs go round its end.
Id128 key_of(unsigned number) { return {.hi = number, .lo = (number % 5) + 28}; }

TEST(BoundedMap, IsAQueueOfTheNewest) {
  constexpr std::size_t kCapacity = 16;
  BoundedMap<int> map{kCapacity};
  std::deque<std::pair<unsigned, int>> model;
  std::mt19937 random{7};
  for (int step = 0; step < 20'000; ++step) {
    const auto number = static_cast<unsigned>(random() % 40);
    const auto known = std::ranges::find(model, number, &std::pair<unsigned, int>::first);
    if (random() % 50 == 0) {
      map.erase(key_of(number));
      if (known != model.end()) model.erase(known);
    } else {
      map.put(key_of(number), step);
      if (known != model.end())
        known->second = step;
      else
        model.emplace_back(number, step);
      if (model.size() > kCapacity) model.pop_front();
    }
    ASSERT_EQ(map.size(), model.size());
    for (unsigned other = 0; other < 40; ++other) {
      const auto* const value = map.find(key_of(other));
      const auto wanted = std::ranges::find(model, other, &std::pair<unsigned, int>::first);
      ASSERT_EQ(value != nullptr, wanted != model.end()) << other << " in step " << step;
      if (value == nullptr) continue;
      ASSERT_EQ(*value, wanted->second);
    }
  }
}

TEST(BoundedMap, AllocatesNothingAsItFillsAndForgets) {
  BoundedMap<int> map{100};
  const auto before = test::allocations();
  for (unsigned number = 0; number < 1'000; ++number) map.put(key_of(number), 1);
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_EQ(map.size(), 100U);
}

}  // namespace
}  // namespace yagura::alerts
