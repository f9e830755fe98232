#include "app/clock_watch.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClockWatchSpec : public ::testing::Test {
 protected:
  ClockWatchSpec() {
    before = spdlog::default_logger();
    auto logger = std::make_shared<spdlog::logger>("captured", std::make_shared<spdlog::sinks::ostream_sink_st>(lines));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
  }
  ~ClockWatchSpec() override { spdlog::set_default_logger(before); }

  void seconds(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(1s);
      watch.look();
    }
  }
  std::size_t said(const std::string& words) const {
    std::size_t count = 0;
    const auto text = lines.str();
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
    return count;
  }

  std::ostringstream lines;
  std::shared_ptr<spdlog::logger> before;
  ManualClock clock{timestamp_from_ns(1'770'595'320'000'000'000)};
  std::optional<ClockWatch::Kernel> kernel{{.synchronised = true, .offset = 25us}};
  ClockWatch watch{clock, [this] { return kernel; }};
};

TEST_F(ClockWatchSpec, AQuietClockIsNothingToSay) {
  seconds(600);
  EXPECT_THAT(lines.str(), IsEmpty());
  EXPECT_TRUE(watch.status().known);
  EXPECT_TRUE(watch.status().synchronised);
  EXPECT_EQ(watch.status().offset, 25us);
  EXPECT_THAT(watch.status().reason, IsEmpty());
}

TEST_F(ClockWatchSpec, SlewingIsNoStep) {
  for (int i = 0; i < 600; ++i) {
    clock.step_wall(500us);
    seconds(1);
  }
  EXPECT_EQ(watch.status().steps, 0U);
}

TEST_F(ClockWatchSpec, AStepEitherWayIsCountedAndSaidOnceAMinute) {
  seconds(3);
  clock.step_wall(1h);
  seconds(1);
  EXPECT_THAT(lines.str(), HasSubstr("warning clock: the wall clock jumped by +3600.000 s"));
  EXPECT_THAT(watch.status().reason, HasSubstr("jumped by +3600.000 s"));
  clock.step_wall(-1h);
  seconds(1);
  EXPECT_EQ(watch.status().steps, 2U);
  EXPECT_EQ(said("jumped"), 1U) << "a clock that is pulled about is one warning";
  seconds(61);
  EXPECT_THAT(watch.status().reason, IsEmpty());
  clock.step_wall(-200ms);
  seconds(1);
  EXPECT_EQ(said("jumped by -0.200 s"), 1U);
}

TEST_F(ClockWatchSpec, AMissingSynchronisationIsSaidOnceWhenItLasts) {
  kernel->synchronised = false;
  seconds(59);
  EXPECT_FALSE(watch.status().synchronised) << "metrics know at once";
  EXPECT_EQ(watch.status().reason, "not synchronised");
  EXPECT_THAT(lines.str(), IsEmpty()) << "a machine that has just started may take a minute";
  seconds(600);
  EXPECT_EQ(said("not synchronised"), 1U);
  kernel->synchronised = true;
  seconds(10);
  EXPECT_EQ(said("synchronised again"), 1U);
}

TEST_F(ClockWatchSpec, AKernelThatMayNotBeAskedIsNotAccused) {
  kernel.reset();
  seconds(600);
  EXPECT_FALSE(watch.status().known);
  EXPECT_TRUE(watch.status().synchronised);
  EXPECT_THAT(lines.str(), IsEmpty());
}

TEST(KernelClock, CanBeAskedHere) { EXPECT_TRUE(ClockWatch::ask_kernel().has_value()); }

}  // namespace
}  // namespace yagura::app
