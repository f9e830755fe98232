// Candles and ticks in memory.
#include "processing/price_history.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "processing/candle_fold.hpp"
#include "processing/monitor.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::processing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kOpen = Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 2 / 9}};  // Monday, 09:00 in Tokyo
constexpr std::int64_t kOpenS = kOpen.time_since_epoch() / std::chrono::seconds{1};

Price yen(std::int64_t whole) { return Price::from_raw(whole * Price::kScale); }

// from_s since the open, open, high, low, close, ticks: prices in whole yen.
using Row = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::uint64_t>;
Row row(const Candle& c) {
  const auto whole = [](Price p) { return p.raw() / Price::kScale; };
  return {c.from_s - kOpenS, whole(c.open), whole(c.high), whole(c.low), whole(c.close), c.ticks};
}
std::vector<Row> rows(const std::vector<Candle>& candles) {
  std::vector<Row> all;
  for (const auto& candle : candles) all.push_back(row(candle));
  return all;
}
std::vector<Row> rows(const CandleRing& ring) { return rows(ring.copy(ring.first(), ring.end())); }

class CandleRingSpec : public ::testing::Test {
 protected:
  // Candles of ten seconds.
  void tick(Duration since_open, std::int64_t price) {
    const auto at = kOpen + since_open;
    ring.push(interval_start(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), 10), at,
              yen(price));
  }
  CandleRing ring{8};
};

TEST_F(CandleRingSpec, FoldsTheTicksOfAnIntervalAndLeavesEmptyOnesOut) {
  tick(0s, 100);
  tick(1s, 103);
  tick(2s, 99);
  tick(9999ms, 101);
  tick(10s, 102);
  tick(45s, 98);
  EXPECT_THAT(rows(ring),
              ElementsAre(Row{0, 100, 103, 99, 101, 4}, Row{10, 102, 102, 102, 102, 1}, Row{40, 98, 98, 98, 98, 1}));
}

TEST_F(CandleRingSpec, ALateTickOpensOrWidensItsCandleButDoesNotCloseIt) {
  tick(2s, 100);
  tick(8s, 101);
  tick(12s, 102);
  tick(5s, 110);
  tick(1s, 90);
  EXPECT_THAT(rows(ring), ElementsAre(Row{0, 90, 110, 90, 101, 4}, Row{10, 102, 102, 102, 102, 1}));
}

TEST_F(CandleRingSpec, ATickTooLateForTheNewestCandlesIsIgnored) {
  for (int i = 0; i < 6; ++i) tick(i * 10s, 100 + i);
  tick(15s, 500);  // the fifth of six from the end
  tick(25s, 400);  // the fourth
  EXPECT_EQ(ring.settled(), ring.end() - 4);
  EXPECT_THAT(row(ring.at(1)), Row(10, 101, 101, 101, 101, 1));
  EXPECT_THAT(row(ring.at(2)), Row(20, 102, 400, 102, 400, 2));
  tick(95s, 106);
  tick(75s, 300);  // its interval had no candle
  EXPECT_EQ(ring.size(), 7U);
}

TEST_F(CandleRingSpec, WhenItIsFullTheOldestGo) {
  for (int i = 0; i < 20; ++i) tick(i * 10s, 100 + i);
  EXPECT_EQ(ring.first(), 12U);
  EXPECT_EQ(ring.size(), 8U);
  EXPECT_THAT(row(ring.at(12)), Row(120, 112, 112, 112, 112, 1));
  EXPECT_EQ(ring.find(kOpenS), 12U);
  EXPECT_EQ(ring.find(kOpenS + 121), 13U);
  EXPECT_EQ(ring.find(kOpenS + 190), 19U);
  EXPECT_EQ(ring.find(kOpenS + 191), 20U);
  EXPECT_THAT(ring.copy(3, 14), ::testing::SizeIs(2));
  EXPECT_THAT(ring.copy(14, 14), IsEmpty());
  ring.drop_from(kOpenS + 140);
  EXPECT_EQ(ring.size(), 2U);
  tick(150s, 7);
  EXPECT_EQ(rows(ring).back(), Row(150, 7, 7, 7, 7, 1));
  EXPECT_EQ(ring.first(), 12U) << "what was overwritten does not come back";
}

TEST(CandleFold, TakesIntervalsTogetherAndNegativeTimesToo) {
  EXPECT_EQ(interval_start(-1, 60), -60);
  EXPECT_EQ(interval_start(-60, 60), -60);
  EXPECT_EQ(interval_start(119, 60), 60);
  CandleRing ring{16};
  for (const int second : {0, 1, 4, 5, 9, 16})
    ring.push(kOpenS + second, kOpen + std::chrono::seconds{second}, yen(100 + second));
  EXPECT_THAT(
      rows(fold_candles(ring.copy(0, ring.end()), 5)),
      ElementsAre(Row{0, 100, 104, 100, 104, 3}, Row{5, 105, 109, 105, 109, 2}, Row{15, 116, 116, 116, 116, 1}));
}

