#include "benchmarks/support/report.hpp"

#include <algorithm>

namespace yagura::bench {

void min_too(benchmark::internal::Benchmark* benchmark) {
  benchmark->ComputeStatistics("min",
                               [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); });
}

void report_percentiles(benchmark::State& state, const LatencyHistogram& histogram, const std::string& prefix) {
  const auto put = [&](const char* name, Duration value) {
    state.counters[prefix + name] = static_cast<double>(value.count());
  };
  put("p50_ns", histogram.percentile(50));
  put("p99_ns", histogram.percentile(99));
  put("p99.9_ns", histogram.percentile(99.9));
  put("max_ns", histogram.max());
}

void report_each(benchmark::State& state, const char* name, std::size_t count) {
  using benchmark::Counter;
  state.counters[name] = Counter(static_cast<double>(count), Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void report_mean(benchmark::State& state, const char* name, double sum) {
  state.counters[name] = benchmark::Counter(sum, benchmark::Counter::kAvgIterations);
}

}  // namespace yagura::bench
