// Candles and ticks on the disk.
#include "alerts/history_table.hpp"

#include <gmock/gmock.h>

#include <random>

#include "alerts/alert_query.hpp"
#include "alerts/journal.hpp"
#include "alerts/packed_ticks.hpp"
#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using processing::Candle;
using processing::CandleStep;
using processing::PastTick;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kDay = 86'400;
constexpr auto kStart = Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 2 / 9}};

PastTick tick(Duration since, std::int64_t raw) { return {.at = kStart + since, .price = Price::from_raw(raw)}; }

TEST(PackedTicks, ReadBackWhateverTheyAre) {
  std::mt19937_64 random{11};
  EXPECT_EQ(unpack(pack({}))->size(), 0U);
  for (int round = 0; round < 300; ++round) {
    std::vector<PastTick> ticks;
    const bool wild = round % 3 == 0;  // anything 64 bits can hold
    Timestamp at = kStart;
    for (auto count = random() % 50; count != 0; --count) {
      at = wild ? timestamp_from_ns(static_cast<std::int64_t>(random()))
                : at + Duration{static_cast<std::int64_t>(random() % 3000) * 1'000'000};
      const auto price = [&] {
        return Price::from_raw(wild ? static_cast<std::int64_t>(random())
                                    : static_cast<std::int64_t>(random() % 10'000'000) * 10'000'000);
      };
      PastTick one{.at = at, .price = price()};
      if (random() % 2 == 0) one.bid = price();
      if (random() % 2 == 0) one.ask = price();
      ticks.push_back(one);
    }
    const auto back = unpack(pack(ticks));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(*back, ticks) << round;
  }
}

TEST(PackedTicks, AreSmallForAMarketsTicks) {
  std::vector<PastTick> ticks;
  for (int i = 0; i < 1000; ++i) {
    auto one = tick(i * 137ms, 157'120'000'000 + i % 17 * 1'000'000);
    one.bid = one.price - PriceDelta::from_raw(2'000'000);
    one.ask = one.price - PriceDelta::from_raw(-2'000'000);
    ticks.push_back(one);
  }
  EXPECT_LT(pack(ticks).size(), 1000U * 7);
}

TEST(PackedTicks, NoDamagedByteReadsBack) {
  const auto packed = pack(std::vector{tick(0s, 100), tick(1s, 101), tick(2s, 99)});
  EXPECT_FALSE(unpack(""));
  for (std::size_t i = 0; i < packed.size(); ++i) {
    EXPECT_FALSE(unpack(packed.substr(0, i)));
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_FALSE(unpack(damaged)) << i;
    }
  }
}

class HistoryOnDisk : public testing::Test {
 protected:
  void open(Duration keep = {}) {
    Journal::Options options;
    options.keep = keep;
    options.keep_minutes = 24h;
    auto opened = Journal::open(dir_, std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    journal_ = *std::move(opened);
  }
  void put(HistoryRows rows) {
    Snapshot snapshot{.version = 1, .position = ++position_, .blob = "state"};
    snapshot.history.push_back(std::move(rows));
    ASSERT_TRUE(journal_->put_snapshot(std::move(snapshot)));
    ASSERT_TRUE(journal_->flush());
  }
  static HistoryRows candles(CandleStep step, std::int64_t first, std::int64_t count) {
    HistoryRows rows{.instrument = "NI225", .erase_from = {}, .candles = {}, .pieces = {}};
    for (std::int64_t i = 0; i < count; ++i) {
      const auto price = Price::from_raw(1'000 + first + i);
      rows.candles.push_back({step,
                              {.from_s = (first + i) * seconds_of(step),
                               .open = price,
                               .high = price,
                               .low = price,
                               .close = price,
                               .ticks = 1}});
    }
    return rows;
  }
  std::vector<std::int64_t> starts(const CandleRange& range, std::string_view instrument = "NI225") {
    auto query = AlertQuery::open(dir_.journal_file());
    auto found = query->candles(instrument, range);
    EXPECT_TRUE(found);
    std::vector<std::int64_t> all;
    for (const auto& candle : *found) all.push_back(candle.from_s / seconds_of(range.step));
    return all;
  }
  std::vector<TickPiece> pieces(Duration from, Duration to) {
    auto query = AlertQuery::open(dir_.journal_file());
    return *query->pieces("NI225", kStart + from, kStart + to);
  }

  TempDir temp_;
  StateDir dir_{temp_.path() / "state"};
  std::unique_ptr<Journal> journal_;
  std::int64_t position_ = 0;
};

TEST_F(HistoryOnDisk, CandlesComeWithTheirSnapshotAndAnOlderOneLosesNone) {
  open();
  for (std::int64_t i = 0; i < 20; ++i) {
    // The storage thread may take several of them at once: all but the newest blob are dropped.
    while (!journal_->put_snapshot(
        {.version = 1, .position = i, .blob = "", .history = {candles(CandleStep::kMinute, i, 1)}}))
      ASSERT_TRUE(journal_->flush());
  }
  ASSERT_TRUE(journal_->flush());
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .limit = 100}), SizeIs(20));
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .limit = 3}), ElementsAre(0, 1, 2));
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .limit = 3, .newest = true}), ElementsAre(17, 18, 19));
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .from_s = 300, .to_s = 420, .limit = 9}), ElementsAre(5, 6));
  EXPECT_THAT(starts({.step = CandleStep::kHour, .limit = 9}), IsEmpty());
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .limit = 9}, "USDJPY"), IsEmpty());
}

