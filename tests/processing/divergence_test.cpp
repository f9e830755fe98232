// One market against another, on walks whose relation is known.
#include "processing/joint_moves.hpp"
#include "processing/pair_grid.hpp"
#include "tests/processing/pair_walk.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::Lt;

// Wednesday the 11th is a holiday.
const std::vector<std::string> kDays = {"2026-02-09", "2026-02-10", "2026-02-12", "2026-02-13", "2026-02-16"};

class DivergenceSpec : public Timeline {
 protected:
  DivergenceSpec() {
    watch(nikkei());
    watch(yen());
    options.against = kOther;
    options.coupling_z = 0;
    options.joint_z = 0;
  }
  void run(const std::vector<Tick>& ticks) {
    if (options_.rules.empty()) given_rule(options, kOwn, "pair");
    for (const auto& tick : ticks) send(tick);
  }
  // "2026-02-13 13:05 diverged" of every alert.
  [[nodiscard]] std::vector<std::string> dated() const {
    std::vector<std::string> all;
    for (const auto& s : said()) {
      const auto local = format_utc(s.signal.ts_event + 9h);
      all.push_back(local.substr(0, 10) + ' ' + local.substr(11, 5) + ' ' + std::string(name_of(s.signal.event)));
    }
    return all;
  }
  // The instrument rises by `size` in the five minutes from `from` on while the other does not move.
  static Shock lonely_rise(std::string_view from, double size) {
    return [start = jst(from), size](Timestamp t, double& own, double& other) {
      if (t < start || t >= start + 5min) return;
      own = size / 5;
      other = 0;
    };
  }

  DivergenceOptions options;
};

TEST_F(DivergenceSpec, SaysNothingOfAPairThatMovesAsUsual) {
  run(merged(pair_walk(kDays)));
  EXPECT_THAT(dated(), IsEmpty());
}

TEST_F(DivergenceSpec, SaysOnceThatOneMovesWithoutTheOther) {
  run(merged(pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)})));
  ASSERT_EQ(said().size(), 1U) << ::testing::PrintToString(dated());
  const auto& s = signal(0);
  EXPECT_EQ(s.event, Event::kDiverged);
  EXPECT_EQ(s.direction, Direction::kUp);
  EXPECT_EQ(s.severity, Severity::kHigh);
  EXPECT_THAT(s.ts_event, AllOf(Gt(jst("2026-02-13 13:30")), Lt(jst("2026-02-13 13:36"))));
  EXPECT_EQ(s.ts_event.time_since_epoch() % 1min, Duration{0});
  EXPECT_EQ(s.trading_date, day("2026-02-13"));
  EXPECT_EQ(s.divergence.window, 15min);
  EXPECT_EQ(s.divergence.other, kOther);
  EXPECT_GE(s.divergence.z, 4);
  EXPECT_GE(s.divergence.change_pct, 0.3);
  EXPECT_NEAR(s.divergence.beta, 0.8, 0.35);  // of about an hour
  EXPECT_NEAR(s.divergence.model_pct, s.divergence.beta * s.divergence.other_change_pct, 0.01);
}

TEST_F(DivergenceSpec, LearnsBetaAndCorrelation) {
  // rho = beta sx / sqrt(beta^2 sx^2 + noise^2) = 0.936
  options.half_life = 6h;
  run(merged(pair_walk(kDays, {.beta = -0.8, .noise = 0.000045, .shock = lonely_rise("2026-02-16 13:30", 0.012)})));
  ASSERT_EQ(said().size(), 1U);
  EXPECT_NEAR(signal(0).divergence.beta, -0.8, 0.1);
  EXPECT_LT(signal(0).divergence.rho, -0.3);  // the shock itself counts by now
}

TEST_F(DivergenceSpec, KnowsNoSpreadInTheFirstSession) {
  run(merged(pair_walk({kDays[0]}, {.shock = lonely_rise("2026-02-09 13:30", 0.02)})));
  EXPECT_THAT(dated(), IsEmpty());
}

TEST_F(DivergenceSpec, ACalmPairMayDriftApart) {  // many standard deviations, few points
  run(merged(
      pair_walk(kDays, {.noise = 0.00002, .other_sigma = 0.00002, .shock = lonely_rise("2026-02-13 13:30", 0.003)})));
  EXPECT_THAT(dated(), IsEmpty());
}

