// What is asked of the machine for the path of a tick, and what is said when it cannot be had.
#include "app/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace yagura::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <class Call>
void on_a_thread(Call call) {
  std::thread{call}.join();
}

int policy_of_this_thread() {
  int policy = -1;
  sched_param priority{};
  ::pthread_getschedparam(::pthread_self(), &policy, &priority);
  return policy & ~SCHED_RESET_ON_FORK;
}

int first_permitted_core() {
  cpu_set_t set;
  ::sched_getaffinity(0, sizeof set, &set);
  std::size_t core = 0;
  while (!CPU_ISSET(core, &set)) ++core;
  return static_cast<int>(core);
}

TEST(Machine, AsksForNothingByDefault) {
  EXPECT_EQ(describe_place({}), "");
  EXPECT_THAT(missing_on_this_machine({}), IsEmpty());
}

TEST(Machine, PinsTheThreadThatIsNamed) {
  config::PipelineSettings pipeline;
  pipeline.detector_cpu = first_permitted_core();
  on_a_thread([&] {
    EXPECT_THAT(take_place(PathThread::kDetector, pipeline), IsEmpty());
    cpu_set_t set;
    ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
    EXPECT_EQ(CPU_COUNT(&set), 1);
    EXPECT_TRUE(CPU_ISSET(static_cast<std::size_t>(*pipeline.detector_cpu), &set));
  });
}

TEST(Machine, SaysWhichCoresThereAre) {
  config::PipelineSettings pipeline;
  pipeline.feeds_cpu = 1023;
  on_a_thread([&] {
    EXPECT_THAT(take_place(PathThread::kFeeds, pipeline),
                ElementsAre(AllOf(HasSubstr("pipeline.cpus: feeds = 1023"), HasSubstr("may use core "),
                                  HasSubstr(std::to_string(first_permitted_core())))));
  });
}

TEST(Machine, DoesNotTakeEveryCoreInRealTime) {
  config::PipelineSettings pipeline;
  pipeline.realtime = true;
  pipeline.wait = config::WaitMode::kSpin;
  pipeline.workers = static_cast<int>(std::thread::hardware_concurrency());
  on_a_thread([&] {
    EXPECT_THAT(take_place(PathThread::kDetector, pipeline),
                ElementsAre(AllOf(HasSubstr("pipeline.realtime"), HasSubstr("fewer workers"))));
    EXPECT_EQ(policy_of_this_thread(), SCHED_OTHER);
  });
}

// Whether it may depends on who runs the test: either it is done or it is said.
TEST(Machine, RunsInRealTimeOrSaysWhatWouldPermitIt) {
  config::PipelineSettings pipeline;
  pipeline.realtime = true;
  pipeline.wait = config::WaitMode::kBlock;
  on_a_thread([&] {
    const auto missing = take_place(PathThread::kFeeds, pipeline);
    if (policy_of_this_thread() == SCHED_FIFO) {
      EXPECT_THAT(missing, IsEmpty());
    } else {
      EXPECT_THAT(missing, ElementsAre(AllOf(HasSubstr("RLIMIT_RTPRIO"), HasSubstr("CAP_SYS_NICE"))));
    }
  });
}

TEST(Machine, LocksNoMemoryUnderALimitThatAnAllocationCouldMeet) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_MEMLOCK, &before), 0);
  rlimit small = before;
  small.rlim_cur = 65'536;
  ASSERT_EQ(::setrlimit(RLIMIT_MEMLOCK, &small), 0);
  const auto user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(65'534), 0);
  }
  config::PipelineSettings pipeline;
  pipeline.lock_memory = true;
  const auto missing = hold_memory(pipeline);
  ASSERT_EQ(::seteuid(user), 0);
  ASSERT_EQ(::setrlimit(RLIMIT_MEMLOCK, &before), 0);
  EXPECT_THAT(missing, ElementsAre(AllOf(HasSubstr("pipeline.lock_memory"), HasSubstr("64 KiB"),
                                         HasSubstr("LimitMEMLOCK=infinity"))));
}

TEST(Machine, ThreadsMadeInTheBackgroundStayThere) {
  on_a_thread([] {
    {
      const InBackground threads{true};
      on_a_thread([] { EXPECT_EQ(policy_of_this_thread(), SCHED_BATCH); });
    }
    EXPECT_EQ(policy_of_this_thread(), SCHED_OTHER);
    const InBackground none{false};
    on_a_thread([] { EXPECT_EQ(policy_of_this_thread(), SCHED_OTHER); });
  });
}

TEST(Machine, DescribesWhatIsAskedFor) {
  config::PipelineSettings pipeline;
  pipeline.feeds_cpu = 0;
  pipeline.detector_cpu = 1;
  pipeline.realtime = pipeline.lock_memory = true;
  EXPECT_EQ(describe_place(pipeline), "feeds on core 0, detector on core 1, real time, memory locked");
}

}  // namespace
}  // namespace yagura::app
