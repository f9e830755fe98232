// The seam between feeds and detectors: bounded, ordered, and folding when it is full.
#include "processing/tick_queue.hpp"

#include <malloc.h>

#include <thread>

#include "tests/processing/timeline.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr SymbolId kNikkei{0};
constexpr SymbolId kYen{1};

class TickQueueSpec : public ::testing::Test {
 protected:
  void given_queue(
      std::size_t capacity, WhenFull when_full = WhenFull::kFold,
      std::function<bool()> make_room = [] { return false; }) {
    queue_ = std::make_unique<TickQueue>(capacity);
    producer_ = std::make_unique<TickProducer>(*queue_, when_full, 2, std::move(make_room));
  }
  // The n-th tick of all, at its own nanosecond.
  Tick next(Points price, SymbolId symbol = kNikkei) {
    Tick tick{};
    tick.seq = ++count_;
    tick.ts_event = timestamp_from_ns(static_cast<std::int64_t>(count_));
    tick.mono_recv = MonoTime{Duration{static_cast<std::int64_t>(count_)}};
    tick.price = price;
    tick.symbol = symbol;
    return tick;
  }
  void push(Points price, SymbolId symbol = kNikkei) { producer_->push(next(price, symbol)); }
  // Pushes at 1.00 until a tick finds no room. That one is folded.
  std::size_t fill() {
    std::size_t pushed = 0;
    while (!producer_->folding()) {
      push(1_pts, kYen);
      ++pushed;
    }
    return pushed - 1;
  }
  std::vector<Tick> drain(std::size_t at_most = ~std::size_t{0}) {
    std::vector<Tick> all;
    std::array<Tick, 64> some;
    while (all.size() < at_most) {
      const auto taken = queue_->drain(std::span{some}.first(std::min(some.size(), at_most - all.size())));
      if (taken == 0) break;
      all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    return all;
  }
  // Prices of one instrument.
  static std::vector<std::string> prices(const std::vector<Tick>& ticks, SymbolId symbol = kNikkei) {
    std::vector<std::string> all;
    for (const auto& tick : ticks) {
      if (tick.symbol == symbol) all.push_back(to_string(tick.price));
    }
    return all;
  }

  std::unique_ptr<TickQueue> queue_;
  std::unique_ptr<TickProducer> producer_;
  std::uint64_t count_ = 0;
};

TEST_F(TickQueueSpec, GivesTicksBackInTheirOrder) {
  given_queue(1024);
  for (int i = 1; i <= 5; ++i) push(Points{i});
  EXPECT_EQ(queue_->depth(), 5U);
  const auto ticks = drain();
  ASSERT_EQ(ticks.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(ticks[i].seq, i + 1);
  EXPECT_EQ(queue_->depth(), 0U);
}

TEST_F(TickQueueSpec, HoldsAsManyAsItWasMadeFor) {
  for (const std::size_t capacity :
       {std::size_t{1}, std::size_t{255}, std::size_t{4'096}, std::size_t{65'536}, kMaxQueueCapacity}) {
    SCOPED_TRACE(capacity);
    given_queue(capacity);
    for (std::size_t i = 0; i < capacity; ++i) push(1_pts);
    EXPECT_FALSE(producer_->folding());
    EXPECT_EQ(queue_->depth(), capacity);
  }
}

TEST_F(TickQueueSpec, HoldsAtMostAboutTwiceThat) {
  given_queue(65'536);
  const auto room = fill();
  EXPECT_GE(room, 65'536U);
  EXPECT_LE(room, 2 * 65'536U);
}

TEST_F(TickQueueSpec, HoldsAsManyAgainWhenDrained) {
  given_queue(4'096);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 4'096; ++i) push(1_pts);
    ASSERT_FALSE(producer_->folding()) << "round " << round;
    ASSERT_EQ(drain().size(), 4'096U);
  }
}

TEST_F(TickQueueSpec, HoldsAsManyOfEveryProducer) {
  queue_ = std::make_unique<TickQueue>(4'096);
  std::vector<std::unique_ptr<TickProducer>> producers;
  for (int i = 0; i < 3; ++i)
    producers.push_back(std::make_unique<TickProducer>(*queue_, WhenFull::kFold, 2, [] { return false; }));
  for (auto& producer : producers) {
    for (int i = 0; i < 4'096; ++i) producer->push(next(1_pts));
    EXPECT_FALSE(producer->folding());
  }
  EXPECT_EQ(drain().size(), 3U * 4'096U);
}

TEST_F(TickQueueSpec, NeverAllocatesOnTheWayInOrOut) {
  given_queue(4'096);
  std::array<Tick, 64> some;
  const auto before = test::allocations();
  const auto heap_before = mallinfo2().uordblks;  // the queue itself takes its blocks from malloc
  for (int i = 0; i < 20'000; ++i) {
    push(Points{1 + i % 100}, i % 3 == 0 ? kYen : kNikkei);  // overflows, and folds
  }
  std::size_t taken = 0;
  while (const auto n = queue_->drain(some)) taken += n;
  EXPECT_EQ(test::allocations(), before);
  EXPECT_EQ(mallinfo2().uordblks, heap_before);
  EXPECT_GT(taken, 4'096U);
}

// -- folding --

TEST_F(TickQueueSpec, FoldsWhatFindsNoRoomToFirstLowHighAndLast) {
  given_queue(1);
  fill();
  for (const auto price : {100_pts, 103_pts, 101_pts, 98_pts, 99_pts, 102_pts, 100_pts}) push(price);
  drain();
  EXPECT_TRUE(producer_->flush());
  // The first went its own way, to be handed over as soon as there is room; the others are folded.
  EXPECT_THAT(prices(drain()), ElementsAre("100", "103", "98", "100"));
  EXPECT_FALSE(producer_->folding());
}

TEST_F(TickQueueSpec, KeepsTheOrderInWhichTheExtremesCame) {
  given_queue(1);
  fill();
  for (const auto price : {100_pts, 100.5_pts, 98_pts, 103_pts, 101_pts}) push(price);
  drain();
  producer_->flush();
  EXPECT_THAT(prices(drain()), ElementsAre("100", "100.5", "98", "103", "101"));
}

TEST_F(TickQueueSpec, SaysNoTickTwice) {
  given_queue(1);
  fill();
  for (const auto price : {100_pts, 98_pts, 99_pts, 103_pts}) push(price);  // first is low, high is last
  drain();
  producer_->flush();
  const auto ticks = drain();
  EXPECT_THAT(prices(ticks), ElementsAre("100", "98", "103"));
}

TEST_F(TickQueueSpec, KeepsInstrumentsApart) {
  given_queue(1);
  fill();  // of the yen
  for (const auto price : {100_pts, 105_pts, 95_pts, 101_pts, 102_pts}) push(price);
  for (const auto price : {3_pts, 2_pts, 5_pts, 4_pts}) push(price, kYen);
  drain();
  producer_->flush();
  const auto ticks = drain();
  EXPECT_THAT(prices(ticks), ElementsAre("100", "105", "95", "102"));
  EXPECT_THAT(prices(ticks, kYen), ElementsAre("1", "3", "2", "5", "4"));
}

TEST_F(TickQueueSpec, CountsTheTicksThatOthersStandFor) {
  given_queue(1);
  const auto room = fill();
  for (int i = 0; i < 1'000; ++i) push(Points{(100_pts).raw + (i * 7919) % 1'000});
  std::size_t out = drain().size();
  ASSERT_TRUE(producer_->flush());
  out += drain().size();
  EXPECT_EQ(out + producer_->folded(), room + 1 + 1'000);
  EXPECT_GT(producer_->folded(), 900U);
}

TEST_F(TickQueueSpec, MarksWhatWasFolded) {
  given_queue(1);
  fill();
  push(100_pts);
  push(101_pts);
  const auto before = drain();
  EXPECT_FALSE(has(before.back().flags, TickFlag::kFolded));
  producer_->flush();
  for (const auto& tick : drain()) EXPECT_TRUE(has(tick.flags, TickFlag::kFolded));
}

TEST_F(TickQueueSpec, LetsNoTickPassAnEarlierOneOfItsInstrument) {
  given_queue(1);
  fill();
  std::uint64_t random = 99;
  std::vector<Tick> out;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    push(Points{(100_pts).raw + static_cast<std::int64_t>(random >> 40) % 1'000},
         (random >> 33) % 2 == 0 ? kNikkei : kYen);
    if ((random >> 20) % 1'000 == 0) {
      for (const auto& tick : drain((random >> 36) % 700)) out.push_back(tick);
    }
  }
  for (const auto& tick : drain()) out.push_back(tick);
  ASSERT_TRUE(producer_->flush());
  for (const auto& tick : drain()) out.push_back(tick);
  std::array<std::uint64_t, 2> last{};
  for (const auto& tick : out) {
    ASSERT_GT(tick.seq, last[index_of(tick.symbol)]);
    last[index_of(tick.symbol)] = tick.seq;
  }
  EXPECT_EQ(out.size() + producer_->folded(), count_);
  EXPECT_EQ(std::max(last[0], last[1]), count_) << "the last tick of all comes through";
}

TEST_F(TickQueueSpec, LosesNoExtremeAndNotTheLastPrice) {
  given_queue(1);
  fill();
  std::uint64_t random = 5;
  std::int64_t low = (1'000_pts).raw;
  std::int64_t high = 0;
  std::int64_t last = 0;
  for (int i = 0; i < 5'000; ++i) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    last = (100_pts).raw + static_cast<std::int64_t>(random >> 40) % 1'000'000;
    low = std::min(low, last);
    high = std::max(high, last);
    push(Points{last});
  }
  drain();
  producer_->flush();
  std::int64_t seen_low = (1'000_pts).raw;
  std::int64_t seen_high = 0;
  std::int64_t seen_last = 0;
  for (const auto& tick : drain()) {
    if (tick.symbol != kNikkei) continue;
    seen_low = std::min(seen_low, tick.price.raw());
    seen_high = std::max(seen_high, tick.price.raw());
    seen_last = tick.price.raw();
  }
  EXPECT_EQ(seen_low, low);
  EXPECT_EQ(seen_high, high);
  EXPECT_EQ(seen_last, last);
}

// A frame may carry several ticks of one millisecond; they share both clocks.
TEST_F(TickQueueSpec, KeepsTheOrderOfTicksThatShareTheirTimes) {
  given_queue(1);
  fill();
  push(50_pts);  // waits by itself
  std::uint64_t seq = 0;
  for (const auto price : {100_pts, 103_pts, 101_pts, 98_pts}) {
    auto tick = next(price);
    tick.ts_event = timestamp_from_ns(1'000'000'000);
    tick.mono_recv = MonoTime{1s};
    tick.seq = ++seq;
    producer_->push(tick);
  }
  drain();
  producer_->flush();
  EXPECT_THAT(prices(drain()), ElementsAre("50", "100", "103", "98"));
}

// -- waiting --

TEST_F(TickQueueSpec, WaitsForRoomAndLosesNothing) {
  std::vector<Tick> out;
  int asked = 0;
  given_queue(1, WhenFull::kWait, [&] {
    ++asked;
    for (const auto& tick : drain(10)) out.push_back(tick);
    return true;
  });
  for (int i = 0; i < 5'000; ++i) push(1_pts);
  for (const auto& tick : drain()) out.push_back(tick);
  EXPECT_GT(asked, 0);
  ASSERT_EQ(out.size(), 5'000U);
  for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i].seq, i + 1);
  EXPECT_EQ(producer_->folded(), 0U);
}

TEST_F(TickQueueSpec, GivesATickUpWhenNoRoomWillCome) {
  int asked = 0;
  given_queue(1, WhenFull::kWait, [&] { return ++asked % 3 != 0; });
  std::size_t pushed = 0;
  while (asked == 0) {
    push(1_pts);
    ++pushed;
  }
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(drain().size(), pushed - 1);
}

// -- several feeds --

TEST_F(TickQueueSpec, LeavesRoomForOneFeedAfterTheBurstOfAnother) {
  queue_ = std::make_unique<TickQueue>(4'096);
  TickProducer busy{*queue_, WhenFull::kFold, 2, [] { return false; }};
  TickProducer quiet{*queue_, WhenFull::kFold, 2, [] { return false; }};
  while (!busy.folding()) busy.push(next(1_pts, kYen));
  drain();
  busy.flush();
  drain();
  quiet.push(next(100_pts));
  EXPECT_FALSE(quiet.folding());
  EXPECT_THAT(prices(drain()), ElementsAre("100"));
}

// Producers on their own threads push ticks numbered from 1; the order of each must hold.
void run_producers(TickQueue& queue, std::size_t producers, std::uint64_t ticks) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  const auto in_time = [deadline] {
    std::this_thread::yield();
    return std::chrono::steady_clock::now() < deadline;
  };
  std::vector<std::unique_ptr<TickProducer>> feeds;
  for (std::size_t i = 0; i < producers; ++i) {
    feeds.push_back(std::make_unique<TickProducer>(queue, WhenFull::kWait, 1, in_time));
  }
  std::vector<std::thread> threads;
  for (std::size_t source = 0; source < producers; ++source) {
    threads.emplace_back([&, source] {
      for (std::uint64_t seq = 1; seq <= ticks; ++seq) {
        Tick tick{};
        tick.source = SourceId{static_cast<std::uint16_t>(source)};
        tick.seq = seq;
        feeds[source]->push(tick);
      }
    });
  }
  std::vector<std::uint64_t> last(producers);
  std::array<Tick, 256> some;
  std::uint64_t out_of_order = 0;
  for (std::uint64_t total = 0; total < producers * ticks && in_time();) {
    const auto taken = queue.drain(some);
    total += taken;
    for (const auto& tick : std::span{some}.first(taken)) {
      auto& before = last[static_cast<std::size_t>(tick.source)];
      out_of_order += tick.seq == before + 1 ? 0 : 1;
      before = tick.seq;
    }
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(out_of_order, 0U);
  EXPECT_THAT(last, ::testing::Each(ticks));
}

TEST_F(TickQueueSpec, CarriesManyTimesItsCapacityFromOneThreadToAnother) {
  TickQueue queue{1'024};
  run_producers(queue, 1, 200'000);
}

TEST_F(TickQueueSpec, KeepsTheOrderOfEachOfSeveralThreads) {
  TickQueue queue{1'024};
  run_producers(queue, 3, 50'000);
}

}  // namespace
}  // namespace yagura::processing
