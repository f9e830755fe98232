// The crash ring, and an alert of each kind to its words and JSON.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "alerts/alert_writer.hpp"
#include "alerts/crash_ring.hpp"
#include "app/start_up.hpp"
#include "benchmarks/instructions/meter.hpp"
#include "benchmarks/support/said.hpp"
#include "benchmarks/support/scenario.hpp"
#include "tests/alerts/temp_dir.hpp"

namespace yagura::bench {
namespace {

void count_ring(Meter& meter) {
  const auto& ticks = scenario().ticks;
  const alerts::TempDir folder;
  auto ring = alerts::CrashRing::create(folder.path() / "ring", {.slots = 65'536, .id = 1, .symbols = 1}, 1);
  if (!ring) throw std::runtime_error(ring.error().message);
  meter.loop("ring/append", 20'000, [&](std::size_t i) { ring->append(alerts::RingEntry::Kind::kTick, ticks[i]); });
}

void count_telling(Meter& meter, const std::string& rule) {
  const auto all = said_by(rule);
  if (all.empty()) throw std::runtime_error(rule + ": says nothing");
  const auto catalog = app::make_catalog(all_kinds());
  alerts::AlertWriter writer{catalog};
  const auto tell_one = [&](std::size_t i) {
    const auto& said = all[i % all.size()];
    benchmark::DoNotOptimize(writer.write(i, said.signal, said.levels).data());
  };
  for (std::size_t i = 0; i < all.size(); ++i) tell_one(i);
  // Whole rounds, so that each alert has the same weight.
  const auto rounds = std::max<std::size_t>(1, 200 / all.size());
  meter.loop("alert/" + rule, rounds * all.size(), tell_one);
}

}  // namespace

void count_alerts(Meter& meter) {
  count_ring(meter);
  for (const auto rule : kAllKinds) count_telling(meter, std::string{rule});
}

}  // namespace yagura::bench
