#include "app/bench/rank_test.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace yagura::app::bench {
namespace {

struct Samples {
  std::vector<double> a, b;
};

// `u` of the pairs have a's value above b's.
Samples with_u(std::size_t n, std::size_t m, std::size_t u) {
  Samples made;
  for (std::size_t i = 1; i <= m; ++i) made.b.push_back(static_cast<double>(i));
  for (std::size_t i = 0; i < n; ++i) {
    const auto above = std::min(u, m);
    u -= above;
    made.a.push_back(static_cast<double>(above) + 0.5 + static_cast<double>(i) / 1000);
  }
  return made;
}

double probability(std::size_t n, std::size_t m, std::size_t u) {
  const auto samples = with_u(n, m, u);
  return rank_test(samples.a, samples.b);
}

TEST(RankTest, CountsTheArrangementsOfSmallSamples) {
  EXPECT_NEAR(probability(3, 3, 0), 2.0 / 20, 1e-12);
  EXPECT_NEAR(probability(4, 4, 0), 2.0 / 70, 1e-12);
  EXPECT_NEAR(probability(5, 5, 0), 2.0 / 252, 1e-12);
  EXPECT_NEAR(probability(5, 5, 2), 8.0 / 252, 1e-12);
  EXPECT_NEAR(probability(5, 4, 1), 4.0 / 126, 1e-12);
  EXPECT_NEAR(probability(5, 5, 25), 2.0 / 252, 1e-12) << "two-sided";
  EXPECT_NEAR(probability(4, 4, 8), 1, 1e-12);
}

// Two-tailed critical values at 0.05 as in every textbook's table of U.
TEST(RankTest, AgreesWithTheTableOfCriticalValues) {
  struct {
    std::size_t n, m, critical;
  } const table[] = {{4, 4, 0},   {5, 5, 2},    {6, 6, 5},    {8, 8, 13},
                     {7, 10, 14}, {10, 10, 23}, {15, 15, 64}, {20, 20, 127}};
  for (const auto& row : table) {
    EXPECT_LE(probability(row.n, row.m, row.critical), 0.05) << row.n << ' ' << row.m;
    EXPECT_GT(probability(row.n, row.m, row.critical + 1), 0.05) << row.n << ' ' << row.m;
  }
}

TEST(RankTest, TiesShareTheirRank) {
  const std::vector<double> same(5, 1.0);
  EXPECT_NEAR(rank_test(same, same), 1, 1e-12);
  // Of the 6 ways to choose two of {1, 2, 2, 3}, two are as far from the middle as {1, 2}: that and its mirror, each
  // twice.
  EXPECT_NEAR(rank_test(std::vector<double>{1, 2}, std::vector<double>{2, 3}), 4.0 / 6, 1e-12);
}

TEST(RankTest, ManyValuesGoByTheNormalCurve) {
  EXPECT_GT(probability(40, 40, 800), 0.95);
  EXPECT_LT(probability(40, 40, 400), 0.001);
}

TEST(RankTest, KnowsWhenNothingCanBeTold) {
  EXPECT_NEAR(smallest_probability(3, 3), 0.1, 1e-12);
  EXPECT_NEAR(smallest_probability(4, 4), 2.0 / 70, 1e-12);
  EXPECT_EQ(smallest_probability(1, 1), 1);
  EXPECT_EQ(rank_test({}, std::vector<double>{1}), 1);
}

}  // namespace
}  // namespace yagura::app::bench
