// What a tick costs between the queue and a decision. Budget: 150 ns for everything that is shipped,
// and the same with a million levels as with ten. One iteration is one pass over the scenario, with
// fresh state; read the counter `tick`, not the time of the pass.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "processing/calendar.hpp"
#include "processing/detector.hpp"
#include "processing/integrity.hpp"
#include "processing/monitor.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

using namespace processing;

std::vector<DayBar> history_of(const InstrumentInfo& info) {
  const auto& all = scenario().history;
  const auto found = all.find(info.symbol);
  return found == all.end() ? std::vector<DayBar>{} : found->second;
}

// A tick and what its calendar says, worked out beforehand.
struct Step {
  Tick tick;
  Date date;
  bool day_starts;
  bool segment_starts;
};

std::vector<Step> steps_of(const InstrumentInfo& info, SymbolId symbol) {
  std::vector<Step> steps;
  CalendarCursor calendar{info.calendar};
  std::int64_t segment = 0;
  for (const auto& tick : scenario().ticks_of(symbol)) {
    const auto& piece = calendar.at(tick.ts_event);
    if (!piece.open) continue;
    const bool first = steps.empty();
    steps.push_back({tick, piece.trading_date, first || piece.trading_date != steps.back().date,
                     first || piece.segment != segment});
    segment = piece.segment;
  }
  return steps;
}

// What an InstrumentMonitor does around a detector, and no more: books, windows, changes of day
// and segment. With no detector at all it is the floor to subtract.
void walk(std::span<const Step> steps, DayBook& days, SlidingExtremes& extremes, Volatility& volatility,
          Detector* detector, SignalBuffer& out) {
  std::optional<Price> previous;
  Timestamp previous_ts{};
  for (const auto& step : steps) {
    if (step.day_starts) {
      days.start_day(step.date);
      if (detector != nullptr) detector->on_day_start();
    }
    if (step.segment_starts) {
      extremes.clear();
      volatility.on_segment_start();
      if (detector != nullptr) detector->on_segment_start();
    }
    if (!extremes.empty()) extremes.push(step.tick.ts_event, step.tick.price);
    if (volatility.wanted()) volatility.push(step.tick.ts_event, step.tick.price);
    const TickContext context{.tick = step.tick,
                              .days = days,
                              .trading_date = step.date,
                              .previous = previous ? previous : days.previous_close(),
                              .previous_ts = previous_ts};
    benchmark::DoNotOptimize(&context);
    if (detector != nullptr) detector->on_tick(context, out);
    days.on_tick(step.tick.price);
    previous = step.tick.price;
    previous_ts = step.tick.ts_event;
    if (!out.empty()) out.clear();
  }
}

void BM_DetectorFloor(benchmark::State& state, const char* symbol) {
  const auto& settings = scenario().settings;
  const auto id = scenario().id(symbol);
  const auto& info = settings.monitor.instruments[index_of(id)];
  const auto steps = steps_of(info, id);
  SlidingExtremes extremes{std::chrono::seconds{30}};
  SignalBuffer out;
  for (auto _ : state) {
    DayBook days{history_of(info), info.calendar != CalendarKind::kFx};
    Volatility volatility{info};
    walk(steps, days, extremes, volatility, nullptr, out);
  }
  report_each(state, "tick", steps.size());
}
BENCHMARK_CAPTURE(BM_DetectorFloor, NI225, "NI225")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_DetectorFloor, USDJPY, "USDJPY")->Unit(benchmark::kMillisecond)->Apply(min_too);

// Samples and what is learnt of them; the floor is part of it.
void BM_VolatilityPush(benchmark::State& state, const char* symbol) {
  const auto id = scenario().id(symbol);
  const auto& info = scenario().settings.monitor.instruments[index_of(id)];
  const auto steps = steps_of(info, id);
  SlidingExtremes extremes{std::chrono::seconds{30}};
  SignalBuffer out;
  for (auto _ : state) {
    DayBook days{history_of(info), info.calendar != CalendarKind::kFx};
    Volatility volatility{info};
    volatility.want();
    walk(steps, days, extremes, volatility, nullptr, out);
  }
  report_each(state, "tick", steps.size());
}
BENCHMARK_CAPTURE(BM_VolatilityPush, NI225, "NI225")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_VolatilityPush, USDJPY, "USDJPY")->Unit(benchmark::kMillisecond)->Apply(min_too);

