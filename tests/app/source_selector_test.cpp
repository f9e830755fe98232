#include "app/source_selector.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using Choice = SourceSelector::Choice;

constexpr SymbolId kYen{0};

struct TwoFeeds : testing::Test {
  SourceSelector selector{
      {InstrumentInfo{.symbol = "USDJPY", .name = {}, .name_ja = {}, .calendar = CalendarKind::kFx, .gap_after = {}}},
      2};
  MonoTime start{1h};
  Duration lag{};  // of event times behind their receipt
  Choice from(int feed, int priority, Duration at) { return from(feed, priority, at, lag); }
  Choice from(int feed, int priority, Duration at, Duration behind) {
    Tick tick{};
    tick.symbol = kYen;
    tick.ts_recv = Timestamp{1000h} + at;
    tick.ts_event = tick.ts_recv - behind;
    tick.mono_recv = start + at;
    return selector.choose(tick, feed, priority);
  }
  Choice main(Duration at) { return from(0, 1, at); }
  Choice backup(Duration at) { return from(1, 2, at); }
};

TEST_F(TwoFeeds, TheBetterOneSpeaksWhileItIsHeard) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(1s), Choice::kStandby);
  EXPECT_EQ(backup(10s), Choice::kStandby);
  EXPECT_EQ(main(10s), Choice::kPass);
  EXPECT_EQ(selector.switches(kYen), 0U);
}

TEST_F(TwoFeeds, TheOtherTakesOverOnlyWhenItIsStale) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(10s), Choice::kStandby);
  EXPECT_EQ(backup(10s + 1ns), Choice::kSwitched);
  EXPECT_EQ(backup(11s), Choice::kPass);
  EXPECT_EQ(selector.feed_of(kYen), 1);
  EXPECT_EQ(selector.switches(kYen), 1U);
}

TEST_F(TwoFeeds, TheBetterOneMustBeBackForAWhile) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(11s), Choice::kSwitched);
  EXPECT_EQ(main(12s), Choice::kStandby);
  EXPECT_EQ(backup(13s), Choice::kPass);
  EXPECT_EQ(main(17s), Choice::kStandby);
  EXPECT_EQ(main(21s), Choice::kStandby) << "three ticks, but nine seconds";
  EXPECT_EQ(backup(21s), Choice::kPass);
  EXPECT_EQ(main(22s), Choice::kSwitched);
  EXPECT_EQ(backup(23s), Choice::kStandby);
}

TEST_F(TwoFeeds, AFlickerIsNoReturn) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(11s), Choice::kSwitched);
  for (int i = 1; i < 20; ++i) {
    EXPECT_EQ(main(12s * i), Choice::kStandby) << "every 12 s: stale between any two";
    EXPECT_EQ(backup(12s * i + 1s), Choice::kPass);
    EXPECT_EQ(backup(12s * i + 6s), Choice::kPass);
  }
}

TEST_F(TwoFeeds, AnyMaySpeakWhenBothWereStale) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(11s), Choice::kSwitched);
  EXPECT_EQ(main(30s), Choice::kSwitched) << "the backup is stale itself";
}

TEST_F(TwoFeeds, AtTheStartTheBetterOneSpeaksAsSoonAsItComes) {
  EXPECT_EQ(backup(0s), Choice::kPass);
  EXPECT_EQ(main(1s), Choice::kSwitched);
  EXPECT_EQ(backup(2s), Choice::kStandby);
}

TEST_F(TwoFeeds, LaterItHasToStayForAWhile) {
  EXPECT_EQ(backup(0s), Choice::kPass);
  EXPECT_EQ(backup(9s), Choice::kPass);
  EXPECT_EQ(main(10s), Choice::kStandby);
  EXPECT_EQ(main(15s), Choice::kStandby);
  EXPECT_EQ(main(20s), Choice::kSwitched);
}

TEST_F(TwoFeeds, ABetterOneThatLagsBehindIsNotHandedBackTo) {
  EXPECT_EQ(backup(0s), Choice::kPass);
  EXPECT_EQ(backup(5s), Choice::kPass);
  lag = 2min;
  for (auto at = 6s; at < 5min; at += 1s) {
    EXPECT_EQ(main(at), Choice::kStandby);
    EXPECT_EQ(from(1, 2, at, 0s), Choice::kPass);
  }
  lag = 1s;
  EXPECT_EQ(main(5min), Choice::kStandby);
  EXPECT_EQ(main(5min + 5s), Choice::kStandby);
  EXPECT_EQ(main(5min + 10s), Choice::kSwitched);
}

TEST_F(TwoFeeds, OneThatFallsBehindLosesItsTurn) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(1s), Choice::kStandby);
  lag = 1min;
  EXPECT_EQ(main(10s), Choice::kPass) << "nobody better yet";
  EXPECT_EQ(from(1, 2, 11s, 0s), Choice::kSwitched);
  EXPECT_EQ(main(12s), Choice::kStandby);
}

TEST_F(TwoFeeds, AFeedAloneMayLagAsItLikes) {
  EXPECT_EQ(main(0s), Choice::kPass);
  lag = 1h;
  for (auto at = 1s; at < 60s; at += 1s) EXPECT_EQ(main(at), Choice::kPass);
  EXPECT_EQ(backup(60s), Choice::kStandby);
}

TEST_F(TwoFeeds, NobodyIsStaleWhileNothingIsDue) {
  EXPECT_EQ(main(0s), Choice::kPass);
  selector.set_limit(kYen, 10s, MonoTime::max());
  EXPECT_EQ(backup(1h), Choice::kStandby);
  selector.set_limit(kYen, 10s, start + 2h);
  EXPECT_EQ(backup(2h + 10s), Choice::kStandby) << "the market has just opened";
  EXPECT_EQ(backup(2h + 11s), Choice::kSwitched);
}

TEST_F(TwoFeeds, TheLimitIsTheInstruments) {
  EXPECT_EQ(main(0s), Choice::kPass);
  selector.set_limit(kYen, 40s, MonoTime{});
  EXPECT_EQ(backup(40s), Choice::kStandby);
  EXPECT_EQ(backup(41s), Choice::kSwitched);
}

TEST_F(TwoFeeds, ShowWhenTheyWereHeardAndMoved) {
  EXPECT_EQ(selector.heard(kYen, 1).at, MonoTime{});
  Tick tick{};
  tick.symbol = kYen;
  tick.price = Price::from_raw(5);
  for (const auto at : {1s, 2s}) {
    tick.mono_recv = start + at;
    (void)selector.choose(tick, 1, 2);
  }
  EXPECT_EQ(selector.heard(kYen, 1).at, start + 2s);
  EXPECT_EQ(selector.heard(kYen, 1).moved, start + 1s);
}

}  // namespace
}  // namespace yagura::app
