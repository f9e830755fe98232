#include "app/source_selector.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using Choice = SourceSelector::Choice;

constexpr SymbolId kYen{0};

struct TwoFeeds : testing::Test {
  SourceSelector selector{
      {InstrumentInfo{.symbol = "USDJPY", .name = {}, .name_ja = {}, .calendar = CalendarKind::kFx, .gap_after = {}}}};
  MonoTime start{};
  Choice main(Duration at) { return selector.choose(kYen, 0, 1, start + at); }
  Choice backup(Duration at) { return selector.choose(kYen, 1, 2, start + at); }
};

TEST_F(TwoFeeds, TheBetterOneSpeaksWhileItIsHeard) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(1s), Choice::kStandby);
  EXPECT_EQ(backup(10s), Choice::kStandby);
  EXPECT_EQ(main(10s), Choice::kPass);
}

TEST_F(TwoFeeds, TheOtherTakesOverAfterSilenceAndHandsBack) {
  EXPECT_EQ(main(0s), Choice::kPass);
  EXPECT_EQ(backup(10s + 1ns), Choice::kSwitched);
  EXPECT_EQ(backup(11s), Choice::kPass);
  EXPECT_EQ(selector.feed_of(kYen), 1);
  EXPECT_EQ(main(12s), Choice::kSwitched) << "the better one is back";
  EXPECT_EQ(backup(13s), Choice::kStandby);
}

TEST_F(TwoFeeds, TheBackupSpeaksFirstWhenItComesFirst) {
  EXPECT_EQ(backup(0s), Choice::kPass);
  EXPECT_EQ(main(1s), Choice::kSwitched);
}

}  // namespace
}  // namespace yagura::app
