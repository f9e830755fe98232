// Slow pushes: what the sum of small steps finds, and how seldom it finds what is not there.
#include <numeric>
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr double kSigma = 9e-5 * 2.2360679775;  // of a print every 5 s: 20 % a year

// The Nikkei printing every 5 s, as an endless walk so that no session cuts a run short.
class CusumSpec : public Timeline {
 protected:
  CusumSpec() {
    auto info = coin();
    info.tick = 0.01_pts;
    watch(info);
  }
  RuleIndex given_drift(double limit) { return given_rule(CusumOptions{.grid = 5s, .allowance = 0.5, .limit = limit}); }

  // `count` steps with a mean of so many standard deviations; until something is said, if asked.
  int steps(int count, double drift = 0, bool until_said = false) {
    for (int i = 0; i < count; ++i) {
      log_ += kSigma * (normal_(random_) + drift);
      step(log_);
      if (until_said && !said().empty()) return i + 1;
    }
    return count;
  }
  void step(double log) {
    t_ += 5s;
    send(print(t_, Price::from_raw(std::llround(50'000e9 * std::exp(log)))));
  }

  Timestamp t_ = jst("2026-02-09 09:00");
  double log_ = 0;
  std::mt19937_64 random_{20260209};
  std::normal_distribution<double> normal_;
};

TEST_F(CusumSpec, FindsASlowPushNoWindowSees) {
  given_drift(10);
  steps(720);
  clear();
  const auto began = t_;
  const auto price = Price::from_raw(std::llround(50'000e9 * std::exp(log_)));
  const int taken = steps(200, -1, true);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_LE(taken, 60);
  const auto& s = signal(0);
  EXPECT_EQ(s.event, Event::kDrift);
  EXPECT_EQ(s.direction, Direction::kDown);
  EXPECT_EQ(s.severity, Severity::kLow);
  EXPECT_LT(std::abs((s.cusum.since - began) / 5s), 25);
  EXPECT_LT(std::abs((s.cusum.from - price).raw()), (120_pts).raw);
  EXPECT_EQ(s.cusum.change, s.price - s.cusum.from);
  EXPECT_LT(s.cusum.change.raw(), 0);
  EXPECT_GT(s.cusum.statistic, 10);
  EXPECT_EQ(s.cusum.limit, 10);
}

// Mean delay of a drift of one standard deviation a step: 20 to 24 steps at h = 10 to 12.
TEST_F(CusumSpec, TakesSomeTwentyStepsForADriftOfOneDeviation) {
  for (const double limit : {10.0, 12.0}) {
    double total = 0;
    constexpr int kRuns = 60;
    for (int run = 0; run < kRuns; ++run) {
      class Another : public CusumSpec {
       public:
        double delay(std::uint64_t seed, double limit) {
          random_.seed(seed);
          given_drift(limit);
          steps(720);
          clear();
          return steps(1'000, 1, true);
        }
        void TestBody() override {}
      } another;
      total += another.delay(static_cast<std::uint64_t>(run), limit);
    }
    EXPECT_NEAR(total / kRuns, 2 * limit, 3) << limit;
  }
}

// Steps between false alarms in normal noise. Exact: 465 at h = 5, 9,462 at h = 8.
TEST_F(CusumSpec, SpeaksOfNoiseAsSeldomAsItShould) {
  struct Case {
    double limit, expected, tolerance;
    int steps;
  };
  for (const auto& [limit, expected, tolerance, count] : {Case{5, 465, 0.12, 300'000}, Case{8, 9'462, 0.35, 800'000}}) {
    class Another : public CusumSpec {
     public:
      double length(double limit, int count) {
        given_drift(limit);
        steps(1'000);
        clear();
        steps(count);
        return count / static_cast<double>(said().size());
      }
      void TestBody() override {}
    } another;
    EXPECT_NEAR(another.length(limit, count), expected, tolerance * expected) << limit;
  }
}

TEST_F(CusumSpec, NoSinglePrintFires) {
  given_drift(10);
  steps(720);
  clear();
  log_ += 40 * kSigma;
  step(log_);
  log_ -= 80 * kSigma;
  step(log_);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CusumSpec, BeginsAnewAfterItSpoke) {
  given_drift(10);
  steps(720);
  clear();
  for (int i = 0; i < 30 && said().size() < 2; ++i) step(log_ += 3 * kSigma);
  ASSERT_EQ(said().size(), 2U);
  EXPECT_EQ(signal(1).cusum.since, signal(0).ts_event);
  EXPECT_EQ(signal(1).cusum.from, signal(0).price);
  EXPECT_EQ(signal(1).episode, 2U);
  EXPECT_GE(signal(1).ts_event - signal(0).ts_event, 20s);
}

TEST_F(CusumSpec, KnowsNothingAcrossAGap) {
  options_.instruments[0].gap_after = 1min;
  given_drift(10);
  steps(720);
  clear();
  // 2.5 a step: five are 10 and say so, but not with a pause after each third.
  for (int i = 0; i < 30; ++i) {
    if (i % 3 == 0) t_ += 2min;
    step(log_ += 3 * kSigma);
  }
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CusumSpec, SaysNothingWithoutAVolatility) {
  given_drift(1);
  steps(24);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CusumSpec, EverySegmentBeginsAtZero) {
  class Tokyo : public Timeline {
   public:
    void run() {
      watch(nikkei());
      given_rule(CusumOptions{});
      std::mt19937_64 random{1};
      std::normal_distribution<double> normal;
      double log = 0;
      const auto step = [&](Timestamp t) { send(print(t, Price::from_raw(std::llround(50'000e9 * std::exp(log))))); };
      for (auto t = at("09:00:00"); t < at("11:29:45"); t += 5s) {
        log += kSigma * normal(random);
        step(t);
      }
      clear();
      // Two thirds of a drift before lunch and two thirds after it.
      for (auto t = at("11:29:45"); t < at("11:30:00"); t += 5s) log += 3 * kSigma, step(t);
      for (auto t = at("12:30:00"); t < at("12:30:20"); t += 5s) log += 3 * kSigma, step(t);
      EXPECT_THAT(lines(), IsEmpty());
      for (auto t = at("12:30:20"); t < at("12:30:40"); t += 5s) log += 3 * kSigma, step(t);
      ASSERT_EQ(said().size(), 1U);
      EXPECT_EQ(signal(0).cusum.since, at("12:30:00"));
    }
    void TestBody() override {}
  } tokyo;
  tokyo.run();
}

}  // namespace
}  // namespace yagura::processing
