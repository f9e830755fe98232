// Adding and removing a level while the market runs: budget 1 us and 64 bytes a level, whatever the
// number of levels. One iteration adds a price that was not there and takes it away again.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <random>
#include <vector>

#include "processing/level_sets.hpp"

namespace yagura::bench {
namespace {

using namespace processing;

// Prices on the even thousandths between 100 and a price far above, so that the odd ones are free.
std::vector<LevelEntry> even_levels(std::int64_t count) {
  std::vector<LevelEntry> levels;
  for (std::int64_t i = 0; i < count; ++i)
    levels.push_back({Price::from_raw(100 * Price::kScale + 2 * i * 1'000'000), {}, false});
  return levels;
}

void BM_LevelsAddRemove(benchmark::State& state) {
  const auto entries = even_levels(state.range(0));
  const auto before = mallinfo2();
  ListLevels levels{entries};
  const auto after = mallinfo2();
  const auto used = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
  state.counters["bytes_per_level"] = static_cast<double>(used) / static_cast<double>(state.range(0));

  std::mt19937_64 random{20260209};
  std::vector<Price> free_prices(4096);
  for (auto& price : free_prices) {
    const auto i = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(state.range(0)));
    price = Price::from_raw(100 * Price::kScale + (2 * i + 1) * 1'000'000);
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto price = free_prices[next++ % free_prices.size()];
    benchmark::DoNotOptimize(levels.add(price, -1, false));
    levels.remove(price);
  }
}
BENCHMARK(BM_LevelsAddRemove)->ArgName("levels")->Arg(10)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace yagura::bench
