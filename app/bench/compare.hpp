// Two files of `yagura bench --json` side by side: what changed, and whether that is more than noise.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace yagura::app::bench {

// One figure of one path in both files.
struct Change {
  std::string path;
  std::string rate;              // empty: saturation
  std::string figure;            // "p99"; "saturation"
  double before = 0, after = 0;  // medians
  std::size_t runs_before = 0, runs_after = 0;
  double probability = 1;  // of such a difference by chance
  enum class Verdict { kTooFew, kNoise, kBetter, kWorse } verdict = Verdict::kNoise;
  [[nodiscard]] double percent() const { return before == 0 ? 0 : 100 * (after - before) / before; }
};

struct Comparison {
  std::vector<std::string> warnings;  // what makes the two hard to compare
  std::vector<Change> changes;
  // Of the figures that are worth an alarm: p50, p99 and saturation.
  [[nodiscard]] bool worse() const;
};

// Below this a difference is said to be more than noise.
inline constexpr double kSignificant = 0.05;

[[nodiscard]] Result<Comparison> compare(const std::string& file_before, const std::string& file_after);
[[nodiscard]] std::string comparison_text(const Comparison& comparison);

}  // namespace yagura::app::bench
