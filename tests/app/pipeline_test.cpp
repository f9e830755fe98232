#include "tests/app/pipeline_fixture.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

TEST(Pipeline, CarriesATickToAnAlertAndWakesTheDetector) {
  PipelineFixture f;
  f.port.on_tick(f.tick(1, "99"));
  f.port.on_tick(f.tick(1, "100.5", 1s));
  f.port.on_batch_end();
  EXPECT_EQ(f.wakes, 1);
  EXPECT_TRUE(f.said.empty()) << "nothing is decided on the feed's thread";
  EXPECT_EQ(f.pipeline.drain(), 2U);
  ASSERT_EQ(f.count(Event::kReached), 1U);
  EXPECT_EQ(f.said.front().price, price("100.5"));
  EXPECT_EQ(f.accepted, 2U);
}

TEST(Pipeline, DecidesAtOnceOnTheFeedsThreadWhenThereAreNoWorkers) {
  PipelineFixture f{{.on_feed_thread = true, .future_limit = {}}};
  f.port.on_tick(f.tick(1, "99"));
  f.port.on_tick(f.tick(1, "100.5", 1s));
  f.port.on_batch_end();
  EXPECT_EQ(f.count(Event::kReached), 1U);
  EXPECT_EQ(f.wakes, 0);
}

// A read of many ticks: the first alert does not wait for the last to be parsed.
TEST(Pipeline, DecidesEachTickAsItIsRead) {
  PipelineFixture f{{.on_feed_thread = true, .future_limit = {}}};
  f.port.on_tick(f.tick(1, "99"));
  f.port.on_tick(f.tick(1, "100.5", 1s));
  EXPECT_EQ(f.count(Event::kReached), 1U);
}

TEST(Pipeline, MeasuresTheWayIntoTheQueueOnceARead) {
  PipelineFixture f;
  const auto enqueued = [&] { return f.pipeline.latency().of(LatencyStages::kEnqueue).count(); };
  f.port.on_batch_end();
  EXPECT_EQ(f.pipeline.drain(), 0U);
  EXPECT_EQ(enqueued(), 0U) << "a read without ticks";
  f.clock.advance(1s);
  for (int read = 0; read < 2; ++read) {
    for (int i = 0; i < 5; ++i) f.port.on_tick(f.tick(1, "99"));
    f.clock.advance(1us);
    f.port.on_batch_end();
    f.pipeline.drain();
  }
  EXPECT_EQ(enqueued(), 2U);
  EXPECT_EQ(f.pipeline.latency().of(LatencyStages::kEnqueue).max(), 1us);
}

