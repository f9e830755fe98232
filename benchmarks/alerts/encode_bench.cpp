// A signal to words, and words to the JSON that journal, console and files share. Not on the path
// to the decision, but on the one to the reader: an alert is not seen before this is done.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "alerts/json.hpp"
#include "alerts/render.hpp"
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

void BM_MakeAlert(benchmark::State& state, const char* rule) {
  const auto all = said_by(rule);
  const auto catalog = app::make_catalog(all_kinds());
  cycle(state, all, [&](std::size_t i) {
    const auto alert = alerts::make_alert(i, all[i].signal, all[i].levels, catalog);
    benchmark::DoNotOptimize(alert.text.data());
  });
}

void BM_Encode(benchmark::State& state, const char* rule) {
  const auto all = said_by(rule);
  const auto catalog = app::make_catalog(all_kinds());
  std::vector<alerts::Alert> made;
  for (std::size_t i = 0; i < all.size(); ++i)
    made.push_back(alerts::make_alert(i, all[i].signal, all[i].levels, catalog));
  std::string json;
  json.reserve(kLongestAlert);
  std::size_t bytes = 0;
  cycle(state, all, [&](std::size_t i) {
    json.clear();
    alerts::encode(made[i], catalog, {}, json);
    bytes += json.size();
  });
  report_mean(state, "bytes", static_cast<double>(bytes));
}

// Both, as app/alert_desk.cpp does for each signal.
void BM_MakeAndEncode(benchmark::State& state, const char* rule) {
  const auto all = said_by(rule);
  const auto catalog = app::make_catalog(all_kinds());
  std::string json;
  json.reserve(kLongestAlert);
  cycle(state, all, [&](std::size_t i) {
    json.clear();
    tell(i, all[i], catalog, json);
  });
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
BENCHMARK_CAPTURE(BM_MakeAndEncode, all, "")->Apply(min_too);

[[maybe_unused]] const bool kAdded = [] {
  for (const auto rule : kAllKinds) {
    const std::string name{rule};
    const auto add = [&](const char* what, auto* run) {
      benchmark::RegisterBenchmark((what + ("/" + name)).c_str(), run, rule.data())->Apply(min_too);
    };
    add("BM_MakeAlert", BM_MakeAlert);
    add("BM_Encode", BM_Encode);
    add("BM_MakeAndEncode", BM_MakeAndEncode);
  }
  return true;
}();

}  // namespace
}  // namespace yagura::bench
