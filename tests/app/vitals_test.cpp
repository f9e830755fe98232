#include "app/vitals.hpp"

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class VitalsSpec : public ::testing::Test {
 protected:
  void look_after(Duration time) {
    now += time;
    vitals.look(now, 1s);
  }
  std::vector<std::string> stuck() const {
    std::vector<std::string> names;
    for (const auto& thread : vitals.stuck()) names.push_back(thread.name);
    return names;
  }

  Pulse detector, helper;
  MonoTime now{1h};
  Vitals vitals{{{"detector", &detector, 5s}, {"helper", &helper, 5s}}};
};

TEST_F(VitalsSpec, AThreadThatBeatsMoves) {
  for (int i = 0; i < 20; ++i) {
    detector.beat();
    look_after(1s);
    EXPECT_TRUE(vitals.all_moved());
    EXPECT_THAT(stuck(), IsEmpty());
  }
}

TEST_F(VitalsSpec, OneThatStandsStillIsNamedWhenItsLimitHasPassed) {
  detector.beat();
  look_after(1s);
  for (int i = 0; i < 5; ++i) {
    look_after(1s);
    EXPECT_FALSE(vitals.all_moved()) << "the watchdog is not fed meanwhile";
    EXPECT_THAT(stuck(), IsEmpty());
  }
  look_after(1s);
  EXPECT_THAT(stuck(), ElementsAre("detector"));
  EXPECT_EQ(vitals.stuck().front().since, 6s);
  detector.beat();
  look_after(1s);
  EXPECT_TRUE(vitals.all_moved());
  EXPECT_THAT(stuck(), IsEmpty());
}

TEST_F(VitalsSpec, OneThatRestsIsNotStuckHoweverLong) {
  detector.beat();
  helper.beat();
  look_after(1s);
  helper.rest();
  for (int i = 0; i < 20; ++i) {
    detector.beat();
    look_after(1s);
    EXPECT_TRUE(vitals.all_moved());
  }
  helper.beat();  // took a share of work and never came back
  for (int i = 0; i < 7; ++i) {
    detector.beat();
    look_after(1s);
  }
  EXPECT_THAT(stuck(), ElementsAre("helper"));
}

TEST_F(VitalsSpec, NobodyIsBlamedWhenTheWholeProcessStoodStill) {
  detector.beat();
  look_after(1s);
  look_after(30s);
  EXPECT_THAT(stuck(), IsEmpty());
  for (int i = 0; i < 6; ++i) look_after(1s);
  EXPECT_THAT(stuck(), ElementsAre("detector"));
}

}  // namespace
}  // namespace yagura::app
