// Whether two sets of runs differ by more than chance: the test of Mann and Whitney, two-sided. It asks for the
// order of the values only, so one wild run does not decide.
#pragma once

#include <cstddef>
#include <span>

namespace yagura::app::bench {

// The probability of a difference at least as large if both were drawn alike. Exact, ties with middle ranks, up to
// 60 values in all; beyond that the normal approximation. 1 when a side is empty.
[[nodiscard]] double rank_test(std::span<const double> a, std::span<const double> b);

// The smallest probability that so many values can give: above 0.05 nothing can be told from them.
[[nodiscard]] double smallest_probability(std::size_t a, std::size_t b);

}  // namespace yagura::app::bench
