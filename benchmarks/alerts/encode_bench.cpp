// A signal to words, and words to the JSON that journal, console and files share. Not on the path
// to the decision, but on the one to the reader: an alert is not seen before this is done.
#include <benchmark/benchmark.h>

#include <span>
#include <string>
#include <vector>

#include "alerts/json.hpp"
#include "alerts/render.hpp"
#include "app/start_up.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "processing/monitor.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

constexpr std::size_t kLongestAlert = 4096;

// A signal with its levels, taken out of the buffer it came in.
struct Said {
  Signal signal;
  std::vector<Price> levels;
};

bool is_of(const Signal& signal, const char* kind) { return kind == nullptr || name_of(signal.kind) == kind; }

// The shipped rules; the scenario comes near none of their own levels, so two are added.
config::Settings settings_with_levels() {
  auto settings = scenario().settings;
  for (auto& rule : settings.monitor.rules) {
    auto* levels = std::get_if<processing::LevelOptions>(&rule.kind);
    if (levels == nullptr) continue;
    for (const int yen : {153, 156})
      levels->levels.push_back({Price::from_raw(yen * Price::kScale), "stop of the desk", false});
  }
  return settings;
}

// What they say about the scenario, all of it or one kind.
std::vector<Said> said_by_rules(const char* kind) {
  const auto& input = scenario();
  processing::Monitor monitor{settings_with_levels().monitor, input.history};
  SignalBuffer out;
  std::vector<Said> all;
  const auto take = [&] {
    for (auto signal : out.signals()) {
      if (!is_of(signal, kind)) continue;
      signal.mono_decided = signal.mono_recv + std::chrono::nanoseconds{500};
      const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
      const auto levels = has_levels ? out.levels_of(signal) : std::span<const Price>{};
      all.push_back({signal, {levels.begin(), levels.end()}});
    }
    out.clear();
  };
  for (const auto& tick : input.ticks) {
    monitor.on_tick(tick, out);
    take();
  }
  monitor.on_end_of_input(out);
  take();
  return all;
}

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

void BM_MakeAlert(benchmark::State& state, const char* kind) {
  const auto all = said_by_rules(kind);
  const auto catalog = app::make_catalog(settings_with_levels());
  cycle(state, all, [&](std::size_t i) {
    const auto alert = alerts::make_alert(i, all[i].signal, all[i].levels, catalog);
    benchmark::DoNotOptimize(alert.text.data());
  });
}

void BM_Encode(benchmark::State& state, const char* kind) {
  const auto all = said_by_rules(kind);
  const auto catalog = app::make_catalog(settings_with_levels());
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
void BM_MakeAndEncode(benchmark::State& state, const char* kind) {
  const auto all = said_by_rules(kind);
  const auto catalog = app::make_catalog(settings_with_levels());
  std::string json;
  json.reserve(kLongestAlert);
  cycle(state, all, [&](std::size_t i) {
    json.clear();
    alerts::encode(alerts::make_alert(i, all[i].signal, all[i].levels, catalog), catalog, {}, json);
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
BENCHMARK_CAPTURE(BM_MakeAlert, milestone, "milestone")->Apply(min_too);
BENCHMARK_CAPTURE(BM_MakeAlert, level, "level")->Apply(min_too);
BENCHMARK_CAPTURE(BM_MakeAlert, record, "record")->Apply(min_too);
BENCHMARK_CAPTURE(BM_MakeAlert, move, "move")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Encode, milestone, "milestone")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Encode, level, "level")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Encode, record, "record")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Encode, move, "move")->Apply(min_too);
BENCHMARK_CAPTURE(BM_MakeAndEncode, all, nullptr)->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