// What a question costs, as a move asks it when its threshold is reached.
void BM_VolatilityOver(benchmark::State& state) {
  const auto id = scenario().id("USDJPY");
  const auto steps = steps_of(scenario().settings.monitor.instruments[index_of(id)], id);
  Volatility volatility{scenario().settings.monitor.instruments[index_of(id)]};
  for (const auto& step : steps) volatility.push(step.tick.ts_event, step.tick.price);
  const Duration window = std::chrono::seconds{state.range(0)};
  for (auto _ : state) benchmark::DoNotOptimize(volatility.over(steps.back().tick.ts_event, window));
}
BENCHMARK(BM_VolatilityOver)->ArgName("seconds")->Arg(60)->Arg(300)->Arg(900)->Apply(min_too);

// The sums of a drift, with the volatility they need.
void BM_Cusum(benchmark::State& state, const char* symbol) {
  const auto id = scenario().id(symbol);
  const auto& instruments = scenario().settings.monitor.instruments;
  const auto& info = instruments[index_of(id)];
  const auto steps = steps_of(info, id);
  const RuleOptions rule{.id = "drift", .instrument = id, .kind = CusumOptions{}};
  SignalBuffer out;
  for (auto _ : state) {
    DayBook days{history_of(info), info.calendar != CalendarKind::kFx};
    SlidingExtremes extremes{std::chrono::seconds{30}};
    Volatility volatility{info};
    const auto detector = make_detector(RuleIndex{0}, rule, {info, instruments, days, extremes, volatility});
    walk(steps, days, extremes, volatility, detector.get(), out);
  }
  report_each(state, "tick", steps.size());
}
BENCHMARK_CAPTURE(BM_Cusum, NI225, "NI225")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Cusum, USDJPY, "USDJPY")->Unit(benchmark::kMillisecond)->Apply(min_too);

// One shipped rule by its id. A move's sliding windows and its volatility are part of it.
void BM_Detector(benchmark::State& state, const char* rule_id) {
  const auto& settings = scenario().settings;
  const auto rule = std::ranges::find(settings.monitor.rules, rule_id, &RuleOptions::id);
  if (rule == settings.monitor.rules.end()) return state.SkipWithError("no such rule in config/yagura.toml");
  const auto& info = settings.monitor.instruments[index_of(rule->instrument)];
  const auto steps = steps_of(info, rule->instrument);
  const RuleIndex index{static_cast<std::uint16_t>(rule - settings.monitor.rules.begin())};
  SignalBuffer out;
  for (auto _ : state) {
    DayBook days{history_of(info), info.calendar != CalendarKind::kFx};
    SlidingExtremes extremes{std::chrono::seconds{30}};
    Volatility volatility{info};
    const auto detector = make_detector(index, *rule, {info, settings.monitor.instruments, days, extremes, volatility});
    walk(steps, days, extremes, volatility, detector.get(), out);
  }
  report_each(state, "tick", steps.size());
}
BENCHMARK_CAPTURE(BM_Detector, nikkei_milestone, "nikkei-milestone")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, nikkei_record, "nikkei-record")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, nikkei_record_close, "nikkei-record-close")
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, nikkei_move, "nikkei-move")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, yen_milestone, "yen-milestone")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, yen_record, "yen-record")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, yen_move, "yen-move")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, yen_intervention, "yen-intervention")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, nikkei_year, "nikkei-year")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Detector, desk_levels, "desk-levels")->Unit(benchmark::kMillisecond)->Apply(min_too);

// Reads every tick and does nothing with it.
void BM_MonitorFloor(benchmark::State& state) {
  const auto& ticks = scenario().ticks;
  for (auto _ : state) {
    for (const auto& tick : ticks) benchmark::DoNotOptimize(tick.price.raw() + to_ns(tick.ts_event));
  }
  report_each(state, "tick", ticks.size());
}
BENCHMARK(BM_MonitorFloor)->Unit(benchmark::kMillisecond)->Apply(min_too);

// Integrity, books and the whole shipped rule set, as the detector thread calls it. `symbol` null:
// both instruments as they come.
void BM_Monitor(benchmark::State& state, const char* symbol) {
  const auto& input = scenario();
  const auto ticks = symbol == nullptr ? input.ticks : input.ticks_of(input.id(symbol));
  SignalBuffer out;
  std::size_t signals = 0;
  std::size_t allocations = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Monitor monitor{input.settings.monitor, input.history};
    const auto before = test::allocations();
    state.ResumeTiming();
    for (const auto& tick : ticks) {
      monitor.on_tick(tick, out);
      if (!out.empty()) {
        signals += out.signals().size();
        out.clear();
      }
    }
    allocations += test::allocations() - before;
  }
  report_each(state, "tick", ticks.size());
  report_mean(state, "signals", static_cast<double>(signals));
  report_mean(state, "allocs", static_cast<double>(allocations));  // in the pass: books of a new day
}
BENCHMARK_CAPTURE(BM_Monitor, both, nullptr)->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Monitor, NI225, "NI225")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_Monitor, USDJPY, "USDJPY")->Unit(benchmark::kMillisecond)->Apply(min_too);

