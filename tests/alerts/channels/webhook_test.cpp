#include "alerts/channels/webhook_signature.hpp"
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// The example of the specification.
TEST(WebhookSignature, IsThatOfTheSpecification) {
  EXPECT_EQ(
      webhook_signature(*webhook_key(kSecret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, TakesAnyTextAsAKeyButChecksBase64) {
  EXPECT_EQ(*webhook_key("a plain one"), "a plain one");
  for (const auto* bad : {"whsec_", "whsec_%%%", "whsec_abc"}) EXPECT_FALSE(webhook_key(bad)) << bad;
}

class WebhookSpec : public ChannelSpec {
 protected:
  [[nodiscard]] WebhookChannel hook() const {
    WebhookChannel options;
    options.plain_url = server.url() + "/hook?x=1";
    options.secret = secret(kSecret);
    return options;
  }
};

TEST_F(WebhookSpec, SendsTheAlertsJsonByteForByteAndSigned) {
  const auto letter = milestone_letter();
  const auto before = std::chrono::system_clock::now();
  const auto heard = sent(hook());
  EXPECT_EQ(heard.target, "/hook?x=1");
  EXPECT_EQ(heard.body, letter.json);
  EXPECT_EQ(heard.header("webhook-id"), "0123456789abcdeffedcba9876543210");
  const auto seconds = std::stoll(heard.header("webhook-timestamp"));
  EXPECT_NEAR(static_cast<double>(seconds), static_cast<double>(std::chrono::system_clock::to_time_t(before)), 5.0);
  EXPECT_EQ(heard.header("webhook-signature"),
            webhook_signature(*webhook_key(kSecret), heard.header("webhook-id"), seconds, letter.json));
}

TEST_F(WebhookSpec, SignsTwiceWhileASecretChanges) {
  auto options = hook();
  options.old_secret = secret("the old one");
  const auto heard = sent(options);
  const auto seconds = std::stoll(heard.header("webhook-timestamp"));
  const auto id = heard.header("webhook-id");
  EXPECT_EQ(heard.header("webhook-signature"), webhook_signature(*webhook_key(kSecret), id, seconds, heard.body) + " " +
                                                   webhook_signature("the old one", id, seconds, heard.body));
}

TEST_F(WebhookSpec, SignsNothingWithoutASecret) {
  auto options = hook();
  options.secret = {};
  EXPECT_EQ(sent(options).header("webhook-signature"), "");
}

TEST_F(WebhookSpec, AWithdrawalAndAnEndAreMessagesOfTheirOwn) {
  auto letter = milestone_letter();
  letter.event = "withdrawn";
  EXPECT_EQ(sent(hook(), letter).header("webhook-id"), "0123456789abcdeffedcba9876543210-withdrawn");
  letter.event = "recovered";
  letter.purpose = Letter::Purpose::kResolved;
  EXPECT_EQ(sent(hook(), letter).header("webhook-id"), "0123456789abcdeffedcba9876543210-resolved");
  letter = milestone_letter();
  letter.purpose = Letter::Purpose::kReminder;
  EXPECT_EQ(sent(hook(), letter).header("webhook-id"), "0123456789abcdeffedcba9876543210");
}

TEST_F(WebhookSpec, TriesAgainOnWhatIsNoSureRefusal) {
  for (const int status : {402, 405, 409, 415, 418, 451})
    EXPECT_EQ(attempt(answer(status), hook()).result, Result::kFailed) << status;
  for (const int status : {200, 201, 202, 204, 299})
    EXPECT_EQ(attempt(answer(status), hook()).result, Result::kDelivered) << status;
}

TEST_F(WebhookSpec, RefusesSecretsThatCannotBe) {
  auto options = hook();
  options.secret = secret("whsec_n0t-base64");
  EXPECT_THAT(problem(options),
              AllOf(HasSubstr("secret from $SINK_SECRET"), HasSubstr("base64"), Not(HasSubstr("n0t"))));
  options = hook();
  options.old_secret = secret("");
  EXPECT_THAT(problem(options), HasSubstr("old_secret from $SINK_SECRET: empty"));
}

}  // namespace
}  // namespace yagura::alerts
