#include "app/bench/report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace yagura::app::bench {

double value_of(const LatencyHistogram& histogram, const Percentile& percentile) {
  const auto value = percentile.percent < 100 ? histogram.percentile(percentile.percent) : histogram.max();
  return static_cast<double>(value.count()) / 1000.0;
}

std::vector<const Run*> Report::runs_of(std::string_view path, std::string_view rate) const {
  std::vector<const Run*> found;
  for (const auto& run : runs) {
    if (run.path == path && run.rate == rate) found.push_back(&run);
  }
  std::ranges::sort(found, {}, [](const Run* run) { return run->round; });
  return found;
}

std::vector<double> Report::saturations_of(std::string_view path) const {
  std::vector<double> found;
  for (const auto& one : saturations) {
    if (one.path == path) found.push_back(one.per_s);
  }
  return found;
}

std::vector<double> Report::cpu_per_tick_of(std::string_view path) const {
  std::vector<double> found;
  for (const auto& one : saturations) {
    if (one.path == path && one.cpu_ns_per_tick) found.push_back(*one.cpu_ns_per_tick);
  }
  return found;
}

std::vector<std::string> Report::rates() const {
  std::vector<std::string> keys;
  for (const double rate : plan.rates) keys.push_back(rate_key(plan, rate));
  return keys;
}

Summary summary_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

Summary summary_of(const std::vector<const Run*>& runs, const Pick& pick, const Percentile& percentile) {
  std::vector<double> values;
  for (const auto* run : runs) {
    if (const auto* histogram = pick(*run)) values.push_back(value_of(*histogram, percentile));
  }
  return summary_of(std::move(values));
}

const LatencyHistogram* response_of(const Run& run) { return &run.response; }
const LatencyHistogram* service_of(const Run& run) { return &run.service; }

Pick stage_of(const std::string& stage) {
  return [stage](const Run& run) -> const LatencyHistogram* {
    const auto found = run.stages.find(stage);
    return found == run.stages.end() ? nullptr : &found->second;
  };
}

std::string rate_key(const Plan& plan, double rate) {
  return plan.pace == Pace::kRecorded ? fmt::format("{}x", plan.speed) : fmt::format("{}", rate);
}

}  // namespace yagura::app::bench
