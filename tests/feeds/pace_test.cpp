#include "feeds/pace.hpp"

#include <gtest/gtest.h>

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp at(Duration offset) { return timestamp_from_ns(1'770'595'200'000'000'000) + offset; }
constexpr MonoTime kStart{1'000s};

TEST(PaceSpec, FollowsTheRecordingWhateverTheTimeNow) {
  Pace pace{{PaceStep{}}};
  pace.start(at(0s), kStart);
  EXPECT_EQ(pace.due(at(0s), kStart), kStart);
  EXPECT_EQ(pace.due(at(2s), kStart + 10s), kStart + 2s);  // a stall moves nothing
  EXPECT_EQ(pace.due(at(1s), kStart + 10s), kStart + 1s);  // nor does a late row
  EXPECT_EQ(pace.event_at(kStart + 5s), at(5s));
}

TEST(PaceSpec, RunsAtAnyMultiple) {
  Pace fast{{PaceStep{Timestamp::min(), 2.5}}};
  fast.start(at(0s), kStart);
  EXPECT_EQ(fast.due(at(10s), kStart), kStart + 4s);
  Pace slow{{PaceStep{Timestamp::min(), 0.5}}};
  slow.start(at(0s), kStart);
  EXPECT_EQ(slow.due(at(10s), kStart), kStart + 20s);
}

TEST(PaceSpec, ChangesSpeedAtAnEventTime) {
  Pace pace{{PaceStep{Timestamp::min(), 10'000}, PaceStep{at(96h), 144}}};
  pace.start(at(0s), kStart);
  EXPECT_EQ(pace.due(at(48h), kStart), kStart + 17'280ms);
  const auto change = kStart + 34'560ms;
  EXPECT_EQ(pace.due(at(96h), kStart), change);
  EXPECT_EQ(pace.due(at(120h), kStart), change + 600s);  // a day in ten minutes
  EXPECT_EQ(pace.event_at(change + 300s), at(108h));
}

TEST(PaceSpec, SkipsStepsThatAreOverBeforeTheFirstTick) {
  Pace pace{{PaceStep{at(-2h), 7}, PaceStep{at(-1h), 2}, PaceStep{at(1h), 1}}};
  pace.start(at(0s), kStart);
  EXPECT_EQ(pace.due(at(10s), kStart), kStart + 5s);
}

TEST(PaceSpec, KnowsNoWaitAtFullSpeedAndComesBackFromIt) {
  Pace pace{{PaceStep{Timestamp::min(), kMaxSpeed}, PaceStep{at(1h), 1}}};
  pace.start(at(0s), kStart);
  EXPECT_TRUE(pace.flat_out());
  EXPECT_EQ(pace.due(at(30min), kStart + 3s), kStart + 3s);
  EXPECT_EQ(pace.event_at(kStart + 9s), at(30min));
  EXPECT_EQ(pace.due(at(1h + 2s), kStart + 5s), kStart + 7s);
  EXPECT_FALSE(pace.flat_out());
}

}  // namespace
}  // namespace yagura::feeds
