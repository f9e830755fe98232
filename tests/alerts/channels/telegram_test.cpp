// What Telegram is sent and what its answers mean, as its own documents have it.
#include <algorithm>

#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TelegramSpec : public ChannelSpec {
 protected:
  Json message(const Letter& letter = milestone_letter()) { return Json{sent(telegram(), letter).body}; }
  [[nodiscard]] TelegramChannel telegram() const { return {server.url(), secret("77:ab-C_d"), "@desk", {}}; }
};

TEST_F(TelegramSpec, SendsAMessageWithAButton) {
  const auto heard = sent(telegram());
  EXPECT_EQ(heard.target, "/bot77:ab-C_d/sendMessage");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/chat_id"), "@desk");
  EXPECT_EQ(json.text("/text"),
            "<b>Nikkei 225 reaches 57,000</b>\n57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.\n"
            "<code>01234567</code>");
  EXPECT_EQ(json.text("/parse_mode"), "HTML");
  EXPECT_TRUE(json.flag("/link_preview_options/is_disabled"));
  EXPECT_EQ(json.text("/reply_markup/inline_keyboard/0/0/url"), "https://yagura.example/ack?t=abc-123");
  EXPECT_EQ(message(japanese()).text("/reply_markup/inline_keyboard/0/0/text"), "確認する");
}

TEST_F(TelegramSpec, EscapesHtmlAndCallsNobody) {
  const auto text = message(with_text("<b>&amp;</b> @everyone")).text("/text");
  EXPECT_THAT(text, StartsWith("<b>&lt;b&gt;&amp;amp;&lt;/b&gt; @\xe2\x81\xa0"
                               "everyone</b>\n"));
}

TEST_F(TelegramSpec, ShowsALinkThatNoButtonMayHaveAsText) {
  auto letter = milestone_letter();
  letter.ack_url = "http://localhost:8225/ack?t=1&u=2";
  const auto json = message(letter);
  EXPECT_FALSE(json.has("/reply_markup"));
  EXPECT_THAT(json.text("/text"), HasSubstr("\nhttp://localhost:8225/ack?t=1&amp;u=2\n<code>"));
}

TEST_F(TelegramSpec, CutsAfterFourThousandCharactersAsTelegramCountsThem) {
  std::string rockets;
  for (int i = 0; i < 3000; ++i) rockets += "\xf0\x9f\x9a\x80";  // two units each
  const auto text = message(with_text(rockets)).text("/text");
  const auto rocket_count = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\x9a'));
  EXPECT_THAT(text, HasSubstr("\xf0\x9f\x9a\x80…\n<code>"));
  EXPECT_LE(rocket_count * 2 + 2 + 10, 4096U);
  EXPECT_GT(rocket_count * 2, 3300U);
}

TEST_F(TelegramSpec, StaysAwayAsTheBodySays) {
  const auto made = attempt(
      answer(
          429,
          R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}})"),
      telegram());
  EXPECT_EQ(made.result, Result::kFailed);
  EXPECT_EQ(made.retry_after, 5s);
  EXPECT_THAT(made.detail, HasSubstr("retry after 5"));
  EXPECT_THAT(
      attempt(answer(400, R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})"), telegram())
          .detail,
      HasSubstr("chat not found"));
}

TEST_F(TelegramSpec, RefusesTokensThatWouldBeAnotherPath) {
  auto options = telegram();
  for (const auto* token : {"", "77", "77:", "a:b", "77:a/b", "77:a?b", "77:a b", "77:a\r\nX: 1", "../77:a"}) {
    options.token = secret(token);
    EXPECT_THAT(problem(options), AllOf(HasSubstr("token"), Not(HasSubstr("77")))) << token;
  }
  options = telegram();
  options.chat.clear();
  EXPECT_THAT(problem(options), HasSubstr("chat: empty"));
}

}  // namespace
}  // namespace yagura::alerts
