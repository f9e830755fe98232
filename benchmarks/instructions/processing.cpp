// Queue, rules, levels and history.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/instructions/meter.hpp"
#include "benchmarks/support/scenario.hpp"
#include "processing/monitor.hpp"
#include "processing/price_history.hpp"
#include "processing/tick_queue.hpp"

namespace yagura::bench {
namespace {

using namespace processing;

constexpr std::size_t kSome = 20'000;  // ticks, where not the whole scenario is played

void count_queue(Meter& meter) {
  const auto& ticks = scenario().ticks;
  TickQueue queue{65'536};
  TickProducer producer{queue, WhenFull::kFold, scenario().settings.symbols.size(), [] { return true; }};
  std::array<Tick, 256> batch;
  const auto pass = [&](std::size_t i) {
    producer.push(ticks[i]);
    benchmark::DoNotOptimize(queue.drain(batch));
  };
  for (std::size_t i = 0; i < 1000; ++i) pass(i);
  meter.loop("queue/push_drain", kSome, pass);
}

// All ticks of the scenario, its alerts and changes of day among them.
void count_rules(Meter& meter) {
  const auto& input = scenario();
  Monitor monitor{input.settings.monitor, input.history};
  SignalBuffer out;
  meter.loop("rules/shipped", input.ticks.size(), [&](std::size_t i) {
    monitor.on_tick(input.ticks[i], out);
    if (!out.empty()) out.clear();
  });
}

// A level rule over the dollar against the yen and no filter; half of its levels far below the price,
// half far above. None of them: what a monitor costs without a rule.
void count_levels(Meter& meter, const std::string& name, std::int64_t count) {
  const auto symbol = scenario().id("USDJPY");
  const auto ticks = scenario().ticks_of(symbol);
  MonitorOptions options{.instruments = scenario().settings.monitor.instruments, .rules = {}, .series = {}};
  for (auto& info : options.instruments) info.filter = false;
  std::vector<LevelEntry> levels;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto offset = PriceDelta::from_raw((i / 2 + 1) * 10'000);
    levels.push_back(
        {i % 2 == 0 ? Price::from_raw(100 * Price::kScale) - offset : Price::from_raw(200 * Price::kScale) + offset,
         {},
         false});
  }
  const CrossingOptions crossing{
      .rearm = Band::of_points(PriceDelta::from_raw(Price::kScale / 10)), .directions = {}, .near = {}};
  if (count != 0)
    options.rules.push_back({.id = "levels", .instrument = symbol, .kind = LevelOptions{std::move(levels), crossing}});
  Monitor monitor{std::move(options)};
  SignalBuffer out;
  const auto play = [&](std::size_t i) { monitor.on_tick(ticks[i], out); };
  std::size_t warm = 1000;
  for (std::size_t i = 0; i < warm; ++i) play(i);
  meter.loop("levels/" + name, kSome, [&](std::size_t i) { play(warm + i); });
}

void count_history(Meter& meter) {
  const auto& ticks = scenario().ticks;
  PriceHistory history{scenario().settings.monitor.instruments.size(), {}};
  const SignalBuffer out;
  constexpr Date kDate{std::chrono::days{20'493}};
  meter.loop("history/push", kSome, [&](std::size_t i) { history.on_accepted(ticks[i], kDate, out); });
}

}  // namespace

void count_processing(Meter& meter) {
  count_queue(meter);
  count_rules(meter);
  count_levels(meter, "none", 0);
  count_levels(meter, "10", 10);
  count_levels(meter, "1M", 1'000'000);
  count_history(meter);
}

}  // namespace yagura::bench
