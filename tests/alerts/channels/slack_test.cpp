// What Slack is sent and what its answers mean, as its own documents have it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::StartsWith;

class SlackSpec : public ChannelSpec {
 protected:
  Json message(const Letter& letter = milestone_letter()) { return Json{sent(slack(), letter).body}; }
  [[nodiscard]] SlackChannel slack() const {
    SlackChannel options;
    options.url = secret(server.url() + "/services/T0/B0/xyz");
    return options;
  }
};

TEST_F(SlackSpec, PostsTitleTextAndIdInTheColourOfTheSeverity) {
  const auto heard = sent(slack());
  EXPECT_EQ(heard.target, "/services/T0/B0/xyz");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/text"), "Nikkei 225 reaches 57,000");
  EXPECT_EQ(json.text("/attachments/0/text"), "57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.");
  EXPECT_EQ(json.text("/attachments/0/fallback"), "Nikkei 225 reaches 57,000");
  EXPECT_EQ(json.text("/attachments/0/footer"), "id 01234567");
  EXPECT_EQ(json.text("/attachments/0/color"), "#c62828");
  EXPECT_EQ(json.text("/attachments/0/actions/0/url"), "https://yagura.example/ack?t=abc-123");
  EXPECT_EQ(json.text("/attachments/0/actions/0/text"), "Acknowledge");
  EXPECT_EQ(message(of_severity(Severity::kInfo)).text("/attachments/0/color"), "#607d8b");
}

TEST_F(SlackSpec, ReadsNoMarkupAndCallsNobody) {
  const auto json = message(with_text("<!channel> *b* <https://evil.example|x> & @here"));
  EXPECT_EQ(json.text("/text"), "&lt;!channel&gt; *b* &lt;https://evil.example|x&gt; &amp; @here");
  EXPECT_EQ(json.text("/attachments/0/text"), json.text("/text"));
  EXPECT_FALSE(json.flag("/mrkdwn"));
  EXPECT_FALSE(json.flag("/link_names"));
  EXPECT_EQ(json.text("/parse"), "none");
  EXPECT_EQ(json.raw("/attachments/0/mrkdwn_in"), "[]");
}

TEST_F(SlackSpec, CutsWhatIsTooLong) {
  const auto json = message(with_text(std::string(5000, '<')));
  EXPECT_THAT(json.text("/attachments/0/text"), AllOf(EndsWith("&lt;…"), StartsWith("&lt;")));
  EXPECT_LE(json.text("/attachments/0/text").size(), 3003U);
  EXPECT_LE(json.text("/text").size(), 253U);
}

TEST_F(SlackSpec, ShowsNoButtonWithoutALink) {
  auto letter = milestone_letter();
  for (const auto* url : {"", "javascript:alert(1)", "https://x.example/a|b>"}) {
    letter.ack_url = url;
    EXPECT_FALSE(message(letter).has("/attachments/0/actions")) << url;
  }
}

TEST_F(SlackSpec, KnowsAHookThatWasTakenAway) {
  EXPECT_EQ(attempt(answer(404, "no_service"), slack()).result, Result::kGone);
  EXPECT_EQ(attempt(answer(403, "no_active_hooks"), slack()).result, Result::kGone);
  EXPECT_EQ(attempt(answer(410, "channel_is_archived"), slack()).result, Result::kGone);
  EXPECT_EQ(attempt(answer(404, "channel_not_found"), slack()).result, Result::kRefused);
}

}  // namespace
}  // namespace yagura::alerts
