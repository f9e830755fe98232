// Bytes of a frame to prices, per vendor. Budget: 150 ns for the JSON vendors, 250 ns for Yahoo,
// no allocation (the floor is one copy of the frame's bytes).
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "feeds/codec.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

// One of a few thousand frames after the other: prices, times and lengths vary, and all of them
// stay in the second-level cache, as bytes fresh from a socket are.
constexpr std::size_t kEvery = 41;

struct Frames {
  std::vector<std::string> all;
  std::size_t at = 0;
  std::size_t bytes = 0;

  const std::string& next() {
    const auto& frame = all[at];
    at = at + 1 == all.size() ? 0 : at + 1;
    bytes += frame.size();
    return frame;
  }
};

void report(benchmark::State& state, const Frames& frames) {
  report_mean(state, "bytes", static_cast<double>(frames.bytes));
  state.SetItemsProcessed(state.iterations());
}

void BM_DecodeFloor(benchmark::State& state) {
  Frames frames{frames_of("native", "/", kEvery)};
  std::vector<char> buffer(4096);
  for (auto _ : state) {
    const auto& frame = frames.next();
    std::memcpy(buffer.data(), frame.data(), frame.size());
    benchmark::ClobberMemory();
  }
  report(state, frames);
}
BENCHMARK(BM_DecodeFloor)->Apply(min_too);

void BM_Decode(benchmark::State& state, const char* vendor, const char* target) {
  Frames frames{frames_of(vendor, target, kEvery)};
  const auto codec = feeds::find_vendor(vendor)->make_codec();
  feeds::Decoded out;
  for (const auto& frame : frames.all) {  // also grows the buffers to their final size
    codec->decode({frame}, out);
    if (out.ticks.size() != 1) return state.SkipWithError(("does not decode: " + frame).c_str());
  }
  const auto before = test::allocations();
  for (auto _ : state) {
    codec->decode({frames.next()}, out);
    benchmark::DoNotOptimize(out.ticks.data());
    benchmark::ClobberMemory();
  }
  report_mean(state, "allocs", static_cast<double>(test::allocations() - before));
  report(state, frames);
}
BENCHMARK_CAPTURE(BM_Decode, native, "native", "/")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Decode, gmo, "gmo", "/")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Decode, yahoo_v1, "yahoo", "/")->Apply(min_too);
BENCHMARK_CAPTURE(BM_Decode, yahoo_v2, "yahoo", "/?version=2")->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
