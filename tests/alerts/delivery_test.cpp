// What is delivered and what is held, rule by rule.
#include "alerts/delivery.hpp"

#include "delivery_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

MuteWindow window(std::string_view text) {
  const auto parsed = parse_mute(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : MuteWindow{};
}

TEST_F(DeliverySpec, DeliversEverythingUnlessToldOtherwise) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(say(kMoveOf, Event::kExtended, 1s * i), Held::kNot);
  EXPECT_EQ(policy().count(Held::kNot), 100U);
}

// -- repeat, delivery_cooldown -------------------------------------------------------------------

TEST_F(DeliverySpec, OnceSaysEveryThingOnce) {
  rule(kMilestoneOf).repeat = Repeat::kOnce;
  auto reached = alert(kMilestoneOf, Event::kReached, kTen);
  reached.headline = 57;
  EXPECT_EQ(say(reached), Held::kNot);
  reached.ts_event += 24h * 100;
  EXPECT_EQ(say(reached), Held::kRepeated) << "for ever";
  reached.headline = 58;
  EXPECT_EQ(say(reached), Held::kNot) << "another level is another thing";
  reached.event = Event::kLost;
  EXPECT_EQ(say(reached), Held::kNot) << "another event, too";
}

TEST_F(DeliverySpec, OnceASegmentSaysItAgainInTheAfternoon) {
  rule(kMilestoneOf).repeat = Repeat::kSegment;
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 0s), Held::kNot);
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 1h + 30min), Held::kRepeated);
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 2h + 30min), Held::kNot) << "12:30";
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 23h), Held::kNot) << "09:00 on the next day";
}

TEST_F(DeliverySpec, OnceAnEpisodeHoldsFollowUpsOfFollowUpsAndSiblings) {
  rule(kMilestoneOf).repeat = Repeat::kEpisode;
  const auto first = alert(kMilestoneOf, Event::kReached, kTen);
  auto cleared = alert(kMilestoneOf, Event::kCleared, kTen + 1min);
  cleared.parent = first.id;
  auto sibling = alert(kMilestoneOf, Event::kCleared, kTen + 2min);
  sibling.parent = first.id;
  auto grandchild = alert(kMilestoneOf, Event::kExtended, kTen + 3min);
  grandchild.parent = cleared.id;
  const auto next = alert(kMilestoneOf, Event::kReached, kTen + 4min);
  EXPECT_EQ(say(first), Held::kNot);
  EXPECT_EQ(say(cleared), Held::kRepeated);
  EXPECT_EQ(say(sibling), Held::kRepeated);
  EXPECT_EQ(say(grandchild), Held::kRepeated);
  EXPECT_EQ(say(next), Held::kNot) << "an episode of its own";
}

TEST_F(DeliverySpec, AnEpisodeWhoseFirstAlertWasHeldIsSaidByItsNext) {
  rule(kMilestoneOf).repeat = Repeat::kEpisode;
  rule(kMilestoneOf).mute = {window("opening")};
  const auto first = alert(kMilestoneOf, Event::kReached, samples::at("2026-02-09T09:01:00+09:00"));
  auto cleared = alert(kMilestoneOf, Event::kCleared, kTen);
  auto again = alert(kMilestoneOf, Event::kCleared, kTen + 1min);
  cleared.parent = again.parent = first.id;
  EXPECT_EQ(say(first), Held::kMuted);
  EXPECT_EQ(say(cleared), Held::kNot);
  EXPECT_EQ(say(again), Held::kRepeated);
}

TEST_F(DeliverySpec, CooldownCountsFromTheLastDeliveryOfTheSameThing) {
  rule(kMoveOf).cooldown = 10min;
  EXPECT_EQ(say(kMoveOf, Event::kMove, 0s), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kReversal, 1s), Held::kNot) << "another event";
  EXPECT_EQ(say(kMoveOf, Event::kMove, 9min + 59s), Held::kCooldown);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 10min), Held::kNot) << "exactly ten minutes";
  EXPECT_EQ(say(kMoveOf, Event::kMove, 15min), Held::kCooldown);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 16min, Severity::kCritical), Held::kNot) << "more severe than the last";
}

// -- expires -------------------------------------------------------------------------------------

TEST_F(DeliverySpec, ExpiresAtATimeOrAfterADate) {
  rule(kMoveOf).expires = kTen + 1h;
  EXPECT_EQ(say(kMoveOf, Event::kMove, 1h - 1ns), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 1h, Severity::kCritical), Held::kExpired);
  EXPECT_FALSE(policy().expired(RuleIndex{kMoveOf}, kTen));
  EXPECT_TRUE(policy().expired(RuleIndex{kMoveOf}, kTen + 1h));
}

