// How figures are reported: the same counters with the same names in every file.
#pragma once

#include <cstddef>
#include <string>

#include <benchmark/benchmark.h>

#include "core/latency_histogram.hpp"

namespace yagura::bench {

// For ->Apply(): repetitions also report their minimum, the figure a busy machine disturbs least.
void min_too(benchmark::internal::Benchmark* benchmark);

// "p50_ns", "p99_ns", "p99.9_ns" and "max_ns", behind a prefix where there are several.
void report_percentiles(benchmark::State& state, const LatencyHistogram& histogram, const std::string& prefix = {});

// Time of one of the `count` things that each iteration does: "tick=85.3n" is 85.3 ns.
void report_each(benchmark::State& state, const char* name, std::size_t count);

// Mean of a number that was summed over all iterations.
void report_mean(benchmark::State& state, const char* name, double sum);

}  // namespace yagura::bench
