// What PagerDuty is sent and what its answers mean, as its own documents have it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;

class PagerDutySpec : public ChannelSpec {
 protected:
  PagerDutySpec() { server.always(answer(202, R"({"status":"success"})")); }
  [[nodiscard]] PagerDutyChannel pagerduty() const { return {server.url(), secret("R0"), {}}; }
  Json event(const Letter& letter = milestone_letter()) { return Json{sent(pagerduty(), letter).body}; }
};

TEST_F(PagerDutySpec, TriggersAnIncidentPerEpisode) {
  auto letter = milestone_letter();
  letter.episode = {0xaa, 0xbb};
  const auto heard = sent(pagerduty(), letter);
  EXPECT_EQ(heard.target, "/v2/enqueue");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/routing_key"), "R0");
  EXPECT_EQ(json.text("/event_action"), "trigger");
  EXPECT_EQ(json.text("/dedup_key"), "00000000000000aa00000000000000bb");
  EXPECT_EQ(json.text("/payload/summary"), "Nikkei 225 reaches 57,000");
  EXPECT_EQ(json.text("/payload/source"), "NI225");
  EXPECT_EQ(json.text("/payload/timestamp"), "2026-02-09T00:22:00.000000Z");
  EXPECT_EQ(json.text("/payload/group"), "milestone");
  EXPECT_EQ(json.text("/payload/class"), "reached");
  EXPECT_EQ(json.text("/payload/custom_details/alert/id"), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(json.text("/links/0/href"), "https://yagura.example/ack?t=abc-123");
}

TEST_F(PagerDutySpec, KnowsItsOwnSeverities) {
  EXPECT_EQ(event(of_severity(Severity::kCritical)).text("/payload/severity"), "critical");
  EXPECT_EQ(event(of_severity(Severity::kHigh)).text("/payload/severity"), "error");
  EXPECT_EQ(event(of_severity(Severity::kLow)).text("/payload/severity"), "warning");
  EXPECT_EQ(event(of_severity(Severity::kInfo)).text("/payload/severity"), "info");
}

TEST_F(PagerDutySpec, AcknowledgesAndResolves) {
  auto letter = milestone_letter();
  letter.purpose = Letter::Purpose::kAcknowledged;
  EXPECT_EQ(event(letter).text("/event_action"), "acknowledge");
  letter.purpose = Letter::Purpose::kResolved;
  letter.event = "recovered";
  const auto over = event(letter);
  EXPECT_EQ(over.text("/event_action"), "resolve");
  EXPECT_EQ(over.text("/dedup_key"), "0123456789abcdeffedcba9876543210");
  EXPECT_FALSE(over.has("/payload"));
  letter.purpose = Letter::Purpose::kReminder;
  EXPECT_EQ(event(letter).text("/event_action"), "trigger");
}

TEST_F(PagerDutySpec, TakesOnly202ForAYes) {
  EXPECT_EQ(attempt(answer(200), pagerduty()).result, Result::kFailed);
  EXPECT_THAT(
      attempt(
          answer(400,
                 R"({"status":"invalid event","message":"Event object is invalid","errors":["routing_key is wrong"]})"),
          pagerduty())
          .detail,
      HasSubstr("Event object is invalid; routing_key is wrong"));
}

TEST_F(PagerDutySpec, KeepsWithinItsLimits) {
  auto letter = with_text(std::string(100 << 10, 'x'));
  letter.json = "\"" + std::string(600 << 10, 'x') + "\"";
  const auto json = event(letter);
  EXPECT_EQ(json.text("/payload/summary").size(), 1023U + 3U);
  EXPECT_FALSE(json.has("/payload/custom_details/alert"));
}

}  // namespace
}  // namespace yagura::alerts