TEST_F(DeliverySpec, ADateIsTheLastTradingDate) {
  rule(kMoveOf).expires = samples::date("2026-02-10");
  EXPECT_EQ(say(kMoveOf, Event::kMove, 24h + 5h), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 3 * 24h), Held::kExpired);
}

TEST_F(DeliverySpec, TradingDaysLeaveOutHolidaysAndCountFromTheFirstMomentSeen) {
  rule(kMoveOf).expires = TradingDays{3};  // Monday 9, Tuesday 10, Thursday 12: the 11th is a holiday
  pass_time(0s);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 24h), Held::kNot);
  restart();
  EXPECT_EQ(say(kMoveOf, Event::kMove, 3 * 24h), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 4 * 24h), Held::kExpired);
  options.rules[kMoveOf].expires = TradingDays{4};
  restart();
  EXPECT_EQ(say(kMoveOf, Event::kMove, 4 * 24h + 1s), Held::kNot) << "another setting counts anew";
}

TEST_F(DeliverySpec, ReadsExpiriesAsPeopleWriteThem) {
  EXPECT_EQ(parse_expiry("5d"), Expiry{TradingDays{5}});
  EXPECT_EQ(parse_expiry("2026-12-31"), Expiry{samples::date("2026-12-31")});
  EXPECT_EQ(parse_expiry("2026-12-31T15:00:00+09:00"), Expiry{samples::at("2026-12-31T06:00:00Z")});
  for (const auto* wrong : {"", "d", "0d", "-1d", "5", "5h", "99999d", "2026-13-01", "2026-12-31T15:00:00", "tomorrow"})
    EXPECT_EQ(parse_expiry(wrong), std::nullopt) << wrong;
}

// -- mute ----------------------------------------------------------------------------------------

TEST_F(DeliverySpec, MuteWindowsSpareTheCritical) {
  rule(kMoveOf).mute = {window("10:00-11:00")};
  options.mute = {window("lunch")};
  EXPECT_EQ(say(kMoveOf, Event::kMove, 0s), Held::kMuted);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 1s, Severity::kCritical), Held::kNot);
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 2s), Held::kNot) << "another rule's hours";
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 1h + 40min), Held::kMuted) << "11:40, for all";
}

TEST_F(DeliverySpec, MuteWindowsHoldTheCriticalWhenAsked) {
  options.mute = {window("morning")};
  options.mute_critical = true;
  EXPECT_EQ(say(kMoveOf, Event::kMove, 0s, Severity::kCritical), Held::kMuted);
}

// -- inhibition and absorption -------------------------------------------------------------------

TEST_F(DeliverySpec, StaleDataInhibitWhatNeedsEveryPrice) {
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 1s, Severity::kCritical), Held::kInhibited);
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 2s), Held::kNot) << "a fact of one price";
  EXPECT_EQ(say(kRecordOf, Event::kNewHigh, 3s), Held::kNot);
  EXPECT_EQ(say(kYenMoveOf, Event::kMove, 4s), Held::kNot) << "another instrument";
  restart();
  EXPECT_EQ(say(kMoveOf, Event::kMove, 5s), Held::kInhibited);
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 6s), Held::kNot);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 7s), Held::kNot);
}

TEST_F(DeliverySpec, MissingDataResolveNothing) {
  say(kStaleOf, Event::kStale, 0s);
  for (int day = 1; day < 60; ++day) pass_time(24h * day);
  EXPECT_THAT(late, IsEmpty());
  auto same_date = alert(kMoveOf, Event::kMove, kTen + 4h);
  EXPECT_EQ(say(same_date), Held::kInhibited) << "stale until it says recovered";
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 24h * 60), Held::kNot) << "the end of what was said to have begun";
}

TEST_F(DeliverySpec, ALostRecoveryInhibitsNoOtherDay) {
  say(kStaleOf, Event::kStale, 0s);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 4h), Held::kInhibited);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 24h), Held::kNot) << "its tick is proof of data";
}

TEST_F(DeliverySpec, AStaleAlertThatNobodyGotInhibitsNothing) {
  rule(kStaleOf).mute = {window("morning")};
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kMuted);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 1s), Held::kNot);
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 3h), Held::kMuted) << "no end without a beginning";
}

TEST_F(DeliverySpec, AnEndIsDeliveredWhereverItsBeginningWas) {
  options.mute = {window("lunch")};
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kNot);
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 1h + 40min), Held::kNot) << "11:40, but it was said to have begun";
}

