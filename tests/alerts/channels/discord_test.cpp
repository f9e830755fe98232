// What Discord is sent and what its answers mean, as its own documents have it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DiscordSpec : public ChannelSpec {
 protected:
  Json message(const Letter& letter = milestone_letter()) { return Json{sent(discord(), letter).body}; }
  [[nodiscard]] DiscordChannel discord() const {
    DiscordChannel options;
    options.url = secret(server.url() + "/api/webhooks/1/tok");
    return options;
  }
};

TEST_F(DiscordSpec, PostsOneEmbedAndWaitsForIt) {
  const auto heard = sent(discord());
  EXPECT_EQ(heard.target, "/api/webhooks/1/tok?wait=true");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/embeds/0/title"), "Nikkei 225 reaches 57,000");
  EXPECT_EQ(json.text("/embeds/0/description"),
            "57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.\n"
            "[Acknowledge](https://yagura.example/ack?t=abc-123)");
  EXPECT_EQ(json.number("/embeds/0/color"), 0xc62828);
  EXPECT_EQ(json.text("/embeds/0/footer/text"), "id 01234567");
  EXPECT_EQ(json.text("/embeds/0/timestamp"), "2026-02-09T00:22:00.000000Z");
  EXPECT_EQ(json.raw("/allowed_mentions/parse"), "[]");
}

TEST_F(DiscordSpec, KeepsTheQueryOfAThread) {
  auto options = discord();
  options.url.value += "?thread_id=7";
  EXPECT_EQ(sent(options).target, "/api/webhooks/1/tok?thread_id=7&wait=true");
}

TEST_F(DiscordSpec, EscapesItsMarkdown) {
  auto letter = milestone_letter();
  letter.ack_url.clear();
  const auto written = [&](const char* text) {
    letter.text = text;
    return message(letter).text("/embeds/0/description");
  };
  EXPECT_EQ(written("**b** _i_ ~s~ `c` ||x||"), R"(\*\*b\*\* \_i\_ \~s\~ \`c\` \|\|x\|\|)");
  EXPECT_EQ(written("[a](https://evil.example)"), R"(\[a\]\(https\://evil.example\))");
  EXPECT_EQ(written("<@1> @everyone #x"), R"(\<\@1\> \@everyone \#x)");
  EXPECT_EQ(written("back\\slash"), R"(back\\slash)");
  EXPECT_EQ(written("- a\n 12. b\n+ c"), "\\- a\n 12\\. b\n\\+ c");
  EXPECT_EQ(written("down 1.5 %, -0.5 at 09:00"), "down 1.5 %, -0.5 at 09:00");
}

TEST_F(DiscordSpec, CutsWithTheBackslashesCounted) {
  const auto json = message(with_text(std::string(5000, '*')));
  EXPECT_LE(json.text("/embeds/0/title").size(), 258U);
  const auto text = json.text("/embeds/0/description");
  EXPECT_THAT(text, AllOf(HasSubstr("\\*…\n[Acknowledge]("), Not(HasSubstr("\\…"))));
  EXPECT_LE(text.size(), 4098U);
}

TEST_F(DiscordSpec, ReadsItsRateLimits) {
  const auto limited =
      attempt(answer(429, R"({"message":"You are being rate limited.","retry_after":1.337,"global":false})",
                     "Retry-After: 1\r\nX-RateLimit-Reset-After: 1.2\r\n"),
              discord());
  EXPECT_EQ(limited.result, Result::kFailed);
  EXPECT_EQ(limited.retry_after, 1337ms);
  const auto spent =
      attempt(answer(200, "{}", "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset-After: 0.8\r\n"), discord());
  EXPECT_EQ(spent.result, Result::kDelivered);
  EXPECT_EQ(spent.retry_after, 800ms);
  const auto left =
      attempt(answer(200, "{}", "X-RateLimit-Remaining: 4\r\nX-RateLimit-Reset-After: 0.8\r\n"), discord());
  EXPECT_EQ(left.retry_after, std::nullopt);
}

TEST_F(DiscordSpec, KnowsAWebhookThatIsGone) {
  EXPECT_EQ(attempt(answer(404, R"({"message":"Unknown Webhook","code":10015})"), discord()).result, Result::kGone);
  EXPECT_EQ(attempt(answer(404, R"({"message":"Unknown Channel","code":10003})"), discord()).result, Result::kRefused);
}

}  // namespace
}  // namespace yagura::alerts
