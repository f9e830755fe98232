// A signal to its words and the JSON that journal, console and files share. Not on the path to the
// decision, but on the one to the reader: an alert is not seen before this is done.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "alerts/alert_writer.hpp"
#include "app/start_up.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/said.hpp"
#include "benchmarks/support/scenario.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

constexpr std::size_t kLongestAlert = 4096;

// Calls use(signal) for one after the other.
template <class Use>
void cycle(benchmark::State& state, const std::vector<Said>& all, Use&& use) {
  if (all.empty()) return state.SkipWithError("the scenario has no such alert");
  std::size_t at = 0;
  const auto before = test::allocations();
  for (auto _ : state) {
    use(at);
    benchmark::ClobberMemory();
    at = at + 1 == all.size() ? 0 : at + 1;
  }
  report_mean(state, "allocs", static_cast<double>(test::allocations() - before));
  state.counters["different"] = static_cast<double>(all.size());
}

void BM_WriteAlert(benchmark::State& state, const char* rule) {
  const auto all = said_by(rule);
  const auto catalog = app::make_catalog(all_kinds());
  alerts::AlertWriter writer{catalog};
  for (std::size_t i = 0; i < all.size(); ++i) writer.write(i, all[i].signal, all[i].levels);  // its buffer grows
  std::size_t bytes = 0;
  cycle(state, all, [&](std::size_t i) {
    const auto json = writer.write(i, all[i].signal, all[i].levels);
    benchmark::DoNotOptimize(json.data());
    bytes += json.size();
  });
  report_mean(state, "bytes", static_cast<double>(bytes));
}

// The least an alert of this size costs: its bytes copied into a buffer.
void BM_EncodeFloor(benchmark::State& state) {
  const std::string text(900, 'x');
  std::string json;
  json.reserve(kLongestAlert);
  for (auto _ : state) {
    json.assign(text);
    benchmark::ClobberMemory();
  }
}

BENCHMARK(BM_EncodeFloor)->Apply(min_too);
BENCHMARK_CAPTURE(BM_WriteAlert, all, "")->Apply(min_too);

[[maybe_unused]] const bool kAdded = [] {
  for (const auto rule : kAllKinds)
    benchmark::RegisterBenchmark(("BM_WriteAlert/" + std::string{rule}).c_str(), BM_WriteAlert, rule.data())
        ->Apply(min_too);
  return true;
}();

}  // namespace
}  // namespace yagura::bench