// The filter every tick passes first.
void BM_IntegrityFilter(benchmark::State& state, const char* symbol) {
  const auto id = scenario().id(symbol);
  const auto& info = scenario().settings.monitor.instruments[index_of(id)];
  const auto steps = steps_of(info, id);
  std::size_t accepted = 0;
  for (auto _ : state) {
    IntegrityFilter filter{info};
    DayBook days{history_of(info), info.calendar != CalendarKind::kFx};
    for (const auto& step : steps) {
      if (step.day_starts) days.start_day(step.date);
      for (const auto& tick : filter.push(step.tick, days).accepted) {
        days.on_tick(tick.price);
        filter.on_accepted(tick);
        ++accepted;
      }
    }
  }
  report_each(state, "tick", steps.size());
  report_mean(state, "accepted_pct", 100.0 * static_cast<double>(accepted) / static_cast<double>(steps.size()));
}
BENCHMARK_CAPTURE(BM_IntegrityFilter, NI225, "NI225")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_IntegrityFilter, USDJPY, "USDJPY")->Unit(benchmark::kMillisecond)->Apply(min_too);

// Push and ask every window, by the number of windows (60 s and its multiples) and by how dense the
// ticks are: prices of the dollar against the yen, set at even distances.
void BM_SlidingExtremes(benchmark::State& state) {
  const auto windows = state.range(0);
  const auto spacing = Duration{std::chrono::seconds{1}} / state.range(1);
  const auto ticks = scenario().ticks_of(scenario().id("USDJPY"));
  for (auto _ : state) {
    SlidingExtremes extremes{std::chrono::seconds{30}};
    std::vector<std::size_t> handles;
    for (std::int64_t i = 1; i <= windows; ++i) handles.push_back(extremes.add_window(std::chrono::minutes{i}));
    Timestamp t{std::chrono::hours{24}};
    for (const auto& tick : ticks) {
      extremes.push(t, tick.price);
      for (const auto handle : handles) benchmark::DoNotOptimize(extremes.at(handle));
      t += spacing;
    }
  }
  report_each(state, "tick", ticks.size());
}
BENCHMARK(BM_SlidingExtremes)
    ->ArgNames({"windows", "per_second"})
    ->ArgsProduct({{1, 3, 8, 32}, {1, 1000}})
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

// A level rule over the dollar against the yen. `far`: half of the levels far below, half far above.
// `dense`: a level every 0.001 yen around the price, as many as that gives.
void run_levels(benchmark::State& state, std::vector<LevelEntry> levels) {
  const auto symbol = scenario().id("USDJPY");
  const auto& info = scenario().settings.monitor.instruments[index_of(symbol)];
  const auto steps = steps_of(info, symbol);
  SlidingExtremes extremes{std::chrono::seconds{30}};
  const CrossingOptions crossing{
      .rearm = Band::of_points(PriceDelta::from_raw(Price::kScale / 10)), .directions = {}, .near = {}};
  const RuleOptions rule{.id = "levels", .instrument = symbol, .kind = LevelOptions{std::move(levels), crossing}};
  SignalBuffer out;
  Volatility volatility{info};
  DayBook days{{}, false};
  const auto detector =
      make_detector(RuleIndex{0}, rule, {info, scenario().settings.monitor.instruments, days, extremes, volatility});
  for (auto _ : state) {
    days.forget_ticks();
    detector->forget();
    walk(steps, days, extremes, volatility, detector.get(), out);
  }
  report_each(state, "tick", steps.size());
}

void BM_LevelsFar(benchmark::State& state) {
  std::vector<LevelEntry> levels;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const auto offset = PriceDelta::from_raw((i / 2 + 1) * 10'000);
    const auto price =
        i % 2 == 0 ? Price::from_raw(100 * Price::kScale) - offset : Price::from_raw(200 * Price::kScale) + offset;
    levels.push_back({price, {}, false});
  }
  run_levels(state, std::move(levels));
}
BENCHMARK(BM_LevelsFar)
    ->ArgName("levels")
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

void BM_LevelsDense(benchmark::State& state) {
  std::vector<LevelEntry> levels;
  const auto step = Price::kScale / 1000;
  for (auto raw = 150 * Price::kScale; raw <= 160 * Price::kScale; raw += step)
    levels.push_back({Price::from_raw(raw), {}, false});
  state.counters["levels"] = static_cast<double>(levels.size());
  run_levels(state, std::move(levels));
}
BENCHMARK(BM_LevelsDense)->Unit(benchmark::kMillisecond)->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