// Random ticks, some late, against all of them sorted into intervals.
TEST(CandleFold, EqualsAModelThatKeepsEveryTick) {
  std::mt19937_64 random{7};
  for (int round = 0; round < 20; ++round) {
    CandleRing ring{4096};
    struct Model {
      std::vector<std::pair<Timestamp, Price>> ticks;
    };
    std::map<std::int64_t, Model> model;
    Timestamp now = kOpen;
    std::int64_t newest = 0;
    for (int i = 0; i < 3000; ++i) {
      now += Duration{static_cast<std::int64_t>(random() % 3'000'000'000)};
      const auto at = random() % 5 == 0 ? now - Duration{static_cast<std::int64_t>(random() % 6'000'000'000)} : now;
      const auto price = yen(50'000 + static_cast<std::int64_t>(random() % 1000));
      const auto from = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
      ring.push(from, at, price);
      if (from > newest) {
        newest = from;
      } else {
        // Late: taken if its candle is one of the newest four.
        const auto known = model.find(from);
        if (known == model.end() || std::distance(known, model.end()) > 4) continue;
      }
      model[from].ticks.emplace_back(at, price);
    }
    std::vector<Candle> expected;
    for (const auto& [from, one] : model) {
      Candle candle{.from_s = from, .high = yen(0), .low = yen(1'000'000)};
      for (const auto& [at, price] : one.ticks) {
        candle.high = std::max(candle.high, price);
        candle.low = std::min(candle.low, price);
        if (candle.ticks == 0 || at < candle.first) candle.first = at, candle.open = price;
        if (candle.ticks == 0 || at >= candle.last) candle.last = at, candle.close = price;
        ++candle.ticks;
      }
      expected.push_back(candle);
    }
    ASSERT_EQ(rows(ring), rows(expected)) << "round " << round;
    ASSERT_EQ(rows(fold_candles(ring.copy(0, ring.end()), 15)), rows(fold_candles(expected, 15)));
  }
}

Tick tick_at(Timestamp at, std::int64_t price, SymbolId symbol = SymbolId{0}) {
  Tick tick{};
  tick.symbol = symbol;
  tick.ts_event = at;
  tick.price = yen(price);
  return tick;
}

TEST(TickRing, KeepsTheNewestInOrderWithTheirSides) {
  TickRing ring{4};
  auto tick = tick_at(kOpen, 100);
  tick.flags = TickFlag::kHasBid;
  tick.bid = yen(99);
  ring.push(tick);
  EXPECT_FALSE(ring.wrapped());
  EXPECT_EQ(ring.newest().bid, yen(99));
  EXPECT_TRUE(ring.newest().has_bid());
  EXPECT_FALSE(ring.newest().has_ask());
  for (int i = 1; i < 6; ++i) ring.push(tick_at(kOpen + i * 1s, 100 + i));
  ring.push(tick_at(kOpen + 4s, 7));  // late
  EXPECT_TRUE(ring.wrapped());
  EXPECT_EQ(ring.oldest().price, yen(102));
  const auto some = ring.between(kOpen + 3s, kOpen + 5s);
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some.back().price, yen(104));
  EXPECT_EQ(ring.between(kOpen, kOpen + 1h, 3).size(), 3U);
  EXPECT_THAT(ring.between(kOpen + 5s, kOpen + 5s), IsEmpty());
  EXPECT_THAT(ring.between(kOpen + 6s, kOpen), IsEmpty());
}

MonitorOptions one_instrument(CalendarKind calendar) {
  MonitorOptions options;
  InstrumentInfo info;
  info.symbol = info.name = "TEST";
  info.calendar = calendar;
  info.filter = false;
  options.instruments = {info};
  return options;
}

class PriceHistorySpec : public ::testing::Test {
 protected:
  void start(CalendarKind calendar) {
    monitor = std::make_unique<Monitor>(one_instrument(calendar));
    history.listen_to(*monitor);
  }
  void tick(Timestamp at, std::int64_t price) { monitor->on_tick(tick_at(at, price), out); }
  std::vector<Row> of(CandleStep step) { return rows(history.of(SymbolId{0}).of(step)); }

  PriceHistory history{1, {}};
  std::unique_ptr<Monitor> monitor;
  SignalBuffer out;
};

TEST_F(PriceHistorySpec, KeepsEachStepOfWhatTheDetectorsAccept) {
  start(CalendarKind::kTse);
  tick(kOpen, 57'000);
  tick(kOpen + 61s, 57'100);
  tick(kOpen + 60s, 1);          // late: rejected
  tick(kOpen + 180min, 1);       // lunch: rejected
  tick(kOpen + 210min, 57'050);  // 12:30
  EXPECT_EQ(of(CandleStep::kSecond).size(), 3U);
  EXPECT_THAT(of(CandleStep::kMinute),
              ElementsAre(Row{0, 57'000, 57'000, 57'000, 57'000, 1}, Row{60, 57'100, 57'100, 57'100, 57'100, 1},
                          Row{210 * 60, 57'050, 57'050, 57'050, 57'050, 1}));
  EXPECT_THAT(of(CandleStep::kHour),
              ElementsAre(Row{0, 57'000, 57'100, 57'000, 57'100, 2}, Row{3 * 3600, 57'050, 57'050, 57'050, 57'050, 1}));
  EXPECT_THAT(of(CandleStep::kDay), ElementsAre(Row{0, 57'000, 57'100, 57'000, 57'050, 3}));
}

// The currency day begins at 17:00 in New York: 22:00 UTC of the day before, in winter.
TEST_F(PriceHistorySpec, ADayIsATradingDate) {
  start(CalendarKind::kFx);
  const auto sunday = kOpen - 1h;  // 23:00 UTC on Sunday: Monday's date
  tick(sunday, 157);
  tick(kOpen + 12h, 158);
  tick(kOpen + 22h + 1s, 159);  // Tuesday's
  EXPECT_THAT(of(CandleStep::kDay), ElementsAre(Row{0, 157, 158, 157, 158, 2}, Row{86'400, 159, 159, 159, 159, 1}));
}

TEST_F(PriceHistorySpec, WhatProvedWrongLeavesTheChart) {
  auto options = one_instrument(CalendarKind::kTse);
  options.instruments[0].filter = true;
  monitor = std::make_unique<Monitor>(options);
  history.listen_to(*monitor);
  // A decimal slip that nothing can tell from the truth, then the truth again and again.
  tick(kOpen, 5'700);
  EXPECT_EQ(of(CandleStep::kDay).size(), 1U);
  for (int i = 1; i <= 60; ++i) tick(kOpen + i * 1s, 57'000 + i % 3);
  ASSERT_EQ(monitor->instrument(SymbolId{0}).filter().counts().restarted, 1U);
  ASSERT_EQ(of(CandleStep::kDay).size(), 1U);
  EXPECT_GT(std::get<3>(of(CandleStep::kDay)[0]), 50'000) << "the low is a true price";
  EXPECT_EQ(history.of(SymbolId{0}).forgotten_from, kOpen);
  EXPECT_GT(history.of(SymbolId{0}).ticks.oldest().price, yen(50'000));
}

// Whoever says when, the candles are the same: a tick is in them once, and before anyone looks.
TEST_F(PriceHistorySpec, ATickIsFoldedOnceWheneverItIsSettled) {
  PriceHistory settled{1, {}};
  for (int i = 0; i < 1'000; ++i) {
    const auto at = tick_at(kOpen + i * 700ms, 100 + i * 7919 % 13);
    history.on_accepted(at, Date{std::chrono::floor<std::chrono::days>(kOpen)}, out);
    settled.on_accepted(at, Date{std::chrono::floor<std::chrono::days>(kOpen)}, out);
    for (int twice = 0; i % 3 != 0 && twice < 2; ++twice) settled.settle(SymbolId{0});
    if (i == 500) {
      history.begin_stretch();
      settled.begin_stretch();
    }
  }
  for (const auto step : kCandleSteps) EXPECT_EQ(of(step), rows(settled.of(SymbolId{0}).of(step)));
  EXPECT_EQ(std::get<5>(of(CandleStep::kDay)[0]), 1'000U);
  EXPECT_EQ(history.of(SymbolId{0}).ticks.newest(), settled.of(SymbolId{0}).ticks.newest());
  EXPECT_EQ(history.of(SymbolId{0}).began, kOpen + 501 * 700ms);
}

TEST_F(PriceHistorySpec, AllocatesNothingOnceItStands) {
  start(CalendarKind::kAlways);
  tick(kOpen, 100);
  const auto before = test::allocations();
  for (int i = 1; i < 200'000; ++i)
    history.on_accepted(tick_at(kOpen + i * 300ms, 100 + i % 7), Date{std::chrono::floor<std::chrono::days>(kOpen)},
                        out);
  EXPECT_EQ(test::allocations() - before, 0U);
}

TEST(PriceHistory, ItsMemoryIsBoundedForAnyNumberOfInstruments) {
  for (const std::size_t count : {1U, 2U, 32U, 33U, 100U, 512U, 1000U}) {
    const auto sizes = PriceHistory::sizes_for(count);
    std::size_t each = sizes.ticks * sizeof(PastTick);
    for (const auto size : sizes.candles) each += size * sizeof(Candle);
    EXPECT_LE(each * count, std::size_t{110} << 20) << count;
    EXPECT_LE(each, std::size_t{3'400'000}) << count;
    EXPECT_GE(sizes.candles[0], CandleRing::kUnsettled + 1);
  }
  EXPECT_EQ((PriceHistory{2, PriceHistory::sizes_for(2)}.bytes()), 2U * (65'536 * 32 + 19'456 * 64));
}

}  // namespace
}  // namespace yagura::processing
