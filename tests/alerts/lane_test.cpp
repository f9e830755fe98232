// What goes out next, in which order and how often: no thread, no clock, no socket.
#include "alerts/lane.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using R = Attempt::Result;

constexpr Timestamp kWall = timestamp_from_ns(1'770'595'200'000'000'000);

class LaneTest : public testing::Test {
 protected:
  Lane lane(Lane::Options options = {}) {
    return Lane{options, [this] { return uniform_; }};
  }
  Delivery letter(std::uint64_t number, Severity severity = Severity::kHigh, std::uint64_t episode = 0) {
    Delivery delivery;
    delivery.number = number;
    delivery.sink = "desk";
    delivery.id = {7, number};
    delivery.episode = {7, episode == 0 ? number : episode};
    delivery.severity = severity;
    delivery.created = delivery.due = wall();
    return delivery;
  }
  void pass(Duration by) { now_ += by; }
  [[nodiscard]] Timestamp wall() const { return kWall + (now_ - kStart); }

  // Everything that can go now goes and is taken; the numbers in order.
  std::vector<std::uint64_t> deliver_all(Lane& lane) {
    std::vector<std::uint64_t> sent;
    while (const auto number = lane.next(now_).send) {
      sent.push_back(*number);
      static_cast<void>(lane.attempted(*number, {R::kDelivered, "200", {}}, now_, wall()));
    }
    return sent;
  }
  std::vector<DeliveryChange> attempt(Lane& lane, R result, std::optional<Duration> retry_after = {}) {
    const auto next = lane.next(now_);
    EXPECT_TRUE(next.send.has_value());
    if (!next.send) return {};
    return lane.attempted(*next.send, {result, "said so", retry_after}, now_, wall());
  }

  static constexpr MonoTime kStart{1h};
  MonoTime now_ = kStart;
  double uniform_ = 0.999'999;
};

TEST_F(LaneTest, CriticalGoesBeforeTheRestAndElseTheOrderStays) {
  auto desk = lane();
  desk.add(letter(1, Severity::kLow), now_, wall());
  desk.add(letter(2, Severity::kHigh), now_, wall());
  desk.add(letter(3, Severity::kCritical), now_, wall());
  desk.add(letter(4, Severity::kHigh), now_, wall());
  EXPECT_THAT(deliver_all(desk), ElementsAre(3, 2, 4, 1));
  EXPECT_EQ(desk.waiting(), 0U);
}

TEST_F(LaneTest, AnArchiveKeepsTheOrder) {
  auto file = lane({.in_order = true});
  file.add(letter(1, Severity::kLow), now_, wall());
  file.add(letter(2, Severity::kCritical), now_, wall());
  EXPECT_THAT(deliver_all(file), ElementsAre(1, 2));
}

TEST_F(LaneTest, AnAlertGoesBeforeItsFollowUpsHoweverSevere) {
  auto desk = lane();
  desk.add(letter(1, Severity::kLow, 1), now_, wall());
  desk.add(letter(2, Severity::kCritical, 1), now_, wall());
  desk.add(letter(3, Severity::kHigh), now_, wall());
  ASSERT_THAT(attempt(desk, R::kDelivered), ElementsAre(testing::Field(&DeliveryChange::number, 3)));
  static_cast<void>(attempt(desk, R::kFailed));
  EXPECT_FALSE(desk.next(now_).send) << "the follow-up waits for the alert that waits";
  pass(1s);
  EXPECT_THAT(deliver_all(desk), ElementsAre(1, 2));
}

TEST_F(LaneTest, ADeadLetterHoldsUpNobody) {
  auto desk = lane();
  desk.add(letter(1, Severity::kHigh, 1), now_, wall());
  desk.add(letter(2, Severity::kHigh, 1), now_, wall());
  const auto changes = attempt(desk, R::kRefused);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].state, DeliveryState::kRefused);
  EXPECT_EQ(changes[0].detail, "said so");
  EXPECT_EQ(desk.dead(), 1U);
  EXPECT_THAT(deliver_all(desk), ElementsAre(2)) << "and a refusal is never tried again by itself";
  pass(24h);
  EXPECT_FALSE(desk.next(now_).send);
}

TEST_F(LaneTest, WaitsDoubleFromHalfASecondToAMinuteWithFullJitter) {
  auto desk = lane({.down_after = 100});
  desk.add(letter(1), now_, wall());
  for (const auto wait : {500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 16'000ms, 32'000ms, 60'000ms, 60'000ms}) {
    const auto changes = attempt(desk, R::kFailed);
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_NEAR(static_cast<double>(changes[0].delay.count()), static_cast<double>(Duration{wait}.count()), 1e6);
    EXPECT_EQ(changes[0].state, DeliveryState::kPending);
    EXPECT_EQ(desk.wake_at(), now_ + changes[0].delay);
    pass(changes[0].delay - 1ns);
    EXPECT_FALSE(desk.next(now_).send);
    pass(1ns);
  }
  const auto last = attempt(desk, R::kFailed);
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].attempts, 10);
  EXPECT_EQ(last[0].state, DeliveryState::kExhausted);
}

