// Frames to prices.
#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>

#include "benchmarks/instructions/meter.hpp"
#include "benchmarks/support/scenario.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"

namespace yagura::bench {

void count_feeds(Meter& meter) {
  constexpr std::size_t kEvery = 41;  // some 3,000 frames
  for (const std::string name : {"native", "gmo", "yahoo"}) {
    const auto& vendor = *feeds::find_vendor(name);
    const auto url = feeds::parse_url(vendor.default_url);
    const auto frames = frames_of(vendor, url ? url->target : "/", kEvery);
    if (frames.all.empty()) throw std::runtime_error(name + ": no frames");
    feeds::Decoded out;
    for (const auto& frame : frames.all) frames.codec->decode({frame}, out);
    meter.loop("decode/" + name, frames.all.size(), [&](std::size_t i) {
      frames.codec->decode({frames.all[i]}, out);
      benchmark::DoNotOptimize(out.ticks.data());
    });
  }
}

}  // namespace yagura::bench