TEST_F(DivergenceSpec, SpeaksAgainInANewSessionAndAfterCalm) {
  const auto first = lonely_rise("2026-02-13 09:30", 0.012);
  const auto second = lonely_rise("2026-02-13 13:30", 0.015);
  const auto third = lonely_rise("2026-02-16 10:30", -0.02);
  run(merged(pair_walk(kDays, {.shock = [&](Timestamp t, double& own, double& other) {
                         first(t, own, other);
                         second(t, own, other);
                         third(t, own, other);
                       }})));
  ASSERT_EQ(said().size(), 3U) << ::testing::PrintToString(dated());
  EXPECT_EQ(signal(1).episode, 2U);
  EXPECT_EQ(signal(2).episode, 1U);
  EXPECT_EQ(signal(2).direction, Direction::kDown);
}

TEST_F(DivergenceSpec, TheOrderBetweenTheTwoDoesNotMatter) {
  options.coupling_z = 3;
  const auto walk = pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)});
  run(merged(walk));
  const auto expected = said();
  ASSERT_FALSE(expected.empty());
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    clear();
    restart_from_nothing();
    run(interleaved(walk, seed % 2 == 0 ? Duration{3min} : Duration{50min}, seed));
    ASSERT_EQ(said().size(), expected.size()) << seed;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(signal(i).id, expected[i].signal.id) << seed;
      EXPECT_EQ(signal(i).price, expected[i].signal.price);
      EXPECT_EQ(signal(i).previous, expected[i].signal.previous);
      EXPECT_EQ(signal(i).previous_close, expected[i].signal.previous_close);
      EXPECT_EQ(signal(i).divergence.z, expected[i].signal.divergence.z);
    }
  }
}

TEST_F(DivergenceSpec, ARestartForgetsNothing) {
  options.coupling_z = 3;
  const auto ticks = merged(pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)}));
  run(ticks);
  const auto expected = dated();
  ASSERT_FALSE(expected.empty());
  clear();
  restart_from_nothing();
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    if (i % 997 == 500) resume(Resumed::kAfterDowntime);
    send(ticks[i]);
  }
  EXPECT_EQ(dated(), expected);
}

TEST_F(DivergenceSpec, AnotherWindowStartsAfresh) {
  const auto walk = pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)});
  const auto ticks = merged(walk);
  given_rule(options, kOwn, "pair");
  std::size_t i = 0;
  for (; ticks[i].ts_event < jst("2026-02-13 09:00"); ++i) send(ticks[i]);
  std::get<DivergenceOptions>(options_.rules[0].kind).window = 30min;
  resume(Resumed::kInPlace);
  for (; i < ticks.size(); ++i) send(ticks[i]);
  EXPECT_THAT(dated(), IsEmpty());  // no past session is known any more, then two that are alike
}

TEST_F(DivergenceSpec, AHaltOfOneBreaksTheWindow) {
  // The index stands still for half an hour and comes back 1.2 % higher: no return bridges that.
  auto walk = pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)});
  std::erase_if(walk.own, [](const Tick& tick) {
    return tick.ts_event > jst("2026-02-13 13:29") && tick.ts_event < jst("2026-02-13 13:59");
  });
  run(merged(walk));
  EXPECT_THAT(dated(), IsEmpty());
}

TEST_F(DivergenceSpec, TheOpeningIsLeftOut) {
  run(merged(pair_walk(kDays, {.shock = lonely_rise("2026-02-13 09:00", 0.02)})));
  EXPECT_THAT(dated(), IsEmpty());
}

TEST_F(DivergenceSpec, SaysOnceASessionThatTheRelationIsGone) {
  options.coupling_z = 3;
  run(merged(pair_walk({kDays.begin(), kDays.end() - 1},
                       {.noise = 0.0001, .shock = [](Timestamp t, double& own, double& other) {
                          if (t >= jst("2026-02-13 12:30") && t < jst("2026-02-14 00:00")) own = -0.8 * other;
                        }})));
  ASSERT_EQ(said().size(), 1U) << ::testing::PrintToString(dated());
  const auto& s = signal(0);
  EXPECT_EQ(s.event, Event::kDecoupled);
  EXPECT_EQ(s.severity, Severity::kLow);
  EXPECT_EQ(s.direction, Direction::kDown);
  EXPECT_EQ(s.trading_date, day("2026-02-13"));
  EXPECT_GT(s.divergence.rho_long, 0.6);
  EXPECT_LT(s.divergence.rho, s.divergence.rho_long);
  EXPECT_LE(s.divergence.z, -3);
}