TEST_F(HistoryOnDisk, WhatProvedWrongIsErasedBeforeWhatIsRightComes) {
  open();
  put(candles(CandleStep::kMinute, 0, 10));
  auto rows = candles(CandleStep::kMinute, 9, 2);
  rows.erase_from = timestamp_from_ns(7 * 60'000'000'000 + 1);
  put(std::move(rows));
  EXPECT_THAT(starts({.step = CandleStep::kMinute, .limit = 100}), ElementsAre(0, 1, 2, 3, 4, 5, 6, 9, 10));
}

TEST_F(HistoryOnDisk, OfSecondsAsManyStayAsARestartLoads) {
  open();
  for (std::int64_t i = 0; i < 12; ++i) put(candles(CandleStep::kSecond, i * 1000, 1000));
  const auto left = starts({.step = CandleStep::kSecond, .limit = 100'000});
  EXPECT_GE(left.size(), HistoryTable::kSeconds);
  EXPECT_LE(left.size(), HistoryTable::kSeconds + 2'048);
  EXPECT_EQ(left.back(), 11'999);
}

TEST_F(HistoryOnDisk, ShortRunsLeaveNoMoreSecondsThanALongOne) {
  for (std::int64_t i = 0; i < 12; ++i) {
    open();
    put(candles(CandleStep::kSecond, i * 1000, 1000));
    ASSERT_TRUE(journal_->close());
  }
  EXPECT_LE(starts({.step = CandleStep::kSecond, .limit = 100'000}).size(), HistoryTable::kSeconds + 2'048);
}

TEST_F(HistoryOnDisk, PiecesAreFoundByAnyMomentOfTheirs) {
  open();
  const auto put_piece = [&](Duration from, Duration to) {
    put({.instrument = "NI225",
         .erase_from = {},
         .candles = {},
         .pieces = {{kStart + from, kStart + to, {tick(from, 1), tick(to - 1ns, 2)}}}});
  };
  put_piece(0s, 120s);
  put_piece(120s, 180s);
  put_piece(1000s, 1120s);
  EXPECT_THAT(pieces(30s, 40s), SizeIs(1));
  EXPECT_THAT(pieces(30s, 120s), SizeIs(1));
  EXPECT_THAT(pieces(30s, 121s), SizeIs(2));
  EXPECT_THAT(pieces(180s, 1000s), IsEmpty());
  EXPECT_THAT(pieces(-60s, 2000s), SizeIs(3));
  EXPECT_THAT(pieces(1119s, 2000s), SizeIs(1));
  EXPECT_EQ(pieces(1119s, 2000s)[0].ticks.size(), 2U);
}

TEST_F(HistoryOnDisk, PiecesEndBehindTheTicksThatWereAskedFor) {
  open();
  for (int i = 0; i < 40; ++i) {
    const auto from = i * 10s;
    // Each but the last tick is replaced by the piece behind it: of four, three do not count.
    put({.instrument = "NI225",
         .erase_from = {},
         .candles = {},
         .pieces = {{kStart + from, kStart + from + 40s, {tick(from, 1), tick(from + 11s, 2), tick(from + 12s, 3)}}}});
  }
  auto query = AlertQuery::open(dir_.journal_file());
  EXPECT_THAT(*query->pieces("NI225", kStart, kStart + 1h), SizeIs(40));
  EXPECT_THAT(*query->pieces("NI225", kStart, kStart + 1h, 5), SizeIs(6)) << "five, and one that tells of more";
  EXPECT_THAT(*query->pieces("NI225", kStart + 100s, kStart + 1h, 5), SizeIs(6)) << "ticks before `from` do not count";
  EXPECT_THAT(*query->pieces("NI225", kStart, kStart + 1h, 39), SizeIs(40));
}

TEST_F(HistoryOnDisk, AgeIsCountedFromTheNewestOfItsKind) {
  open();
  put(candles(CandleStep::kMinute, 0, 3'000));  // two days and two hours
  put(candles(CandleStep::kDay, 0, 30));
  ASSERT_TRUE(journal_->close());
  open(10 * 24h);
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (journal_->status().forgotten < 1'559 + 19 && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  EXPECT_EQ(starts({.step = CandleStep::kMinute, .limit = 1}), std::vector<std::int64_t>{1'559});
  EXPECT_EQ(starts({.step = CandleStep::kDay, .limit = 1}), std::vector<std::int64_t>{19});
  EXPECT_EQ(kDay, seconds_of(CandleStep::kDay));
}

}  // namespace
}  // namespace yagura::alerts
