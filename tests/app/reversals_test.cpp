// When an alert counts as a false alarm: timelines of one open alert and the ticks after it.
#include "app/reversals.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using processing::Band;

constexpr Price at(std::int64_t cents) { return Price::from_raw(cents * (Price::kScale / 100)); }
constexpr PriceDelta by(std::int64_t cents) { return PriceDelta::from_raw(cents * (Price::kScale / 100)); }
const Timestamp kStart = timestamp_from_ns(1'770'595'200'000'000'000);

// One alert, then ticks; says at which tick it was reversed.
class ReversalSpec : public ::testing::Test {
 protected:
  ReversalSpec() {
    processing::MilestoneOptions milestone{.step = by(100'000), .crossing = {}};
    milestone.crossing.rearm = Band::of_points(by(50));
    rule_.kind = milestone;
  }
  void crossing(Event event, Price level, Price price) {
    signal_.kind = RuleKind::kMilestone;
    signal_.event = event;
    signal_.direction = event == Event::kReached ? Direction::kUp : Direction::kDown;
    signal_.levels = {};
    signal_.levels.level = level;
    open(price);
  }
  void move(Direction direction, Price reference, Price price, Duration window) {
    signal_.kind = RuleKind::kMove;
    signal_.event = Event::kMove;
    signal_.direction = direction;
    signal_.move = {};
    signal_.move.reference = reference;
    signal_.move.window = window;
    open(price);
  }
  // True when this tick reverses the alert.
  bool tick(Duration after, Price price) {
    int count = 0;
    watch_.on_tick(kStart + after, price, [&](RuleIndex) { ++count; });
    return count == 1;
  }
  std::size_t open_alerts() const { return watch_.size(); }
  processing::RuleOptions rule_{};

 private:
  void open(Price price) {
    signal_.ts_event = kStart;
    signal_.price = price;
    if (const auto alert = open_alert(signal_, rule_)) watch_.add(*alert);
  }
  Signal signal_;
  ReversalWatch watch_;
};

TEST_F(ReversalSpec, AReachedLevelIsReversedByAFallThroughItsBand) {
  crossing(Event::kReached, at(5'700'000), at(5'700'010));
  EXPECT_FALSE(tick(1s, at(5'699'951)));  // below the level, within the band: flicker
  EXPECT_FALSE(tick(2s, at(5'700'049)));
  EXPECT_TRUE(tick(3s, at(5'699'950)));
  EXPECT_EQ(open_alerts(), 0U);
}

TEST_F(ReversalSpec, AClearedLevelIsReversedByAnyPriceBelowIt) {
  crossing(Event::kReached, at(5'700'000), at(5'700'010));
  EXPECT_FALSE(tick(1s, at(5'700'050)));  // cleared
  EXPECT_FALSE(tick(2s, at(5'700'000)));
  EXPECT_TRUE(tick(3s, Price::from_raw(at(5'700'000).raw() - 1)));
}

TEST_F(ReversalSpec, ACrossingBeyondTheBandIsClearedAtOnce) {
  crossing(Event::kReached, at(5'700'000), at(5'700'050));
  EXPECT_TRUE(tick(1s, at(5'699'999)));
}

TEST_F(ReversalSpec, ALostLevelIsReversedFromTheOtherSide) {
  crossing(Event::kLost, at(5'700'000), at(5'699'990));
  EXPECT_FALSE(tick(1s, at(5'700'049)));
  EXPECT_FALSE(tick(2s, at(5'699'950)));  // broken
  EXPECT_FALSE(tick(3s, at(5'699'999)));
  EXPECT_TRUE(tick(4s, at(5'700'000)));
}

TEST_F(ReversalSpec, ABandInPercentIsExact) {
  std::get<processing::MilestoneOptions>(rule_.kind).crossing.rearm = Band::of_percent(*parse_percent("0.000001"));
  // 1e-8 of 0.000000150 rounds down to nothing, yet a price must be below the level.
  crossing(Event::kReached, Price::from_raw(150), Price::from_raw(150));
  EXPECT_FALSE(tick(1s, Price::from_raw(150)));
  EXPECT_TRUE(tick(2s, Price::from_raw(149)));
}

TEST_F(ReversalSpec, FifteenMinutesLaterACrossingStands) {
  crossing(Event::kReached, at(5'700'000), at(5'700'010));
  EXPECT_FALSE(tick(15min + 1ns, at(5'600'000)));
  EXPECT_EQ(open_alerts(), 0U);
  crossing(Event::kReached, at(5'700'000), at(5'700'010));
  EXPECT_TRUE(tick(15min, at(5'600'000)));
}

TEST_F(ReversalSpec, AMoveIsReversedAtItsReferenceWithinItsWindow) {
  move(Direction::kDown, at(15'000), at(14'975), 60s);
  EXPECT_FALSE(tick(59s, at(14'999)));
  EXPECT_TRUE(tick(60s, at(15'000)));
  move(Direction::kUp, at(15'000), at(15'025), 60s);
  EXPECT_FALSE(tick(60s + 1ns, at(14'900)));
  EXPECT_EQ(open_alerts(), 0U);
}

TEST_F(ReversalSpec, SeveralOpenAlertsAreJudgedOneByOne) {
  move(Direction::kDown, at(15'000), at(14'975), 60s);
  move(Direction::kUp, at(14'900), at(14'975), 300s);
  crossing(Event::kLost, at(15'100), at(14'975));
  EXPECT_TRUE(tick(30s, at(15'000)));
  EXPECT_EQ(open_alerts(), 2U);
  EXPECT_TRUE(tick(40s, at(14'890)));
  EXPECT_EQ(open_alerts(), 1U);
  EXPECT_TRUE(tick(50s, at(15'150)));
}

TEST_F(ReversalSpec, NotesAndClosesAnnounceNothingToReverse) {
  for (const auto event : {Event::kCleared, Event::kRejected, Event::kNear, Event::kClosedAbove})
    crossing(event, at(5'700'000), at(5'700'010));
  EXPECT_EQ(open_alerts(), 0U);
}

}  // namespace
}  // namespace yagura::app
