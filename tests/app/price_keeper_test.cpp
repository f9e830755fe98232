// Past prices across restarts: snapshots at random moments, crashes at others.
#include "app/price_keeper.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <random>

#include "alerts/journal.hpp"
#include "tests/alerts/temp_dir.hpp"
#include "tests/app/pipeline_fixture.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using processing::Candle;
using processing::CandleStep;
using processing::PastTick;

constexpr SymbolId kTest{1};  // of two_instruments(): open day and night

class PriceKeeperSpec : public testing::Test {
 protected:
  void start() {
    auto opened = alerts::Journal::open(dir_);
    ASSERT_TRUE(opened) << opened.error().message;
    journal_ = *std::move(opened);
    keeper_.emplace(options_);
    auto query = alerts::AlertQuery::open(journal_->file());
    ASSERT_TRUE(query);
    const auto snapshot = journal_->load_snapshot();
    const auto loaded = keeper_->load(*query, snapshot ? snapshot->blob : "");
    ASSERT_TRUE(loaded) << loaded.error().message;
  }
  // As the process ends without a word: what was not committed is gone.
  void crash() {
    keeper_.reset();
    journal_.reset();
  }
  bool snapshot() {
    auto rows = keeper_->rows();
    const bool taken = journal_->put_snapshot(
        {.version = 1, .position = ++position_, .blob = keeper_->save(), .history = std::move(rows)});
    if (taken) keeper_->taken();
    return taken;
  }
  void take(const Tick& tick) {
    listener().on_accepted(tick, std::chrono::floor<std::chrono::days>(tick.ts_event), none_);
  }
  processing::TickObserver& listener() { return const_cast<processing::PriceHistory&>(keeper_->history()); }
  void alert(Timestamp at) {
    SignalBuffer signals;
    Signal signal{};
    signal.symbol = kTest;
    signal.ts_event = at;
    signals.add(signal);
    keeper_->note_alerts(signals);
  }
  static Tick tick(Timestamp at, std::int64_t price) {
    Tick tick{};
    tick.symbol = kTest;
    tick.ts_event = at;
    tick.price = Price::from_raw(price);
    return tick;
  }
  std::vector<Candle> candles(CandleStep step) {
    const auto& ring = keeper_->history().of(kTest).of(step);
    return ring.copy(ring.first(), ring.end());
  }
  // Every stored tick, pieces merged as an answer does.
  std::vector<std::int64_t> stored(Timestamp from, Timestamp to) {
    auto query = alerts::AlertQuery::open(journal_->file());
    std::vector<std::int64_t> all;
    const auto pieces = *query->pieces(keeper_->key_of(kTest), from, to);
    for (const auto& piece : pieces) {
      while (!all.empty() && all.back() >= to_ns(piece.from)) all.pop_back();
      for (const auto& past : piece.ticks) all.push_back(to_ns(past.at));
    }
    return all;
  }

  processing::MonitorOptions options_ = two_instruments();
  alerts::TempDir temp_;
  alerts::StateDir dir_{temp_.path() / "state"};
  std::unique_ptr<alerts::Journal> journal_;
  std::optional<PriceKeeper> keeper_;
  SignalBuffer none_;
  std::int64_t position_ = 0;
};

bool same(const std::vector<Candle>& a, const std::vector<Candle>& b) {
  return std::ranges::equal(a, b, [](const Candle& x, const Candle& y) {
    return x.from_s == y.from_s && x.open == y.open && x.high == y.high && x.low == y.low && x.close == y.close &&
           x.ticks == y.ticks;
  });
}

