// When a thread gives its core away: between pieces of long work, and while it spins.
#include "core/give_way.hpp"

#include <gtest/gtest.h>

#include "core/relax.hpp"
#include "tests/support/yield_count.hpp"

namespace yagura {
namespace {

using namespace std::chrono_literals;
using test::yields;

TEST(GiveWay, IsPatientWithOurOwnThreads) {
  const test::CountedYields counted;
  for (int i = 0; i < 1'000; ++i) {
    begin_long_work();
    give_way();
    give_way();
  }
  EXPECT_GT(yields, 1'500) << "but where the test itself lost its core";
}

TEST(GiveWay, OnceInAPieceOfWorkWhereAnotherProgramTakesItsSlice) {
  const test::CountedYields counted;
  begin_long_work();
  test::taken_by_others = 2ms;
  for (int i = 0; i < 5; ++i) give_way();
  EXPECT_EQ(yields, 1);
  begin_long_work();
  give_way();
  EXPECT_EQ(yields, 2) << "the next one tries again";
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
