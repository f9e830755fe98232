// The line that long work shows on a terminal.
#include "app/progress.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

TEST(ProgressSpec, SaysHowFarHowFastAndHowLongStill) {
  EXPECT_EQ(progress_line("backtest", 0.25, 2'500'000, 2s, 100),
            "backtest  [######..................]  25 %  1.2 M ticks/s  6 s left");
  EXPECT_EQ(progress_line("reading a.csv", 0.5, 45'000, 100s, 100),
            "reading a.csv  [############............]  50 %  450 ticks/s  1 min 40 s left");
}

TEST(ProgressSpec, AnUnknownSizeHasNoPercent) {
  EXPECT_EQ(progress_line("reading -", -1, 45'000, 3s, 100), "reading -  15 k ticks/s");
}

TEST(ProgressSpec, TheStartAndTheEndAreNoSpecialCases) {
  EXPECT_EQ(progress_line("x", 0, 0, 1s, 100), "x  [........................]  0 %  0 ticks/s");
  EXPECT_EQ(progress_line("x", 1.5, 10, 1s, 100), "x  [########################]  100 %  10 ticks/s  0 s left");
}

TEST(ProgressSpec, ANarrowTerminalCutsTheLineBetweenCharacters) {
  EXPECT_EQ(progress_line("日経平均", 0.5, 10, 1s, 5), "日経");
  EXPECT_EQ(progress_line("x", 0.5, 10, 1s, 0), "");
}

}  // namespace
}  // namespace yagura::app