TEST_F(LaneTest, JitterReachesDownToNothing) {
  uniform_ = 0;
  auto desk = lane({.down_after = 100});
  desk.add(letter(1), now_, wall());
  EXPECT_EQ(attempt(desk, R::kFailed)[0].delay, 0ns);
}

TEST_F(LaneTest, APlaceThatIsDownIsAskedWithOneLetterAtATime) {
  auto desk = lane();
  for (std::uint64_t n = 1; n <= 1'000; ++n) desk.add(letter(n), now_, wall());
  int attempts = 0;
  const auto end = now_ + 10min;
  while (now_ < end) {
    while (const auto number = desk.next(now_).send) {
      ++attempts;
      static_cast<void>(desk.attempted(*number, {R::kFailed, "refused", {}}, now_, wall()));
    }
    const auto at = desk.wake_at();
    ASSERT_TRUE(at);
    now_ = std::max(*at, now_ + 1ms);
  }
  EXPECT_LT(attempts, 40) << "not a thousand times ten";
  EXPECT_TRUE(desk.down());
  EXPECT_LE(desk.dead(), 2U) << "only who asked ran out of tries";
  pass(2min);
  EXPECT_THAT(deliver_all(desk), SizeIs(1'000));
  EXPECT_FALSE(desk.down());
}

TEST_F(LaneTest, RetryAfterHoldsForEveryLetter) {
  auto desk = lane();
  desk.add(letter(1), now_, wall());
  desk.add(letter(2, Severity::kCritical), now_, wall());
  static_cast<void>(attempt(desk, R::kFailed, 30s));
  pass(30s - 1ns);
  EXPECT_FALSE(desk.next(now_).send);
  EXPECT_EQ(desk.wake_at(), now_ + 1ns);
  pass(1ns);
  EXPECT_TRUE(desk.next(now_).send);
}

TEST_F(LaneTest, WhatRanOutOfTriesGoesOutWhenThePlaceWorksAgain) {
  auto desk = lane({.tries = 1});
  desk.add(letter(1), now_, wall());
  static_cast<void>(attempt(desk, R::kFailed));
  EXPECT_EQ(desk.dead(), 1U);
  pass(1min);
  desk.add(letter(2), now_, wall());
  const auto changes = attempt(desk, R::kDelivered);
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[1].number, 1U);
  EXPECT_EQ(changes[1].state, DeliveryState::kPending);
  EXPECT_THAT(deliver_all(desk), ElementsAre(1));
  EXPECT_EQ(desk.dead(), 0U);
}

TEST_F(LaneTest, ADeadLetterNowAndThenShowsWhetherThePlaceWorks) {
  auto desk = lane({.tries = 1});
  desk.add(letter(1), now_, wall());
  static_cast<void>(attempt(desk, R::kFailed));
  EXPECT_FALSE(desk.next(now_).send);
  EXPECT_EQ(desk.wake_at(), now_ + 10min);
  pass(10min);
  EXPECT_THAT(deliver_all(desk), ElementsAre(1));
}

TEST_F(LaneTest, GoneSwitchesTheSinkOffAndKeepsTheLetters) {
  auto desk = lane();
  desk.add(letter(1), now_, wall());
  const auto changes = attempt(desk, R::kGone);
  EXPECT_EQ(changes[0].state, DeliveryState::kPending) << "the next start tries again";
  EXPECT_TRUE(desk.off());
  pass(24h);
  EXPECT_FALSE(desk.next(now_).send);
  EXPECT_FALSE(desk.wake_at());
}

TEST_F(LaneTest, TheBudgetSpacesLettersAndFoldsWhatPilesUp) {
  auto chat = lane({.rate = {.per_second = 1, .burst = 3}});
  for (std::uint64_t n = 1; n <= 10; ++n) chat.add(letter(n), now_, wall());
  chat.add(letter(11, Severity::kCritical), now_, wall());
  std::vector<std::uint64_t> sent;
  Lane::Next next;
  while ((next = chat.next(now_)).send) {
    sent.push_back(*next.send);
    static_cast<void>(chat.attempted(*next.send, {R::kDelivered, "", {}}, now_, wall()));
  }
  EXPECT_THAT(sent, ElementsAre(11, 1)) << "critical first; the last of the budget is for the summary";
  EXPECT_THAT(next.fold, ElementsAre(2, 3, 4, 5, 6, 7, 8, 9, 10));
  const auto changes = chat.folded(next.fold, {1, 2}, wall());
  EXPECT_THAT(changes, SizeIs(9));
  EXPECT_EQ(changes[0].state, DeliveryState::kFolded);
  auto summary = letter(12);
  summary.purpose = Letter::Purpose::kSummary;
  chat.add(summary, now_, wall());
  EXPECT_THAT(deliver_all(chat), ElementsAre(12));
  chat.add(letter(13), now_, wall());
  EXPECT_FALSE(chat.next(now_).send) << "the budget is spent";
  pass(1s);
  EXPECT_THAT(deliver_all(chat), ElementsAre(13));
}

TEST_F(LaneTest, ASinkWithoutBudgetFoldsNothing) {
  auto file = lane();
  for (std::uint64_t n = 1; n <= 500; ++n) file.add(letter(n), now_, wall());
  EXPECT_THAT(deliver_all(file), SizeIs(500));
}

TEST_F(LaneTest, EscalationsWaitTheirTimeAndFallAwayWithTheAcknowledgement) {
  auto desk = lane();
  auto second = letter(1, Severity::kCritical, 5);
  second.delay = 5min;
  second.due = wall() + 5min;
  second.escalation = true;
  auto third = second;
  third.number = 2;
  desk.add(second, now_, wall());
  desk.add(third, now_, wall());
  desk.add(letter(3, Severity::kLow, 5), now_, wall());
  EXPECT_THAT(deliver_all(desk), ElementsAre(3)) << "a follow-up does not wait for an escalation";
  EXPECT_EQ(desk.waiting(), 0U);
  EXPECT_EQ(desk.wake_at(), now_ + 5min);
  desk.cancel({7, 5});
  pass(10min);
  EXPECT_THAT(deliver_all(desk), IsEmpty());
}

TEST_F(LaneTest, AnAcknowledgementDuringAnAttemptEndsItsRetries) {
  auto desk = lane();
  auto second = letter(1, Severity::kCritical, 5);
  second.escalation = true;
  desk.add(second, now_, wall());
  const auto flying = desk.next(now_).send;
  ASSERT_TRUE(flying);
  desk.cancel({7, 5});
  EXPECT_THAT(desk.attempted(*flying, {R::kFailed, "503", {}}, now_, wall()), IsEmpty());
  pass(10min);
  EXPECT_FALSE(desk.next(now_).send);
  EXPECT_EQ(desk.waiting(), 0U);
}

TEST_F(LaneTest, ADeadEscalationOfTheLastRunIsCountedOnce) {
  auto desk = lane();
  auto dead = letter(1, Severity::kCritical, 5);
  dead.escalation = true;
  dead.state = DeliveryState::kExhausted;
  desk.add(dead, now_, wall());
  EXPECT_EQ(desk.waiting(), 0U);
  EXPECT_EQ(desk.dead(), 1U);
  desk.cancel({7, 5});
  EXPECT_EQ(desk.dead(), 0U);
  pass(1h);
  EXPECT_FALSE(desk.next(now_).send);
}

TEST_F(LaneTest, ADeadLetterDoesNotKeepAWaitingLaneAwake) {
  auto chat = lane({.rate = {.per_second = 0.1, .burst = 1}});
  chat.add(letter(1), now_, wall());
  static_cast<void>(attempt(chat, R::kRefused));
  pass(11min);
  chat.add(letter(2, Severity::kCritical), now_, wall());
  chat.add(letter(3, Severity::kCritical), now_, wall());
  EXPECT_THAT(deliver_all(chat), ElementsAre(2));
  ASSERT_TRUE(chat.wake_at());
  EXPECT_GT(*chat.wake_at(), now_ + 9s) << "the next token, not at once";
}

TEST_F(LaneTest, AClockThatStepsBackLengthensNoWait) {
  auto desk = lane();
  auto stored = letter(1);
  stored.due = wall() + 1h;  // as the clock stood an hour ahead when it was stored
  stored.delay = 20s;
  desk.add(stored, now_, wall());
  EXPECT_EQ(desk.wake_at(), now_ + 20s);
}

TEST_F(LaneTest, ResentByHand) {
  auto desk = lane();
  desk.add(letter(1), now_, wall());
  desk.add(letter(2), now_, wall());
  static_cast<void>(attempt(desk, R::kRefused));
  static_cast<void>(attempt(desk, R::kRefused));
  EXPECT_THAT(desk.resend({7, 2}, now_, wall()), SizeIs(1));
  EXPECT_THAT(deliver_all(desk), ElementsAre(2));
  EXPECT_THAT(desk.resend({}, now_, wall()), SizeIs(1));
  EXPECT_THAT(deliver_all(desk), ElementsAre(1));
}

}  // namespace
}  // namespace yagura::alerts
