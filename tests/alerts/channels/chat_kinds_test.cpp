// What each chat service is sent, as its own documents describe it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Letter with_text(std::string text) {
  auto letter = milestone_letter();
  letter.title = text;
  letter.text = std::move(text);
  return letter;
}

Letter of_severity(Severity severity) {
  auto letter = milestone_letter();
  letter.severity = severity;
  return letter;
}

Letter japanese() {
  auto letter = milestone_letter();
  letter.language = Language::kJapanese;
  return letter;
}

Letter a_test() {
  auto letter = milestone_letter();
  letter.purpose = Letter::Purpose::kTest;
  return letter;
}

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

TEST_F(TelegramSpec, CutsAfterFourThousandCharactersAsTelegramCountsThem) {
  std::string rockets;
  for (int i = 0; i < 3000; ++i) rockets += "\xf0\x9f\x9a\x80";  // two units each
  const auto text = message(with_text(rockets)).text("/text");
  const auto rocket_count = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\x9a'));
  EXPECT_THAT(text, HasSubstr("\xf0\x9f\x9a\x80…\n<code>"));
  EXPECT_LE(rocket_count * 2 + 2 + 10, 4096U);
  EXPECT_GT(rocket_count * 2, 3800U);
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

class LineSpec : public ChannelSpec {
 protected:
  [[nodiscard]] LineChannel line() const { return {server.url(), secret("l1ne"), "C4af", {}}; }
  std::string key_of(const Letter& letter) { return sent(line(), letter).header("X-Line-Retry-Key"); }
};

TEST_F(LineSpec, PushesATextWithItsRetryKey) {
  const auto heard = sent(line());
  EXPECT_EQ(heard.target, "/v2/bot/message/push");
  EXPECT_EQ(heard.header("Authorization"), "Bearer l1ne");
  EXPECT_EQ(heard.header("X-Line-Retry-Key"), "01234567-89ab-cdef-fedc-ba9876543210");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/to"), "C4af");
  EXPECT_EQ(json.text("/messages/0/type"), "text");
  EXPECT_EQ(json.text("/messages/0/text"),
            "Nikkei 225 reaches 57,000\n57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.\n"
            "Acknowledge: https://yagura.example/ack?t=abc-123\nid 01234567");
}

TEST_F(LineSpec, WhatWasTakenBeforeIsDelivered) {
  EXPECT_EQ(attempt(answer(409, R"({"message":"The retry key is already accepted"})"), line()).result,
            Result::kDelivered);
}

TEST_F(LineSpec, AReminderIsNoRepetition) {
  auto letter = milestone_letter();
  const auto first = key_of(letter);
  letter.purpose = Letter::Purpose::kReminder;
  letter.reminder = 1;
  const auto reminder = key_of(letter);
  EXPECT_NE(reminder, first);
  EXPECT_EQ(key_of(letter), reminder);
  letter.reminder = 2;
  EXPECT_NE(key_of(letter), reminder);
  letter = milestone_letter();
  letter.event = "withdrawn";
  EXPECT_NE(key_of(letter), first);
}

TEST_F(LineSpec, GivesUpWhenTheMonthIsSpent) {
  EXPECT_EQ(attempt(answer(429, R"({"message":"You have reached your monthly limit."})"), line()).result,
            Result::kRefused);
  EXPECT_EQ(attempt(answer(429, R"({"message":"The API rate limit has been exceeded."})"), line()).result,
            Result::kFailed);
}

TEST_F(LineSpec, CutsAtFiveThousand) {
  const auto text = Json{sent(line(), with_text(std::string(100 << 10, 'x'))).body}.text("/messages/0/text");
  EXPECT_LE(text.size(), 5000U);
  EXPECT_THAT(text, AllOf(HasSubstr("x…\n"), EndsWith("id 01234567")));
}

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
  letter.purpose = Letter::Purpose::kResolved;
  letter.event = "acknowledged";
  EXPECT_EQ(event(letter).text("/event_action"), "acknowledge");
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

class NtfySpec : public ChannelSpec {
 protected:
  [[nodiscard]] NtfyChannel ntfy() const { return {server.url(), "desk-7", secret("tk_1"), {}}; }
  Json message(const Letter& letter = milestone_letter()) { return Json{sent(ntfy(), letter).body}; }
};

TEST_F(NtfySpec, PublishesToTheRootWithTopicPriorityAndClick) {
  const auto heard = sent(ntfy());
  EXPECT_EQ(heard.target, "/");
  EXPECT_EQ(heard.header("Authorization"), "Bearer tk_1");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/topic"), "desk-7");
  EXPECT_EQ(json.text("/title"), "Nikkei 225 reaches 57,000");
  EXPECT_THAT(json.text("/message"), EndsWith("997 away.\nid 01234567"));
  EXPECT_EQ(json.number("/priority"), 5);
  EXPECT_EQ(json.raw("/tags"), R"(["rotating_light"])");
  EXPECT_EQ(json.text("/click"), "https://yagura.example/ack?t=abc-123");
  EXPECT_EQ(message(of_severity(Severity::kLow)).number("/priority"), 3);
}

TEST_F(NtfySpec, NeedsNoToken) {
  auto options = ntfy();
  options.token = {};
  EXPECT_EQ(sent(options).header("Authorization"), "");
}

TEST_F(NtfySpec, KeepsAMessageWithin4096Bytes) {
  std::string yen;
  for (int i = 0; i < 3000; ++i) yen += "\xe5\x86\x86";
  const auto text = message(with_text(yen)).text("/message");
  EXPECT_LE(text.size(), 4096U);
  EXPECT_GT(text.size(), 4088U);
  EXPECT_THAT(text, EndsWith("\xe5\x86\x86…\nid 01234567"));
}

TEST_F(NtfySpec, RefusesTopicsThatAreNone) {
  auto options = ntfy();
  for (const auto& topic : {std::string{}, std::string{"a/b"}, std::string{"a b"}, std::string(65, 'a')}) {
    options.topic = topic;
    EXPECT_THAT(problem(options), HasSubstr("topic")) << topic;
  }
}

TEST_F(ChannelSpec, ATestSaysThatItIsOne) {
  const std::vector<ChannelOptions> chats{SlackChannel{{}, server.url(), {}}, DiscordChannel{{}, server.url(), {}},
                                          TelegramChannel{server.url(), secret("7:a"), "1", {}},
                                          LineChannel{server.url(), secret("t"), "U", {}},
                                          NtfyChannel{server.url(), "t", {}, {}}};
  for (const auto& chat : chats) EXPECT_THAT(sent(chat, a_test()).body, HasSubstr("TEST")) << chat.index();
  server.always(answer(202));
  EXPECT_THAT(sent(PagerDutyChannel{server.url(), secret("k"), {}}, a_test()).body, HasSubstr("[TEST] "));
}

}  // namespace
}  // namespace yagura::alerts
