#include "app/bench/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace yagura::app::bench {
namespace {

constexpr std::size_t kMostExact = 60;

// Twice the middle rank of each value, those of `a` first: whole numbers even with ties.
std::vector<int> doubled_ranks(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all{a.begin(), a.end()};
  all.insert(all.end(), b.begin(), b.end());
  std::vector<int> ranks;
  for (const double value : all) {
    const auto below = std::ranges::count_if(all, [value](double other) { return other < value; });
    const auto equal = std::ranges::count(all, value);
    ranks.push_back(static_cast<int>(2 * below + equal + 1));
  }
  return ranks;
}

// Of all ways to choose as many values as `a` has, the share whose sum of ranks is as far from the middle.
double exact(const std::vector<int>& ranks, std::size_t chosen) {
  const auto total = static_cast<std::size_t>(std::accumulate(ranks.begin(), ranks.end(), 0));
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(total + 1, 0));  // by how many, by sum
  ways[0][0] = 1;
  for (const int rank : ranks) {
    for (std::size_t k = chosen; k > 0; --k) {
      for (std::size_t sum = total; sum + 1 > static_cast<std::size_t>(rank); --sum)
        ways[k][sum] += ways[k - 1][sum - static_cast<std::size_t>(rank)];
    }
  }
  // The middle is chosen * total / n; both sides times n, to stay with whole numbers.
  const auto n = static_cast<long>(ranks.size());
  const auto distance = [&](long sum) { return std::abs(sum * n - static_cast<long>(chosen * total)); };
  const auto seen = distance(std::accumulate(ranks.begin(), ranks.begin() + static_cast<long>(chosen), 0L));
  double as_far = 0;
  double all = 0;
  for (std::size_t sum = 0; sum <= total; ++sum) {
    all += ways[chosen][sum];
    if (distance(static_cast<long>(sum)) >= seen) as_far += ways[chosen][sum];
  }
  return as_far / all;
}

double approximate(const std::vector<int>& ranks, std::size_t chosen) {
  const auto n = static_cast<double>(ranks.size());
  const auto k = static_cast<double>(chosen);
  const double sum = std::accumulate(ranks.begin(), ranks.begin() + static_cast<long>(chosen), 0.0) / 2;
  const double middle = k * (n + 1) / 2;
  double squares = 0;
  for (const int rank : ranks) squares += (rank / 2.0 - (n + 1) / 2) * (rank / 2.0 - (n + 1) / 2);
  const double variance = k * (n - k) / (n * (n - 1)) * squares;
  if (variance <= 0) return 1;
  return std::erfc(std::max(0.0, std::abs(sum - middle) - 0.5) / std::sqrt(2 * variance));
}

}  // namespace

double rank_test(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  const auto ranks = doubled_ranks(a, b);
  return ranks.size() <= kMostExact ? exact(ranks, a.size()) : approximate(ranks, a.size());
}

double smallest_probability(std::size_t a, std::size_t b) {
  double ways = 1;
  for (std::size_t i = 1; i <= a; ++i) ways *= static_cast<double>(b + i) / static_cast<double>(i);
  return std::min(1.0, 2 / ways);
}

}  // namespace yagura::app::bench
