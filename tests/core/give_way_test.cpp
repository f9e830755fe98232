// When a thread gives its core away: between pieces of long work, and while it spins.
#include "core/give_way.hpp"

#include <gtest/gtest.h>

#include "core/relax.hpp"
#include "tests/support/yield_count.hpp"

namespace yagura {
namespace {

using namespace std::chrono_literals;
using test::yields;

TEST(GiveWay, Yields) {
  const test::CountedYields counted;
  give_way();
  EXPECT_EQ(yields, 1);
}

TEST(GiveWay, StopsWhereAnotherProgramTakesItsSlice) {
  const test::CountedYields counted;
  test::taken_by_others = 2ms;
  for (int i = 0; i < 5; ++i) give_way();
  EXPECT_EQ(yields, 1);
}

TEST(Patience, LastsWithOurOwnThreads) {
  Patience patience;
  const MonoTime now{1h};
  patience.gave_away(now, now + 999us);
  EXPECT_TRUE(patience.lasts(now + 999us));
}

TEST(Patience, ComesBackASecondAfterAnotherProgramsSlice) {
  Patience patience;
  const MonoTime now{1h};
  patience.gave_away(now, now + 3ms);
  EXPECT_FALSE(patience.lasts(now + 3ms));
  EXPECT_FALSE(patience.lasts(now + 1002ms));
  EXPECT_TRUE(patience.lasts(now + 1003ms));
}

TEST(SpinPause, NeverYieldsWhereCoresAreToSpare) {
  const test::CountedYields counted;
  SpinPause pause{0};
  for (int i = 0; i < 100; ++i) {
    pause.worked();
    pause();
  }
  EXPECT_EQ(yields, 0);
}

TEST(SpinPause, YieldsNowAndThenWhereTheyAreNot) {
  const test::CountedYields counted;
  SpinPause pause{1'000'000};
  for (int i = 0; i < 800; ++i) pause();
  EXPECT_GE(yields, 80);
  EXPECT_LE(yields, 200) << "a yield is as long as a turn";
}

TEST(SpinPause, YieldsRightBehindWork) {
  const test::CountedYields counted;
  SpinPause pause{1'000'000};
  pause();
  for (int i = 0; i < 10; ++i) {
    pause.worked();
    yields = 0;
    pause();
    EXPECT_EQ(yields, 1);
  }
}

}  // namespace
}  // namespace yagura
