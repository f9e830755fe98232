#include "benchmarks/support/said.hpp"

#include <chrono>
#include <span>

#include "benchmarks/support/scenario.hpp"
#include "processing/monitor.hpp"

namespace yagura::bench {

std::vector<Said> said_by(std::string_view rule) {
  const auto& options = all_kinds().monitor;
  processing::Monitor monitor{options, scenario().history};
  SignalBuffer out;
  std::vector<Said> all;
  const auto take = [&] {
    for (auto signal : out.signals()) {
      const bool wanted =
          rule.empty() ? signal.kind != RuleKind::kStale : options.rules[index_of(signal.rule)].id == rule;
      if (!wanted) continue;
      signal.mono_decided = signal.mono_recv + std::chrono::nanoseconds{500};
      const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
      const auto levels = has_levels ? out.levels_of(signal) : std::span<const Price>{};
      all.push_back({signal, {levels.begin(), levels.end()}});
    }
    out.clear();
  };
  for (const auto& tick : scenario().ticks) {
    monitor.on_tick(tick, out);
    take();
  }
  monitor.on_end_of_input(out);
  take();
  return all;
}

}  // namespace yagura::bench
