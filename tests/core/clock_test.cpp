// The wall's clock reckoned from the steady one.
#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace yagura {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart{1'770'595'200s};

// Each look takes a while, some of them long: the thread has lost its core.
class LostCore final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override {
    const auto wall = kStart + off_ + since_;
    since_ += stalls_ > 0 && stalls_-- > 0 ? Duration{20ms} : Duration{25ns};
    return wall;
  }
  [[nodiscard]] MonoTime mono() const noexcept override {
    since_ += 25ns;
    return MonoTime{1h} + since_;
  }
  void pass(Duration by) { since_ += by; }
  void lose_the_core(int times) { stalls_ = times; }
  void step_wall(Duration by) { off_ += by; }
  [[nodiscard]] Duration error(Timestamp wall, MonoTime moment) const {
    return wall - (kStart + off_ + (moment - MonoTime{1h}));
  }

 private:
  mutable Duration since_{0};
  mutable int stalls_ = 0;
  Duration off_{0};
};

TEST(WallClockBeside, StaysWithinAMicrosecondWhoeverTakesTheCore) {
  LostCore clock;
  WallClockBeside wall{clock};
  for (int i = 0; i < 1'000; ++i) {
    clock.pass(Duration{i % 7 * 100us});
    const auto moment = clock.mono();
    clock.pass(i % 50 == 0 ? Duration{5ms} : Duration{0});  // between the frame and its stamp
    clock.lose_the_core(i % 3);
    ASSERT_LE(abs(clock.error(wall.at(moment), moment)), 1us) << i;
  }
}

TEST(WallClockBeside, PutsNoLaterMomentBeforeAnEarlierOne) {
  LostCore clock;
  WallClockBeside wall{clock};
  auto last = wall.at(clock.mono());
  for (int i = 0; i < 100'000; ++i) {
    clock.lose_the_core(i % 997 == 0 ? 3 : 0);
    const auto stamp = wall.at(clock.mono());
    ASSERT_GE(stamp, last) << i;
    last = stamp;
  }
}

TEST(WallClockBeside, KeepsTheDistancesOfMomentsThatWaited) {
  LostCore clock;
  WallClockBeside wall{clock};
  std::vector<MonoTime> moments;
  for (int i = 0; i < 10; ++i) {
    clock.pass(900us);
    moments.push_back(clock.mono());
  }
  clock.pass(5ms);
  for (const auto moment : moments) EXPECT_LE(abs(clock.error(wall.at(moment), moment)), 1us);
}

TEST(WallClockBeside, FollowsAStepOfTheWallWithinAMillisecond) {
  LostCore clock;
  WallClockBeside wall{clock};
  for (const auto step : {Duration{-1h}, Duration{2h}, Duration{-1ms}}) {
    clock.step_wall(step);
    clock.pass(1ms);
    const auto moment = clock.mono();
    EXPECT_LE(abs(clock.error(wall.at(moment), moment)), 1us);
  }
}

}  // namespace
}  // namespace yagura