// The ring of crashes gives back what came after the snapshot; so no tick may be missing or count twice.
TEST_F(PriceKeeperSpec, ACrashAnywhereCostsNoTickAndCountsNoneTwice) {
  std::mt19937_64 random{3};
  processing::PriceHistory whole{2, processing::PriceHistory::sizes_for(2)};
  std::vector<Tick> behind;  // the last snapshot
  start();
  Timestamp now = kOpen;
  for (int crashes = 0; crashes < 12; ++crashes) {
    for (auto count = random() % 400; count != 0; --count) {
      now += Duration{static_cast<std::int64_t>(random() % 20'000'000'000)};
      behind.push_back(tick(now, 1'000 + static_cast<std::int64_t>(random() % 1'000)));
      take(behind.back());
      whole.on_accepted(behind.back(), std::chrono::floor<std::chrono::days>(now), none_);
      if (random() % 50 == 0 && snapshot()) behind.clear();
    }
    ASSERT_TRUE(journal_->flush());
    crash();
    start();
    for (const auto& entry : behind) take(entry);
    for (const auto step : processing::kCandleSteps) {
      const auto& ring = whole.of(kTest).of(step);
      ASSERT_TRUE(same(candles(step), ring.copy(ring.first(), ring.end())))
          << "crash " << crashes << ", step " << seconds_of(step);
    }
  }
  EXPECT_GT(candles(CandleStep::kMinute).size(), 200U);
}

TEST_F(PriceKeeperSpec, ASnapshotThatIsNotTakenIsMadeUpForByTheNext) {
  start();
  for (int i = 0; i < 20; ++i) take(tick(kOpen + i * 60s, i));
  const auto first = keeper_->rows();
  ASSERT_EQ(first.size(), 1U);
  const auto again = keeper_->rows();
  EXPECT_EQ(again[0].candles.size(), first[0].candles.size());
  keeper_->taken();
  EXPECT_TRUE(keeper_->rows().empty());
}

TEST_F(PriceKeeperSpec, TicksAMinuteAroundAnAlertAreStoredOnceTheMinuteIsOver) {
  start();
  const auto second = [&](int i) {
    take(tick(kOpen + i * 1s, 100 + i));
    if (i == 100 || i == 130) alert(kOpen + i * 1s);
    if (i % 7 == 0 || i == 100) {
      EXPECT_TRUE(snapshot() && journal_->flush());
    }
  };
  for (int i = 0; i <= 100; ++i) second(i);
  EXPECT_EQ(stored(kOpen, kOpen + 1h).size(), 61U) << "what led to it is safe at once, itself too";
  for (int i = 101; i < 300; ++i) second(i);
  EXPECT_FALSE(keeper_->due());
  std::vector<std::int64_t> expected;
  for (int i = 40; i < 190; ++i) expected.push_back(to_ns(kOpen + i * 1s));
  EXPECT_EQ(stored(kOpen, kOpen + 1h), expected);
}

TEST_F(PriceKeeperSpec, TheClockAloneEndsAWindowAndAShutDownStoresWhatThereIs) {
  start();
  for (int i = 0; i <= 10; ++i) take(tick(kOpen + i * 1s, 100 + i));
  alert(kOpen + 10s);
  EXPECT_TRUE(keeper_->due());
  ASSERT_TRUE(snapshot());
  EXPECT_FALSE(keeper_->due());
  take(tick(kOpen + 11s, 5));
  keeper_->end_stretch();
  EXPECT_EQ(keeper_->complete_since(kTest), Timestamp::max());
  ASSERT_TRUE(snapshot() && journal_->flush());
  EXPECT_EQ(stored(kOpen, kOpen + 1h).size(), 12U);
  // Nothing is claimed for the time away.
  crash();
  start();
  take(tick(kOpen + 40s, 6));
  keeper_->on_clock(kTest, kOpen + 71s);
  EXPECT_TRUE(keeper_->due());
  ASSERT_TRUE(snapshot() && journal_->flush());
  auto query = alerts::AlertQuery::open(journal_->file());
  const auto pieces = *query->pieces("TEST", kOpen, kOpen + 1h);
  ASSERT_FALSE(pieces.empty());
  EXPECT_EQ(pieces.back().from, kOpen + 40s);
  EXPECT_EQ(pieces.back().to, kOpen + 70s);
}

TEST_F(PriceKeeperSpec, WhatProvedWrongIsErasedOnTheDiskToo) {
  start();
  for (int i = 0; i < 600; ++i) take(tick(kOpen + i * 1s, 5));
  ASSERT_TRUE(snapshot() && journal_->flush());
  listener().on_forgotten(kTest);
  for (int i = 600; i < 1500; ++i) take(tick(kOpen + i * 1s, 50));
  ASSERT_TRUE(snapshot() && journal_->flush());
  crash();
  start();
  EXPECT_EQ(candles(CandleStep::kSecond).size(), 900U);
  EXPECT_EQ(candles(CandleStep::kMinute).size(), 15U);
  for (const auto step : processing::kCandleSteps) {
    std::uint64_t sum = 0;
    for (const auto& candle : candles(step)) {
      EXPECT_EQ(candle.low, Price::from_raw(50));
      sum += candle.ticks;
    }
    EXPECT_EQ(sum, 900U) << seconds_of(step);
  }
}

TEST_F(PriceKeeperSpec, ImportedDaysStandAmongOurs) {
  const auto day = [](int number, std::int64_t close, std::optional<Price> open = {}) {
    const Price price = Price::from_raw(close);
    return processing::DailyRow{
        {std::chrono::floor<std::chrono::days>(kOpen) + std::chrono::days{number}, price, price, price}, open, {}, {}};
  };
  const std::vector days{day(-3, 30, Price::from_raw(31)), day(-2, 20), day(0, 99), day(1, 99)};
  start();
  for (int i = 0; i < 8; ++i) take(tick(kOpen + i * 24h, 5));
  ASSERT_TRUE(snapshot() && journal_->flush());
  for (int run = 0; run < 2; ++run) {
    crash();
    start();
    keeper_->add_days(kTest, days);
    const auto shown = candles(CandleStep::kDay);
    ASSERT_EQ(shown.size(), 10U);
    EXPECT_EQ(shown[0].open, Price::from_raw(31));
    EXPECT_EQ(shown[1].open, Price::from_raw(20));
    EXPECT_EQ(shown[1].ticks, 0U);
    EXPECT_EQ(shown[2].close, Price::from_raw(99)) << "theirs, where both are: ours may be a part of the day";
    EXPECT_EQ(shown[4].close, Price::from_raw(5));
    EXPECT_TRUE(keeper_->rows().empty()) << "nothing of it is to be stored";
    take(tick(kOpen + (8 + run) * 24h, 5));
    EXPECT_EQ(keeper_->rows().at(0).candles.size(), 1U + 3U) << "one day, hour, minute and second became final";
    ASSERT_EQ(candles(CandleStep::kDay).size(), 11U);
  }
}

TEST_F(PriceKeeperSpec, ImportedDaysFillAHoleInOurs) {
  const auto days_of = [](int first, int last) {
    std::vector<processing::DailyRow> days;
    const Price price = Price::from_raw(99);
    for (int i = first; i <= last; ++i)
      days.push_back(
          {{std::chrono::floor<std::chrono::days>(kOpen) + std::chrono::days{i}, price, price, price}, {}, {}, {}});
    return days;
  };
  start();
  take(tick(kOpen, 5));
  take(tick(kOpen + 24h * 10, 5));
  ASSERT_TRUE(snapshot() && journal_->flush());
  for (int last = 10; last < 20; ++last) {
    crash();
    start();
    keeper_->add_days(kTest, days_of(-2, last));
    const auto shown = candles(CandleStep::kDay);
    ASSERT_EQ(shown.size(), static_cast<std::size_t>(last + 3));
    for (const auto& candle : shown) {
      const auto day = (candle.from_s - shown[2].from_s) / 86'400;
      EXPECT_EQ(candle.ticks, day == 10 && last == 10 ? 1U : 0U) << "up to " << last << ", day " << day;
    }
    EXPECT_TRUE(keeper_->rows().empty());
    if (last == 10) {
      EXPECT_TRUE(snapshot() && journal_->flush());
    }
  }
}

TEST_F(PriceKeeperSpec, AnInstrumentThatIsLeftOutOfARunLosesNothing) {
  start();
  for (int i = 0; i < 100; ++i) take(tick(kOpen + i * 1h, i));
  std::vector<std::vector<Candle>> expected;
  for (const auto step : processing::kCandleSteps) expected.push_back(candles(step));
  ASSERT_TRUE(snapshot() && journal_->flush());
  const auto all = options_;
  for (const bool reload : {false, true}) {
    options_.instruments[1].symbol = "OTHER";
    if (!reload) {
      crash();
      start();
    } else {
      keeper_->use(options_);
    }
    EXPECT_TRUE(candles(CandleStep::kDay).empty());
    (void)keeper_->rows();  // not taken: they come again
    ASSERT_TRUE(snapshot() && journal_->flush());
    EXPECT_TRUE(keeper_->rows().empty());
    options_ = all;
    crash();
    start();
    for (const auto step : processing::kCandleSteps)
      EXPECT_TRUE(same(candles(step), expected[static_cast<std::size_t>(step)])) << seconds_of(step);
  }
}

TEST_F(PriceKeeperSpec, ASeriesWithAnotherExpressionHasNoPast) {
  start();
  take(tick(kOpen, 5));
  auto other = options_;
  other.instruments[1].symbol = "SPREAD";
  keeper_->use(options_);
  EXPECT_EQ(candles(CandleStep::kDay).size(), 1U);
  keeper_->use(other);
  EXPECT_TRUE(candles(CandleStep::kDay).empty());
  EXPECT_EQ(keeper_->complete_since(kTest), Timestamp::max());
}

TEST_F(PriceKeeperSpec, StateThatIsDamagedIsRefusedAndOtherInstrumentsGoTheirWay) {
  start();
  take(tick(kOpen, 5));
  const auto state = keeper_->save();
  auto query = alerts::AlertQuery::open(journal_->file());
  for (std::size_t size = 1; size < state.size(); ++size)
    EXPECT_FALSE(PriceKeeper{options_}.load(*query, state.substr(0, size))) << size;
  options_.instruments[1].symbol = "OTHER";
  PriceKeeper other{options_};
  ASSERT_TRUE(other.load(*query, state));
  EXPECT_EQ(other.history().of(kTest).of(CandleStep::kDay).size(), 0U);
}

}  // namespace
}  // namespace yagura::app
