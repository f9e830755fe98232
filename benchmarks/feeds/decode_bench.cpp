// Bytes of a frame to prices, for every vendor whose frames can be made: those of its own server side.
// Budget: 150 ns for the JSON vendors, 250 ns for Yahoo, no allocation. Beside it the floor, one copy
// of the bytes, and nlohmann/json reading the same frames: a tree of the heap, every number a double.
#include <benchmark/benchmark.h>

#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

// One of a few thousand frames after the other: prices, times and lengths vary, and all of them
// stay in the second-level cache, as bytes fresh from a socket are.
constexpr std::size_t kEvery = 41;

struct Frames : VendorFrames {
  explicit Frames(VendorFrames made) : VendorFrames(std::move(made)) {}
  std::size_t at = 0;
  std::size_t bytes = 0;

  const std::string& next() {
    const auto& frame = all[at];
    at = at + 1 == all.size() ? 0 : at + 1;
    bytes += frame.size();
    return frame;
  }
};

void report(benchmark::State& state, const Frames& frames, std::size_t allocations) {
  report_mean(state, "bytes", static_cast<double>(frames.bytes));
  report_mean(state, "allocs", static_cast<double>(allocations));
  state.SetItemsProcessed(state.iterations());
}

void BM_DecodeFloor(benchmark::State& state) {
  Frames frames{frames_of(*feeds::find_vendor("native"), "/", kEvery)};
  std::vector<char> buffer(4096);
  for (auto _ : state) {
    const auto& frame = frames.next();
    std::memcpy(buffer.data(), frame.data(), frame.size());
    benchmark::ClobberMemory();
  }
  report(state, frames, 0);
}
BENCHMARK(BM_DecodeFloor)->Apply(min_too);

void decode(benchmark::State& state, const feeds::Vendor& vendor, const std::string& target) {
  Frames frames{frames_of(vendor, target, kEvery)};
  if (frames.all.empty()) return state.SkipWithError("no server side that makes frames");
  auto& codec = *frames.codec;
  feeds::Decoded out;
  for (const auto& frame : frames.all) {  // also grows the buffers to their final size
    codec.decode({frame}, out);
    if (out.ticks.empty()) return state.SkipWithError(("does not decode: " + frame).c_str());
  }
  const auto before = test::allocations();
  for (auto _ : state) {
    codec.decode({frames.next()}, out);
    benchmark::DoNotOptimize(out.ticks.data());
    benchmark::ClobberMemory();
  }
  report(state, frames, test::allocations() - before);
}

// Every scalar of the frame, numbers in strings as well: what a reader without a schema would look at.
double walk(const nlohmann::json& value) {
  if (value.is_structured()) {
    double sum = 0;
    for (const auto& inner : value) sum += walk(inner);
    return sum;
  }
  if (value.is_number()) return value.get<double>();
  double number = 0;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  return number;
}

void parse_with_nlohmann(benchmark::State& state, const feeds::Vendor& vendor, const std::string& target) {
  Frames frames{frames_of(vendor, target, kEvery)};
  if (frames.all.empty()) return state.SkipWithError("no server side that makes frames");
  if (!nlohmann::json::accept(frames.all.front())) return state.SkipWithError("its frames are no JSON");
  const auto before = test::allocations();
  for (auto _ : state) {
    auto sum = walk(nlohmann::json::parse(frames.next(), nullptr, /*allow_exceptions=*/false));
    benchmark::DoNotOptimize(sum);
  }
  report(state, frames, test::allocations() - before);
}

// All vendors whose server side we have, each at its own address.
[[maybe_unused]] const bool kAdded = [] {
  const auto add = [](const char* what, std::string_view name, auto* run, const auto& vendor,
                      const std::string& target) {
    benchmark::RegisterBenchmark((what + std::string{name}).c_str(), run, vendor, target)->Apply(min_too);
  };
  for (const auto& vendor : feeds::vendors()) {
    if (vendor.make_server == nullptr) continue;
    const auto url = feeds::parse_url(vendor.default_url);
    const auto target = url ? url->target : "/";
    add("BM_Decode/", vendor.name, decode, vendor, target);
    add("BM_Nlohmann/", vendor.name, parse_with_nlohmann, vendor, target);
  }
  add("BM_Decode/", "yahoo_v1", decode, *feeds::find_vendor("yahoo"), "/");  // the older dialect, bare base64
  return true;
}();

}  // namespace
}  // namespace yagura::bench