TEST_F(DeliverySpec, AMilestoneAbsorbsTheRecordOfItsTick) {
  const std::vector tick = {alert(kRecordOf, Event::kNewHigh, kTen), alert(kMilestoneOf, Event::kReached, kTen)};
  const auto verdicts = policy().judge(tick);
  EXPECT_EQ(verdicts[0].held, Held::kAbsorbed);
  EXPECT_EQ(verdicts[1].held, Held::kNot);
  EXPECT_THAT(verdicts[1].absorbed, ElementsAre(tick[0].id));
}

TEST_F(DeliverySpec, AWithdrawalIsNeverHeld) {
  rule(kRecordOf).mute = {window("morning")};
  const std::vector tick = {alert(kRecordOf, Event::kWithdrawn, kTen), alert(kMilestoneOf, Event::kReached, kTen)};
  EXPECT_EQ(policy().judge(tick)[0].held, Held::kNot);
}

TEST_F(DeliverySpec, ARecordIsAbsorbedByItsOwnTickOnly) {
  auto other_time = alert(kMilestoneOf, Event::kReached, kTen + 1ns);
  auto other_price = alert(kMilestoneOf, Event::kReached, kTen);
  other_price.price = samples::price("57000.01");
  const std::vector ticks = {alert(kRecordOf, Event::kNewHigh, kTen), other_price, other_time};
  EXPECT_EQ(policy().judge(ticks)[0].held, Held::kNot);
}

TEST_F(DeliverySpec, WhatIsHeldOrLessSevereAbsorbsNothing) {
  rule(kMilestoneOf).repeat = Repeat::kOnce;
  EXPECT_EQ(say(kMilestoneOf, Event::kReached, 0s), Held::kNot);
  const auto at = kTen + 1min;
  const std::vector repeated = {alert(kRecordOf, Event::kNewHigh, at), alert(kMilestoneOf, Event::kReached, at)};
  auto verdicts = policy().judge(repeated);
  EXPECT_EQ(verdicts[0].held, Held::kNot);
  EXPECT_EQ(verdicts[1].held, Held::kRepeated);
  const std::vector note = {alert(kRecordOf, Event::kNewHigh, at),
                            alert(kMilestoneOf, Event::kNear, at, Severity::kLow)};
  verdicts = policy().judge(note);
  EXPECT_EQ(verdicts[0].held, Held::kNot);
  EXPECT_EQ(verdicts[1].held, Held::kNot);
}

// -- for, keep_firing ----------------------------------------------------------------------------

TEST_F(DeliverySpec, AStateMustLastBeforeItIsSaid) {
  rule(kStaleOf).pending = 30s;
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kPending);
  policy().keep({1, 1}, "{}");
  pass_time(29s);
  EXPECT_THAT(late, IsEmpty());
  restart();
  pass_time(30s);
  EXPECT_THAT(late, ElementsAre(1));
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 40s), Held::kNot);
  EXPECT_EQ(policy().count(Held::kNot), 2U);
}

TEST_F(DeliverySpec, KeepsTheTextOfWhatWaits) {
  rule(kStaleOf).pending = 30s;
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kPending);
  policy().keep({1, 1}, R"({"v":1})");
  restart();
  policy().advance(samples::kNikkei, kTen + 1h);
  const auto messages = policy().take_late();
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(std::get<LateAlert>(messages[0]).text, R"({"v":1})");
  EXPECT_EQ(std::get<LateAlert>(messages[0]).at, kTen + 30s) << "when it was due, however late the clock came";
}

TEST_F(DeliverySpec, ARecoveryInTimeCancelsBoth) {
  rule(kStaleOf).pending = 30s;
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kPending);
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 30s - 1ns), Held::kBrief);
  pass_time(1h);
  EXPECT_THAT(late, IsEmpty());
  EXPECT_EQ(policy().count(Held::kBrief), 2U);
}

TEST_F(DeliverySpec, ARecoveryOnTheDotComesAfterTheAlert) {
  rule(kStaleOf).pending = 30s;
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kPending);
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 30s), Held::kNot);
  EXPECT_THAT(late, ElementsAre(1));
}

TEST_F(DeliverySpec, FlappingIsOneAlertAndOneRecovery) {
  rule(kStaleOf).keep_firing = 30s;
  EXPECT_EQ(say(kStaleOf, Event::kStale, 0s), Held::kNot);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(say(kStaleOf, Event::kRecovered, 20s * i), Held::kPending);
    EXPECT_EQ(say(kStaleOf, Event::kStale, 20s * i + 10s), Held::kBrief);
  }
  EXPECT_EQ(say(kStaleOf, Event::kRecovered, 200s), Held::kPending);
  const auto recovery = last_id;
  pass_time(230s);
  EXPECT_THAT(late, ElementsAre(recovery));
  EXPECT_EQ(policy().count(Held::kNot), 2U);
  EXPECT_EQ(policy().count(Held::kBrief), 10U);
}

}  // namespace
}  // namespace yagura::alerts
