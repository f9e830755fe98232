// The storm budget: one by one within it, summaries beyond.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "delivery_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class StormSpec : public DeliverySpec {
 protected:
  StormSpec() { options.storm = StormBudget{10, 60s}; }
  // One a second from `first` on; how many were delivered.
  int burst(int count, Duration first = 0s) {
    int delivered = 0;
    for (int i = 0; i < count; ++i) delivered += say(kMoveOf, Event::kMove, first + 1s * i) == Held::kNot;
    return delivered;
  }
};

TEST_F(StormSpec, TenWithinAMinuteGoOutTheEleventhDoesNot) {
  EXPECT_EQ(burst(10), 10);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 10s), Held::kStorm);
  EXPECT_EQ(say(kYenMoveOf, Event::kMove, 10s), Held::kNot) << "a budget for each instrument";
}

TEST_F(StormSpec, TenAMinuteForAnHourAreNoStorm) {
  for (int i = 0; i < 600; ++i) ASSERT_EQ(say(kMoveOf, Event::kMove, 6s * i), Held::kNot) << i;
}

TEST_F(StormSpec, TheCriticalGoOutOneByOne) {
  burst(10);
  for (int i = 10; i < 50; ++i) EXPECT_EQ(say(kMoveOf, Event::kMove, 1s * i, Severity::kCritical), Held::kNot);
  pass_time(1h);
  EXPECT_THAT(summaries, IsEmpty()) << "nothing was held";
}

TEST_F(StormSpec, TheRestBecomesOneSummary) {
  burst(30);
  EXPECT_THAT(summaries, IsEmpty());
  pass_time(70s - 1ns);
  EXPECT_THAT(summaries, IsEmpty());
  pass_time(70s);
  ASSERT_THAT(summaries, SizeIs(1));
  EXPECT_EQ(summaries[0].count(), 20U);
  EXPECT_EQ(summaries[0].from, kTen + 10s);
  EXPECT_EQ(summaries[0].to, kTen + 70s);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 2min), Held::kNot) << "over";
  pass_time(1h);
  EXPECT_THAT(summaries, SizeIs(1));
}

TEST_F(StormSpec, AStormThatGoesOnHasASummaryEachMinute) {
  EXPECT_EQ(burst(600), 10) << "ten minutes, one a second";
  EXPECT_THAT(summaries, SizeIs(9));
  pass_time(1h);
  EXPECT_THAT(summaries, SizeIs(10));
  std::uint64_t held = 0;
  for (const auto& summary : summaries) held += summary.count();
  EXPECT_EQ(held, 590U) << "nothing is lost";
}

TEST_F(StormSpec, IsOverAtOnceWhenTheAlertsBecomeRare) {
  burst(12);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 30s), Held::kStorm);
  EXPECT_EQ(say(kMoveOf, Event::kMove, 65s), Held::kStorm) << "eight in a minute: not yet";
  EXPECT_EQ(say(kMoveOf, Event::kMove, 69s + 500ms), Held::kNot) << "five: half the budget";
  ASSERT_THAT(summaries, SizeIs(1)) << "before it was due at 70 s";
  EXPECT_EQ(summaries[0].count(), 4U);
  EXPECT_EQ(summaries[0].to, kTen + 69s + 500ms);
}

TEST_F(StormSpec, ASummaryNamesRulesCountsAndTheWorst) {
  burst(10);
  auto big = alert(kMoveOf, Event::kReversal, kTen + 20s);
  big.move.change = samples::delta("-900");
  big.price = samples::price("56100");
  auto small = alert(kMoveOf, Event::kMove, kTen + 30s);
  small.move.change = samples::delta("300");
  const auto milestone = alert(kMilestoneOf, Event::kReached, kTen + 40s, Severity::kLow);
  for (const auto& s : {big, small, milestone}) EXPECT_EQ(say(s), Held::kStorm);
  restart();
  pass_time(2min);
  ASSERT_THAT(summaries, SizeIs(1));
  std::string text;
  encode(summaries[0], desk(), text);
  simdjson::dom::parser parser;
  const auto json = parser.parse(text);
  EXPECT_EQ(json["kind"].get_string().value(), "storm");
  EXPECT_EQ(json["severity"].get_string().value(), "high");
  EXPECT_EQ(json["count"].get_uint64().value(), 3U);
  EXPECT_EQ(json["id"].get_string().value(), to_string(summaries[0].id(desk())));
  EXPECT_EQ(json["title"].get_string().value(), "Nikkei 225: 3 more alerts");
  EXPECT_EQ(json["title_ja"].get_string().value(), "日経平均、ほかに3件のアラート");
  EXPECT_THAT(std::string{json["text_ja"].get_string().value()},
              HasSubstr("move 2件（最大は5万6100円00銭での反転）、5万6100円00銭～"));
  const auto row = json["rules"].at(0);
  EXPECT_EQ(row["rule"].get_string().value(), "move");
  EXPECT_EQ(row["count"].get_uint64().value(), 2U);
  EXPECT_EQ(row["lowest"].get_string().value(), "56100");
  EXPECT_EQ(row["worst"]["id"].get_string().value(), to_string(big.id)) << "the larger of two high ones";
  EXPECT_EQ(json["rules"].at(1)["rule"].get_string().value(), "milestone");
  EXPECT_THAT(plain_line(summaries[0], desk()),
              HasSubstr("Nikkei 225: 3 more alerts since 10:00:20 JST: move 2 (worst: reversal at 56,100.00)"));
}

TEST_F(StormSpec, ASettingThatGoesAwayLosesNothing) {
  burst(15);
  options.storm.reset();
  DeliveryPolicy next{desk(), options};
  next.succeed(policy());
  const auto messages = next.take_late();
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(std::get<StormSummary>(messages[0]).count(), 5U);
  EXPECT_EQ(next.count(Held::kStorm), 5U);
}

}  // namespace
}  // namespace yagura::alerts