TEST(Pipeline, KeepsEveryCrossingWhenTheDetectorIsStalled) {
  PipelineFixture f{{.queue_capacity = 64, .future_limit = {}}};
  // A walk of 200,000 ticks against a consumer that does nothing, through 990, 1,000, 1,010.
  f.port.on_tick(f.tick(1, "985"));
  for (int i = 0; i < 200'000; ++i) {
    const int swing = i % 4'000 < 2'000 ? i % 2'000 : 2'000 - i % 2'000;
    auto tick = f.tick(1, "985", 1ms * (i + 1));
    tick.price = Price::from_raw((985'000 + swing * 20) * (Price::kScale / 1000));
    f.port.on_tick(tick);
    f.port.on_batch_end();
  }
  EXPECT_GT(f.pipeline.folded(), 190'000U);
  EXPECT_GT(f.fold_calls, 0);
  while (f.pipeline.drain() != 0 || f.pipeline.folding()) f.pipeline.flush_folded();
  std::vector<std::int64_t> reached;
  for (const auto& signal : f.said) {
    if (signal.event != Event::kReached) continue;
    reached.push_back(signal.levels.level.raw() / Price::kScale);
  }
  EXPECT_THAT(reached, testing::IsSupersetOf({1020}));
  EXPECT_EQ(f.monitor.instrument(SymbolId{1}).days().today().high, price("1025"))
      << "the highest tick is never folded away";
  EXPECT_EQ(f.monitor.instrument(SymbolId{1}).days().today().low, price("985"));
}

TEST(Pipeline, WaitsForRoomInsteadOfFoldingWhenAskedTo) {
  PipelineFixture f{{.queue_capacity = 64, .when_full = processing::WhenFull::kWait, .future_limit = {}}};
  std::atomic<bool> fed = false;
  std::thread feed{[&] {
    for (int i = 0; i < 10'000; ++i) f.port.on_tick(f.tick(1, "50", 1ms * i));
    f.port.on_batch_end();
    fed = true;
  }};
  while (!fed) f.pipeline.drain();
  feed.join();
  while (f.pipeline.drain() != 0) {
  }
  EXPECT_EQ(f.monitor.instrument(SymbolId{1}).filter().counts().ticks, 10'000U);
  EXPECT_EQ(f.pipeline.folded(), 0U);
  EXPECT_GT(f.wakes, 1) << "the feed has met a full queue";
}

TEST(Pipeline, AFeedThatWaitsForRoomGivesUpWhenItStops) {
  PipelineFixture f{{.queue_capacity = 64, .when_full = processing::WhenFull::kWait, .future_limit = {}}};
  std::thread feed{[&] {
    for (int i = 0; i < 10'000; ++i) f.port.on_tick(f.tick(1, "50", 1ms * i));
  }};
  while (f.pipeline.queue().depth() < 64) std::this_thread::yield();
  f.pipeline.stop();
  feed.join();  // nobody drains
  EXPECT_LT(f.monitor.instrument(SymbolId{1}).filter().counts().ticks, 10'000U);
}

TEST(Pipeline, RefusesATickFromTheFutureAndStaysAbleToHear) {
  PipelineFixture f{{.future_limit = 2s}};
  f.port.on_tick(f.tick(1, "50"));
  f.port.on_tick(f.tick(1, "51", 24h * 365 * 50));
  f.port.on_tick(f.tick(1, "52", 2s));
  f.pipeline.drain();
  const auto& counts = f.monitor.instrument(SymbolId{1}).filter().counts();
  EXPECT_EQ(counts.rejected[static_cast<std::size_t>(processing::Reject::kFuture)], 1U);
  EXPECT_EQ(counts.accepted, 2U);
}

TEST(Pipeline, EndsASessionByTheMarketsOwnClock) {
  PipelineFixture f{{.future_limit = {}}};
  f.port.on_tick(f.tick(0, "56990"));
  f.pipeline.drain();
  // No history, so no close to compare the first session with; the second has one.
  f.port.on_tick(f.tick(0, "56990", 6h + 31min));
  f.port.on_tick(f.tick(0, "56995", 24h));
  f.port.on_tick(f.tick(0, "57100", 24h + 6h + 30min));  // 15:30, the closing print
  f.pipeline.drain();
  f.clock.advance(10min);
  f.pipeline.on_second();
  EXPECT_EQ(f.count(Event::kClosedAbove), 0U) << "15:40: a late print may still come";
  f.clock.advance(2min);
  f.pipeline.on_second();
  EXPECT_EQ(f.count(Event::kClosedAbove), 1U);
  f.pipeline.on_second();
  f.port.on_tick(f.tick(0, "57100", 48h));
  f.pipeline.drain();
  EXPECT_EQ(f.count(Event::kClosedAbove), 1U) << "a session ends once";
}

TEST(Pipeline, MeasuresEveryStage) {
  PipelineFixture f;
  const auto received = f.tick(1, "99");
  f.clock.advance(64us);
  f.port.on_tick(received);
  f.clock.advance(100us);
  f.pipeline.drain();
  const auto& latency = f.pipeline.latency();
  EXPECT_NEAR(static_cast<double>(latency.of(LatencyStages::kDecode).max().count()), 64e3, 64);
  EXPECT_NEAR(static_cast<double>(latency.of(LatencyStages::kQueue).max().count()), 100e3, 64);
  EXPECT_EQ(latency.of(LatencyStages::kTick).max(), 164us);
}

// A walk of two instruments through the pipeline, in bursts: what was said, and when it was decided.
std::vector<Signal> said_with(int workers) {
  PipelineFixture f{{.workers = workers, .future_limit = {}}, two_always_open()};
  for (int i = 0; i < 20'000; ++i) {
    for (int symbol = 0; symbol < 2; ++symbol) {
      auto tick = f.tick(symbol, "0", 100ms * i);
      const int swing = (i * (symbol + 3)) % 1'000;
      tick.price = Price::from_raw((900 + (swing < 500 ? swing : 1'000 - swing)) * (Price::kScale / 10));
      f.port.on_tick(tick);
    }
    f.clock.advance(1us);
    if (i % 400 != 399) continue;
    f.port.on_batch_end();
    while (f.pipeline.drain() != 0) {
    }
  }
  EXPECT_EQ(f.accepted, 40'000U);
  EXPECT_EQ(f.pipeline.latency().of(LatencyStages::kTick).count(), 40'000U);
  EXPECT_EQ(f.pipeline.latency().of(LatencyStages::kHandOver).count(),
            f.pipeline.latency().of(LatencyStages::kAlert).count());
  return std::move(f.said);
}

// Wakes and the like come behind the batch: a tick that is here already does not wait for them.
TEST(Pipeline, SettlesRightBehindTheWriteAndRestsBehindTheBatch) {
  ManualClock clock{kOpen};
  processing::Monitor monitor{two_instruments()};
  std::string order;
  Pipeline pipeline{{.future_limit = {}},
                    monitor,
                    clock,
                    {.alerts = [&](SignalBuffer&) { order += 'w'; },
                     .accepted = [&](const processing::InstrumentMonitor&, MonoTime) { order += '.'; },
                     .wake = [] {},
                     .folding = [] {},
                     .settle = [&](SignalBuffer& signals) { order += signals.empty() ? '?' : 's'; },
                     .rest = [&] { order += 'r'; }}};
  Pipeline::Port port{pipeline, 0, 1};
  const auto tick = [&](const char* at, Duration since_open) {
    Tick t{};
    t.symbol = SymbolId{1};
    t.price = price(at);
    t.ts_event = kOpen + since_open;
    t.ts_recv = clock.now();
    t.mono_recv = clock.mono();
    port.on_tick(t);
  };
  tick("95", 0s);
  pipeline.drain();
  EXPECT_EQ(order, ".") << "nothing was said";
  order.clear();
  tick("101", 1s);
  tick("101", 2s);
  tick("115", 3s);
  pipeline.drain();
  EXPECT_EQ(order, "ws..ws.r");
  pipeline.drain();
  EXPECT_EQ(order, "ws..ws.r") << "once";
  EXPECT_EQ(pipeline.latency().of(LatencyStages::kSettle).count(), 2U);
}

TEST(Pipeline, SaysTheSameInTheSameOrderWithAnyNumberOfWorkers) {
  const auto one = said_with(1);
  ASSERT_GT(one.size(), 500U);
  for (const int workers : {2, 4}) {
    const auto many = said_with(workers);
    ASSERT_EQ(many.size(), one.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      ASSERT_EQ(many[i].id, one[i].id) << i;
      ASSERT_EQ(many[i].mono_decided, one[i].mono_decided) << i;
    }
  }
}

}  // namespace
}  // namespace yagura::app
