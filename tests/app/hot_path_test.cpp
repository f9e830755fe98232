// From the complete frame to the decision handed over: no allocation, and no way to sleep.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "feeds/codec.hpp"
#include "processing/price_history.hpp"
#include "tests/app/pipeline_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::app {
namespace {

// Frames of a price that swings through many levels, so that every kind of alert fires.
std::vector<std::string> frames(int count) {
  std::vector<std::string> all;
  std::uint64_t random = 42;
  std::int64_t cents = 10'000;
  for (int i = 0; i < count; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    cents += static_cast<std::int64_t>(random >> 33) % 81 - 40;
    cents = std::clamp<std::int64_t>(cents, 8'000, 12'000);
    const auto ns = to_ns(kOpen) + std::int64_t{i} * 250'000'000;
    all.push_back(R"({"type":"tick","symbol":"TEST","ts_ns":)" + std::to_string(ns) + R"(,"price":")" +
                  to_string(Price::from_raw(cents * (Price::kScale / 100))) + "\"}");
  }
  return all;
}

// A ring as live, on a file of its own that has no name any more.
struct TempRing {
  TempRing() { std::filesystem::remove(file); }
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("yagura-hot-ring-" + std::to_string(::getpid()));
  alerts::CrashRing ring = *alerts::CrashRing::create(file, {.slots = 65'536, .id = 1, .symbols = 1}, 1);
};

TEST(HotPath, AllocatesNothingFromFrameToHandedOverAlert) {
  PipelineFixture f{{.on_feed_thread = true, .future_limit = {}}};
  TempRing ring;
  f.pipeline.record_to(&ring.ring);
  processing::PriceHistory prices{2, {}};
  prices.listen_to(f.monitor);
  const auto codec = feeds::find_vendor("native")->make_codec();
  feeds::Decoded decoded;
  const auto play = [&](const std::string& frame) {
    codec->decode({frame, false}, decoded);
    for (const auto& vendor_tick : decoded.ticks) {
      auto tick = f.tick(1, "0");
      tick.price = *vendor_tick.price;
      tick.ts_event = *vendor_tick.ts;
      f.port.on_tick(tick);
    }
    f.port.on_batch_end();
  };
  const auto all = frames(40'000);
  std::size_t i = 0;
  for (; i < 10'000; ++i) play(all[i]);  // warm
  const auto alerts_before = f.said.size();
  const auto before = test::allocations();
  for (; i < all.size(); ++i) play(all[i]);
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_GT(f.said.size() - alerts_before, 500U) << "and alerts did fire";
  EXPECT_EQ(ring.ring.last(), all.size()) << "each of them in the crash ring";
  EXPECT_EQ(prices.of(SymbolId{1}).of(processing::CandleStep::kHour).at(1).ticks, 14'400U) << "and in the history";
  EXPECT_GT(f.count(Event::kMove), 0U);
  EXPECT_GT(f.count(Event::kNewHigh) + f.count(Event::kNewLow), 0U);
}

// The same with helpers: two instruments by turns, enough of them in the queue to be shared.
TEST(HotPath, AllocatesNothingOnAnyWorkersThread) {
  PipelineFixture f{{.workers = 2, .future_limit = {}}, two_always_open()};
  processing::PriceHistory prices{2, {}};
  prices.listen_to(f.monitor);
  const auto codec = feeds::find_vendor("native")->make_codec();
  feeds::Decoded decoded;
  const auto play = [&](const std::string& frame, int symbol) {
    codec->decode({frame, false}, decoded);
    for (const auto& vendor_tick : decoded.ticks) {
      auto tick = f.tick(symbol, "0");
      tick.price = *vendor_tick.price;
      tick.ts_event = *vendor_tick.ts;
      f.port.on_tick(tick);
    }
  };
  const auto all = frames(40'000);
  const auto batch = [&](std::size_t begin) {
    for (std::size_t i = begin; i < begin + 200; ++i) {
      play(all[i], 0);
      play(all[i], 1);
    }
    f.port.on_batch_end();
    while (f.pipeline.drain() != 0) {
    }
  };
  std::size_t i = 0;
  for (; i < 10'000; i += 200) batch(i);  // warm
  const auto alerts_before = f.said.size();
  const auto before = test::allocations_of_all_threads();
  for (; i < all.size(); i += 200) batch(i);
  EXPECT_EQ(test::allocations_of_all_threads() - before, 0U);
  EXPECT_GT(f.said.size() - alerts_before, 1'000U) << "and alerts did fire";
  for (const int symbol : {0, 1})
    EXPECT_EQ(prices.of(SymbolId{static_cast<std::uint16_t>(symbol)}).of(processing::CandleStep::kHour).at(1).ticks,
              14'400U);
}

}  // namespace
}  // namespace yagura::app
