// Moves measured against what is usual at the hour: z, min_z and what they change.
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr double kSigma = 3e-5;  // of the calm before, per root of a second

class ScaledMoveSpec : public Timeline {
 public:
  ScaledMoveSpec() { watch(yen()); }

  RuleIndex given_moves(double min_z) {
    auto rule = moves({{60s, points(0.10_pts)}, {300s, points(0.20_pts)}});
    rule.min_z = min_z;
    return given_rule(rule, SymbolId{0}, min_z > 0 ? "scaled" : "plain");
  }
  // An hour of quotes from 10:00 that wander off by so much a second, with the last at 150.
  void given_an_hour(double sigma) {
    std::mt19937_64 random{1};
    std::normal_distribution<double> normal;
    std::vector<Tick> ticks;
    double log = 0;
    for (int s = 3'600; s-- > 0;) {
      ticks.push_back(
          print(at("10:00:00") + std::chrono::seconds{s}, Price::from_raw(std::llround(150e9 * std::exp(log)))));
      log += sigma * normal(random);
    }
    for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) send(*tick);
    clear();
  }
  [[nodiscard]] std::vector<double> sizes() const {
    std::vector<double> all;
    for (const auto& said : said()) all.push_back(said.signal.move.has_z ? said.signal.move.z : -1);
    return all;
  }
};

// One beside the test's own.
class Another : public ScaledMoveSpec {
 public:
  using Timeline::at;
  using Timeline::given_rule;
  using Timeline::lines;
  using Timeline::print;
  using Timeline::said;
  using Timeline::send;
  using Timeline::tick;

 private:
  void TestBody() override {}
};

TEST_F(ScaledMoveSpec, EveryMoveSaysHowUnusualItIs) {
  given_moves(0);
  given_an_hour(kSigma);
  tick("11:00:00", 149.85_pts);
  tick("11:00:10", 149.70_pts);
  tick("11:00:20", 149.85_pts);
  ASSERT_THAT(lines(), ElementsAre(StartsWith("11:00:00 move -0.1"), StartsWith("11:00:10 extended -0.3"),
                                   StartsWith("11:00:20 reversal +0.15")));
  // 0.1 % in a minute whose standard deviation is 3e-5 * sqrt(60); the last minute adds or takes a little.
  const auto size = [&](std::size_t i) {
    const auto& s = signal(i);
    return std::abs(static_cast<double>(s.move.change.raw()) / static_cast<double>(s.move.reference.raw())) /
           (kSigma * std::sqrt(60));
  };
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(sizes()[i], size(i), 0.1 * size(i));
  EXPECT_FALSE(signal(0).move.seeded);
  EXPECT_FALSE(signal(0).move.scaled);
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
}

// The same 15 pips: news in a calm market, noise in a wild one.
TEST_F(ScaledMoveSpec, SpeaksOnlyOfWhatIsUnusual) {
  for (const double sigma : {kSigma / 2, 4 * kSigma}) {
    Another spec;
    spec.given_moves(6);
    spec.given_an_hour(sigma);
    spec.tick("11:00:00", 149.70_pts);
    if (sigma < kSigma)
      EXPECT_THAT(spec.lines(), ElementsAre(StartsWith("11:00:00 move -0.3")));
    else
      EXPECT_THAT(spec.lines(), Not(Contains(HasSubstr("move"))));
  }
}

TEST_F(ScaledMoveSpec, SpeaksOnceAMoveHasBecomeUnusual) {
  given_moves(6);
  given_an_hour(2 * kSigma);  // six are 0.42 yen in a minute, 0.93 in five
  tick("11:00:00", 149.80_pts);
  tick("11:00:05", 149.65_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("11:00:10", 149.45_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_THAT(lines()[0], StartsWith("11:00:10 move -0.5"));
  EXPECT_TRUE(signal(0).move.scaled);
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
  // An episode goes on by its threshold alone.
  tick("11:00:15", 149.35_pts);
  EXPECT_THAT(lines()[1], StartsWith("11:00:15 extended"));
}

TEST_F(ScaledMoveSpec, NineAreCritical) {
  given_moves(6);
  given_an_hour(kSigma);
  tick("11:00:00", 149.50_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_GE(signal(0).move.z, 9);
  EXPECT_EQ(signal(0).severity, Severity::kCritical);
}

TEST_F(ScaledMoveSpec, NineAreNotCriticalToAThresholdAlone) {
  given_moves(0);
  given_an_hour(kSigma);
  tick("11:00:00", 149.50_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_GE(signal(0).move.z, 9);
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
}

// A desk forgives a needless alert, not a missing one.
TEST_F(ScaledMoveSpec, SpeaksWhileNothingIsKnown) {
  given_moves(6);
  tick("11:00:00", 150_pts);
  tick("11:00:05", 149.85_pts);
  ASSERT_THAT(lines(), ElementsAre("11:00:05 move -0.15 1m"));
  EXPECT_FALSE(signal(0).move.has_z);
  EXPECT_TRUE(signal(0).move.scaled);
  EXPECT_EQ(signal(0).severity, Severity::kHigh);
}

TEST_F(ScaledMoveSpec, SaysWhenItGoesByEarlierSessions) {
  given_moves(6);
  given_an_hour(kSigma);
  on("2026-02-16");
  tick("11:00:00", 150_pts);
  tick("11:00:05", 149.70_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_TRUE(signal(0).move.has_z);
  EXPECT_TRUE(signal(0).move.seeded);
}

// A fast run of many ticks, not one jump: it must not raise the bar for itself.
TEST_F(ScaledMoveSpec, ALongRunDoesNotHideItself) {
  given_moves(6);
  given_an_hour(kSigma);
  for (int s = 0; s < 240; ++s)
    send(print(at("11:00:00") + std::chrono::seconds{s}, Price::from_raw((150_pts).raw - s * (0.01_pts).raw)));
  ASSERT_FALSE(said().empty());
  // 2.4 yen in 4 min: 300 s at a drift of 0.01 yen a second.
  const auto& last = said().back().signal;
  EXPECT_EQ(last.event, Event::kExtended);
  EXPECT_GT(last.move.z, 15);
}

// What one rule says does not depend on the others beside it.
TEST_F(ScaledMoveSpec, RulesDoNotHearEachOther) {
  const auto ids = [](bool alone) {
    Another spec;
    spec.given_moves(6);
    if (!alone) {
      spec.given_moves(0);
      spec.given_rule(CusumOptions{}, SymbolId{0}, "drift");
    }
    spec.given_an_hour(kSigma);
    for (int s = 0; s < 600; ++s) {
      const auto way = s < 60 ? s * (0.02_pts).raw : (1.2_pts).raw - s * (0.003_pts).raw;
      spec.send(print(spec.at("11:00:00") + std::chrono::seconds{s}, Price::from_raw((150_pts).raw - way)));
    }
    std::vector<std::pair<Id128, double>> all;
    for (const auto& said : spec.said()) {
      if (said.signal.rule == RuleIndex{0}) all.emplace_back(said.signal.id, said.signal.move.z);
    }
    return all;
  };
  EXPECT_FALSE(ids(true).empty());
  EXPECT_EQ(ids(true), ids(false));
}

}  // namespace
}  // namespace yagura::processing
