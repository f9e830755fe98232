// What came of a bench: every run's figures, and what they come to over the runs. The texts are elsewhere:
// report_text, report_json, report_html.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/bench/hiccups.hpp"
#include "app/bench/plan.hpp"
#include "app/bench/system_info.hpp"
#include "core/latency_histogram.hpp"

namespace yagura::app::bench {

struct Percentile {
  std::string_view key;   // in JSON
  std::string_view head;  // of a column
  double percent;         // 100: the maximum
};
inline constexpr std::array<Percentile, 6> kPercentiles{{{"p50", "p50", 50},
                                                         {"p90", "p90", 90},
                                                         {"p99", "p99", 99},
                                                         {"p999", "p99.9", 99.9},
                                                         {"p9999", "p99.99", 99.99},
                                                         {"max", "max", 100}}};

// us
[[nodiscard]] double value_of(const LatencyHistogram& histogram, const Percentile& percentile);

// One slot of a run's time series.
struct Slot {
  double at_ms = 0;
  double median_us = 0;
  double max_us = 0;
};

// One path at one rate in one round.
struct Run {
  int round = 0;
  std::string path;
  std::string rate;  // "10000"; at the recording's pace "60x"
  LatencyHistogram response, service;
  std::map<std::string, LatencyHistogram> stages;
  std::uint64_t sent = 0, sent_late = 0, missing = 0, other_alerts = 0;
  std::vector<Slot> series;
  std::vector<Hiccups::Gap> gaps;  // of the harness's loop in this run
};

struct Saturation {
  int round = 0;
  std::string path;
  double per_s = 0;
  std::optional<double> cpu_ns_per_tick{};  // of all threads of what is measured; also what spins counts
};

struct Report {
  Plan plan;
  std::string source, sha256;
  std::optional<std::uint64_t> seed;
  std::size_t source_ticks = 0;
  std::size_t alert_bytes = 0;
  std::string pinning;
  SystemInfo system;
  Hiccups idle, during;
  std::vector<Run> runs;
  std::vector<Saturation> saturations;
  std::map<std::string, double> highest_rate;  // by path, where it was looked for
  std::map<std::string, std::string> skipped;  // path -> why

  [[nodiscard]] std::vector<const Run*> runs_of(std::string_view path, std::string_view rate) const;
  [[nodiscard]] std::vector<double> saturations_of(std::string_view path) const;  // by round
  [[nodiscard]] std::vector<double> cpu_per_tick_of(std::string_view path) const;
  [[nodiscard]] std::vector<std::string> rates() const;  // as keys, in the plan's order
};

// Middle value, the mean of the middle two of an even count; of nothing 0.
struct Summary {
  double median = 0, min = 0, max = 0;
};
[[nodiscard]] Summary summary_of(std::vector<double> values);

using Pick = std::function<const LatencyHistogram*(const Run&)>;
// One percentile over the runs.
[[nodiscard]] Summary summary_of(const std::vector<const Run*>& runs, const Pick& pick, const Percentile& percentile);
[[nodiscard]] const LatencyHistogram* response_of(const Run& run);
[[nodiscard]] const LatencyHistogram* service_of(const Run& run);
[[nodiscard]] Pick stage_of(const std::string& stage);

// "10000", or "60x" at the recording's pace.
[[nodiscard]] std::string rate_key(const Plan& plan, double rate);

}  // namespace yagura::app::bench
