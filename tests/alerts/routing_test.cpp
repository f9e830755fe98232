// Which sinks an alert goes to, and when.
#include "alerts/routing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Which = Routing::Which;
using Purpose = Letter::Purpose;

SinkOptions sink(const char* name) {
  SinkOptions options;
  options.name = name;
  options.channel = WebhookChannel{};
  return options;
}

class RoutingSpec : public testing::Test {
 protected:
  RoutingSpec() {
    sinks = {sink("archive"), sink("chat"), sink("phone"), sink("boss")};
    sinks[0].deliver = Deliver::kAll;
    sinks[2].channel = PagerDutyChannel{};
    sinks[3].only_named = true;
    rules.resize(2);
  }
  // Names of the sinks that are told at once.
  std::vector<std::string> told(Severity severity = Severity::kHigh, Which which = Which::kNew, std::uint16_t rule = 0,
                                Event event = Event::kReached) {
    std::vector<std::string> names;
    for (const auto& route : Routing{sinks, rules}.routes(RuleIndex{rule}, severity, event, which)) {
      if (route.delay == 0s) names.push_back(sinks[route.sink].name);
    }
    return names;
  }

  std::vector<SinkOptions> sinks;
  std::vector<RuleDelivery> rules;
};

TEST_F(RoutingSpec, ARuleThatNamesNoneGoesToAllThatWantNoNaming) {
  EXPECT_THAT(told(), ElementsAre("archive", "chat", "phone"));
}

TEST_F(RoutingSpec, NamesAreObeyedAndTheArchiveHasAll) {
  rules[0].sinks = {"boss", "chat", "nobody"};
  EXPECT_THAT(told(), ElementsAre("archive", "chat", "boss"));
  EXPECT_THAT(told(Severity::kHigh, Which::kNew, 1), ElementsAre("archive", "chat", "phone")) << "of another rule";
}

TEST_F(RoutingSpec, LessSevereStaysAway) {
  sinks[1].least = Severity::kCritical;
  EXPECT_THAT(told(Severity::kHigh), ElementsAre("archive", "phone"));
  EXPECT_THAT(told(Severity::kCritical), ElementsAre("archive", "chat", "phone"));
}

TEST_F(RoutingSpec, HeldAlertsReachArchivesAndLateOnesTheRest) {
  EXPECT_THAT(told(Severity::kHigh, Which::kHeld), ElementsAre("archive"));
  EXPECT_THAT(told(Severity::kHigh, Which::kLate), ElementsAre("chat", "phone"));
}

TEST_F(RoutingSpec, EscalatesInOrderAndRemindsTheLastOfWhatIsCritical) {
  rules[0].sinks = {"chat", "phone", "boss"};
  rules[0].escalate_after = 5min;
  EXPECT_THAT(told(Severity::kCritical), ElementsAre("archive", "chat"));
  const Routing routing{sinks, rules};
  const auto later = [&](Severity severity) {
    auto all = routing.routes(RuleIndex{0}, severity, Event::kReached, Which::kNew);
    std::erase_if(all, [](const Route& route) { return route.delay == 0s; });
    return all;
  };
  const auto critical = later(Severity::kCritical);
  ASSERT_THAT(critical, SizeIs(2 + Routing::kReminders));
  EXPECT_EQ(critical[0].sink, 2);
  EXPECT_EQ(critical[0].delay, 5min);
  EXPECT_EQ(critical[1].sink, 3);
  EXPECT_EQ(critical[1].delay, 10min);
  EXPECT_EQ(critical[2].purpose, Purpose::kReminder);
  EXPECT_EQ(critical[2].sink, 3);
  EXPECT_EQ(critical[2].delay, 15min);
  EXPECT_THAT(later(Severity::kHigh), SizeIs(2)) << "without reminders";
  EXPECT_THAT(later(Severity::kLow), IsEmpty());
}

TEST_F(RoutingSpec, TheEndOfAnEpisodeClosesAnIncidentAndEscalatesNothing) {
  rules[0].sinks = {"chat", "phone"};
  rules[0].escalate_after = 5min;
  rules[1].sinks = {"phone", "chat"};
  const Routing routing{sinks, rules};
  EXPECT_THAT(routing.routes(RuleIndex{0}, Severity::kHigh, Event::kRecovered, Which::kNew),
              testing::AllOf(SizeIs(3), testing::Each(testing::Field(&Route::escalation, false))));
  const auto over = routing.routes(RuleIndex{1}, Severity::kHigh, Event::kRecovered, Which::kNew);
  ASSERT_THAT(over, SizeIs(3));
  EXPECT_EQ(over[2].sink, 2);
  EXPECT_EQ(over[2].purpose, Purpose::kResolved);
  EXPECT_EQ(over[1].purpose, Purpose::kAlert) << "a chat is told in words";
}

TEST_F(RoutingSpec, TheChainBeginsWithTheFirstThatWantsIt) {
  rules[0].sinks = {"phone", "chat"};
  rules[0].escalate_after = 5min;
  sinks[2].least = Severity::kCritical;
  EXPECT_THAT(told(Severity::kHigh), ElementsAre("archive", "chat"));
  EXPECT_THAT(told(Severity::kLow), ElementsAre("archive", "chat"));
}

TEST_F(RoutingSpec, WhatTakesBackGoesToAllWhateverTheySetAside) {
  rules[0].sinks = {"chat", "boss", "archive"};
  rules[0].escalate_after = 5min;
  sinks[1].least = sinks[3].least = Severity::kCritical;
  EXPECT_THAT(told(Severity::kLow, Which::kNew, 0, Event::kWithdrawn), ElementsAre("archive", "chat", "boss"));
  EXPECT_THAT(told(Severity::kLow, Which::kHeld), ElementsAre("archive")) << "an archive in a chain has all as well";
}

TEST_F(RoutingSpec, AFallbackWaits) {
  sinks[1].fallback_for = "phone";
  sinks[1].fallback_after = 7s;
  const auto routes = Routing{sinks, rules}.routes(RuleIndex{0}, Severity::kHigh, Event::kReached, Which::kNew);
  ASSERT_THAT(routes, SizeIs(3));
  EXPECT_EQ(routes[1].delay, 7s);
  EXPECT_FALSE(routes[1].escalation) << "an acknowledgement has nothing to say about it";
}

TEST_F(RoutingSpec, AStormsSummaryGoesWhereItsAlertsWouldHaveGone) {
  rules[0].sinks = {"boss"};
  const Routing all{sinks, rules};
  EXPECT_THAT(all.summary_routes({}, Severity::kHigh), IsEmpty());
  EXPECT_THAT(all.summary_routes(std::array{RuleIndex{0}}, Severity::kHigh), SizeIs(1));
  EXPECT_THAT(all.summary_routes(std::array{RuleIndex{0}, RuleIndex{1}, RuleIndex{1}}, Severity::kHigh), SizeIs(3));
  sinks[1].least = Severity::kCritical;
  const auto routes = Routing{sinks, rules}.summary_routes(std::array{RuleIndex{1}}, Severity::kHigh);
  ASSERT_THAT(routes, SizeIs(1));
  EXPECT_EQ(routes[0].sink, 2);
  EXPECT_EQ(routes[0].purpose, Purpose::kSummary);
}

}  // namespace
}  // namespace yagura::alerts