TEST_F(DivergenceSpec, SaysOnceThatBothJump) {
  options.joint_z = 5;
  const auto shock = [](Timestamp t, double& own, double& other) {
    if (t < jst("2026-02-10 13:30") || t >= jst("2026-02-10 13:32")) return;
    own = -0.006;
    other = 0.005;
  };
  const auto walk = pair_walk({kDays.begin(), kDays.begin() + 2}, {.shock = shock});
  run(merged(walk));
  const auto is_joint = [](const Said& s) { return s.signal.event == Event::kJoint; };
  ASSERT_EQ(std::ranges::count_if(said(), is_joint), 1) << ::testing::PrintToString(dated());
  const auto joint = std::ranges::find_if(said(), is_joint)->signal;
  EXPECT_EQ(joint.direction, Direction::kDown);
  EXPECT_THAT(joint.ts_event, AllOf(Gt(jst("2026-02-10 13:30")), Lt(jst("2026-02-10 13:34"))));
  EXPECT_LE(joint.divergence.own_z, -5);
  EXPECT_GE(joint.divergence.other_z, 5);
  EXPECT_EQ(joint.divergence.window, 5min);

  clear();
  restart_from_nothing();
  run(interleaved(walk, 50min, 1));
  ASSERT_EQ(std::ranges::count_if(said(), is_joint), 1);
  EXPECT_EQ(std::ranges::find_if(said(), is_joint)->signal.id, joint.id);
}

TEST_F(DivergenceSpec, BearsTheStampsOfTheTickThatCompletesThePoint) {
  auto walk = pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)});
  for (auto& tick : walk.own) tick.mono_recv = MonoTime{tick.ts_event.time_since_epoch()};
  for (auto& tick : walk.other) tick.mono_recv = MonoTime{tick.ts_event.time_since_epoch()};
  run(merged(walk));
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(signal(0).mono_recv.time_since_epoch(), signal(0).ts_event.time_since_epoch() + 1s);
}

TEST_F(DivergenceSpec, TakesNoMemory) {
  options.coupling_z = 3;
  options.joint_z = 5;
  given_rule(options, kOwn, "pair");
  const auto ticks = merged(pair_walk(kDays, {.shock = lonely_rise("2026-02-13 13:30", 0.012)}));
  SignalBuffer out;
  monitor().on_tick(ticks.front(), out);
  const auto before = test::allocations();
  for (const auto& tick : ticks) monitor().on_tick(tick, out);
  EXPECT_LE(test::allocations() - before, 2 * kDays.size());  // what a new day's books take
  EXPECT_FALSE(out.empty());
}

// -- The grid ------------------------------------------------------------------------------------

class PairGridSpec : public ::testing::Test {
 protected:
  GridLeg own{1min, CalendarKind::kAlways, CalendarKind::kAlways};
  GridLeg other{1min, CalendarKind::kAlways, CalendarKind::kAlways};
  static Timestamp at(std::string_view time) { return utc("2026-02-09 " + std::string(time)); }
  static void push(GridLeg& leg, std::string_view time, Points price) { leg.push(at(time), price, {}, 0); }
  [[nodiscard]] std::string next() {
    const auto point = next_point(own, other);
    if (!point) return "none";
    return format_utc(point->own.at).substr(11, 5) + ' ' + to_string(point->own.price) + ' ' +
           to_string(point->other.price);
  }
};

TEST_F(PairGridSpec, APointComesWhenBothHavePassedIt) {
  push(own, "10:00:30", 1_pts);
  push(other, "10:00:40", 10_pts);
  push(own, "10:01:00", 2_pts);  // at the point itself: still counts, and more may come
  push(other, "10:01:10", 11_pts);
  EXPECT_EQ(next(), "none");
  push(own, "10:01:00", 3_pts);
  push(own, "10:01:01", 4_pts);
  EXPECT_EQ(next(), "10:01 3 10");
  EXPECT_EQ(next(), "none");
}

TEST_F(PairGridSpec, APriceIsCarriedOverMinutesWithoutOne) {
  push(own, "10:00:30", 1_pts);
  push(own, "10:02:30", 2_pts);
  push(other, "10:00:30", 10_pts);
  push(other, "10:01:30", 11_pts);
  push(other, "10:02:30", 12_pts);
  EXPECT_EQ(next(), "10:01 1 10");
  EXPECT_EQ(next(), "10:02 1 11");
}

TEST_F(PairGridSpec, AHoleOfMoreThanTwoMinutesHasNoPoints) {
  push(own, "10:00:30", 1_pts);
  push(own, "10:02:31", 2_pts);
  push(own, "10:03:01", 3_pts);
  for (const auto* time : {"10:00:30", "10:01:30", "10:02:30", "10:03:30"}) push(other, time, 10_pts);
  EXPECT_EQ(next(), "10:03 2 10");
}

TEST_F(PairGridSpec, OneMayBeAnHourBehindTheOther) {
  for (int minute = 0; minute <= 70; ++minute) own.push(at("10:00:30") + minute * 1min, Price::from_raw(minute), {}, 0);
  for (int minute = 0; minute <= 70; ++minute) {
    other.push(at("10:00:30") + minute * 1min, 5_pts, {}, 0);
    const auto point = next_point(own, other);
    const bool lost = minute <= 6;  // of 70 points 64 waited
    EXPECT_EQ(point.has_value(), !lost) << minute;
    EXPECT_EQ(point ? point->own.price.raw() : minute - 1, minute - 1);
  }
}

TEST_F(PairGridSpec, OnlyWhileBothMarketsAreQuietlyOpen) {
  GridLeg index{1min, CalendarKind::kTse, CalendarKind::kFx};
  const auto points = [&](std::string_view from, std::string_view to) {
    index.clear();
    std::string all;
    for (auto t = jst("2026-02-09 " + std::string(from)); t <= jst("2026-02-09 " + std::string(to)); t += 30s)
      index.push(t + 1s, 1_pts, {}, 0);
    for (; !index.empty(); index.pop()) all += time_of_day(index.front().at).substr(0, 5) + ' ';
    return all;
  };
  EXPECT_EQ(points("09:03", "09:07"), "09:05 09:06 09:07 ");
  EXPECT_EQ(points("11:33", "11:37"), "11:34 ");
  EXPECT_EQ(points("12:29", "12:33"), "12:31 12:32 12:33 ");
  EXPECT_EQ(points("15:28", "15:33"), "15:29 ");
}

// -- Two shocks at once --------------------------------------------------------------------------

class JointMovesSpec : public ::testing::Test {
 protected:
  // A minute later: prices, each with a standard deviation of five minutes of 0.1 %.
  bool minute(Points own, Points other, bool continued = true, bool new_session = false) {
    now += 1min;
    const auto joint = moves.on_point({{now, own, 0.001}, {now, other, 0.001}}, continued, new_session);
    if (joint) last = *joint;
    return joint.has_value();
  }
  JointMoves moves{1min, 5};
  Timestamp now = utc("2026-02-09 01:00");
  JointMoves::Joint last{};
};

TEST_F(JointMovesSpec, SpeaksOnceWhenBothMoveFar) {
  EXPECT_FALSE(minute(100_pts, 100_pts, false));
  EXPECT_FALSE(minute(99.4_pts, 100_pts));
  EXPECT_FALSE(minute(99.4_pts, 100.3_pts));
  EXPECT_TRUE(minute(99.3_pts, 100.6_pts));
  EXPECT_LT(last.own.z, -5);
  EXPECT_GT(last.other.z, 5);
  EXPECT_EQ(to_string(last.other.from), "100");
  EXPECT_FALSE(minute(99_pts, 101_pts));
}

TEST_F(JointMovesSpec, NotWhenTheyAreFurtherApartThanTwoMinutes) {
  EXPECT_FALSE(minute(100_pts, 100_pts, false));
  EXPECT_FALSE(minute(99.4_pts, 100_pts));
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(minute(99.7_pts, 100_pts)) << i;  // a spike, and back
  EXPECT_FALSE(minute(99.7_pts, 100.6_pts));
}

TEST_F(JointMovesSpec, SpeaksAgainAfterCalmOrInANewSession) {
  minute(100_pts, 100_pts, false);
  EXPECT_TRUE(minute(99_pts, 99_pts));
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(minute(99_pts, 99_pts));
  EXPECT_TRUE(minute(98_pts, 98_pts));
  EXPECT_FALSE(minute(97_pts, 97_pts));
  EXPECT_FALSE(minute(97_pts, 97_pts, false, true));
  EXPECT_TRUE(minute(96_pts, 96_pts));
}

TEST_F(JointMovesSpec, NothingIsKnownAcrossAHole) {
  minute(100_pts, 100_pts, false);
  EXPECT_FALSE(minute(95_pts, 95_pts, false));
}

}  // namespace
}  // namespace yagura::processing
