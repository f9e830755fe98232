// What holds for each channel that posts over HTTP.
#include <fstream>
#include <future>
#include <thread>

#include "tests/alerts/channels/channel_fixture.hpp"
#include "tests/feeds/test_certificates.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Then = ScriptedAnswer::Then;

constexpr const char* kSecret = "s3cretT0ken";

struct Kind {
  std::string name;
  int good;
  ChannelOptions (*options)(const std::string& url, const HttpOptions& http);
};

template <class Hook>
ChannelOptions hook(const std::string& url, const HttpOptions& http) {
  Hook options;
  options.url = secret(url + "/services/" + kSecret);
  options.http = http;
  return options;
}

const Kind kKinds[] = {
    {"webhook", 200, hook<WebhookChannel>},
    {"slack", 200, hook<SlackChannel>},
    {"discord", 204, hook<DiscordChannel>},
    {"telegram", 200,
     [](const std::string& url, const HttpOptions& http) {
       return ChannelOptions{TelegramChannel{url, secret(std::string{"77:"} + kSecret), "-100123", http}};
     }},
    {"line", 200,
     [](const std::string& url, const HttpOptions& http) {
       return ChannelOptions{LineChannel{url, secret(kSecret), "Uffff", http}};
     }},
    {"pagerduty", 202,
     [](const std::string& url, const HttpOptions& http) {
       return ChannelOptions{PagerDutyChannel{url, secret(kSecret), http}};
     }},
    {"ntfy", 200,
     [](const std::string& url, const HttpOptions& http) {
       return ChannelOptions{NtfyChannel{url, "desk", secret(kSecret), http}};
     }},
};

class EveryHttpKind : public ChannelSpec, public testing::WithParamInterface<Kind> {
 protected:
  [[nodiscard]] ChannelOptions options(const HttpOptions& http = {}) const {
    return GetParam().options(server.url(), http);
  }
  Attempt told(int status, std::string_view body = {}, std::string_view headers = {}) {
    return attempt(answer(status, body, headers), options());
  }
};

TEST_P(EveryHttpKind, IsDeliveredWhenTheServiceSaysSo) {
  const auto made = told(GetParam().good, "{}");
  EXPECT_EQ(made.result, Result::kDelivered) << made.detail;
  EXPECT_EQ(made.retry_after, std::nullopt);
  EXPECT_EQ(server.last().method, "POST");
  EXPECT_EQ(server.last().header("Content-Type"), "application/json");
}

TEST_P(EveryHttpKind, TriesAgainWhereTheOtherSideIsInTrouble) {
  for (const int status : {408, 425, 500, 502, 503, 504, 599}) {
    const auto made = told(status);
    EXPECT_EQ(made.result, Result::kFailed) << status;
    EXPECT_THAT(made.detail, HasSubstr(std::to_string(status)));
    EXPECT_EQ(made.retry_after, std::nullopt) << status;
  }
}

TEST_P(EveryHttpKind, StaysAwayAsLongAsItIsTold) {
  for (const int status : {429, 503}) {
    EXPECT_EQ(told(status, "", "Retry-After: 7\r\n").result, Result::kFailed);
    EXPECT_EQ(told(status, "", "Retry-After: 7\r\n").retry_after, 7s);
    EXPECT_EQ(told(status, "", "Date: Tue, 10 Feb 2026 00:00:00 GMT\r\nRetry-After: Tue, 10 Feb 2026 00:00:30 GMT\r\n")
                  .retry_after,
              30s);
  }
}

TEST_P(EveryHttpKind, GivesALetterUpThatWillNeverBeTaken) {
  for (const int status : {400, 401, 403, 404, 413, 422}) EXPECT_EQ(told(status).result, Result::kRefused) << status;
}

TEST_P(EveryHttpKind, GivesThePlaceUpThatIsGone) { EXPECT_EQ(told(410).result, Result::kGone); }

TEST_P(EveryHttpKind, FollowsNoRedirect) {
  ScriptedHttpServer other;
  for (const int status : {301, 302, 307, 308}) {
    const auto made = told(status, "", "Location: " + other.url() + "/\r\n");
    EXPECT_EQ(made.result, Result::kRefused) << status;
    EXPECT_THAT(made.detail, HasSubstr("redirects are not followed"));
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST_P(EveryHttpKind, SaysInOneLineWhatTheServiceSaid) {
  EXPECT_THAT(told(400, R"({"message":"no such\nchat"})").detail, testing::StrEq("400 Bad Request: no such chat"));
  EXPECT_THAT(told(400, "invalid_payload\nmore").detail, testing::StrEq("400 Bad Request: invalid_payload"));
  EXPECT_THAT(told(502, "<html>x</html>").detail, testing::StrEq("502 Bad Gateway"));
  const auto long_one = told(400, std::string(5000, 'x')).detail;
  EXPECT_LT(long_one.size(), 250U);
  EXPECT_THAT(told(400, "\x1b[2J\xff" + std::string(3000, '[')).detail, Not(HasSubstr("\x1b")));
}

TEST_P(EveryHttpKind, ShowsNoSecretWhateverTheServiceSays) {
  const auto made = told(400, std::string{"{\"message\":\"bad /services/"} + kSecret + " and 77:" + kSecret + "\"}");
  EXPECT_THAT(made.detail, AllOf(HasSubstr("400"), Not(HasSubstr(kSecret))));
  server.always({.bytes = "", .then = Then::kReset});
  EXPECT_THAT(make(options())->send(milestone_letter(), {}).detail, Not(HasSubstr(kSecret)));
}

TEST_P(EveryHttpKind, EndsAtItsTimeLimitWhateverComes) {
  auto drip = answer(GetParam().good, "{}");
  drip.slice = 1;
  drip.every = 50ms;
  for (const auto& slow : {drip, ScriptedAnswer{.bytes = "", .then = Then::kHang}}) {
    const auto before = std::chrono::steady_clock::now();
    const auto made = attempt(slow, options(with_timeout(300ms)));
    EXPECT_EQ(made.result, Result::kFailed);
    EXPECT_THAT(made.detail, HasSubstr("within 300 ms"));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  }
}

TEST_P(EveryHttpKind, OutlastsAnAnswerOfAHundredMegabytes) {
  server.always({.bytes = "HTTP/1.1 " + std::to_string(GetParam().good) + " OK\r\nContent-Length: 104857600\r\n\r\n",
                 .flood = GetParam().good == 204 ? 0U : 104'857'600U,
                 .then = Then::kClose});
  EXPECT_EQ(make(options())->send(milestone_letter(), {}).result, Result::kDelivered);
}

TEST_P(EveryHttpKind, TriesAgainAfterACutOrNonsense) {
  for (const auto* bytes : {"", "HTTP/1.1 20", "SSH-2.0-OpenSSH_9.2\r\n"})
    EXPECT_EQ(attempt({.bytes = bytes, .then = Then::kClose}, options()).result, Result::kFailed) << bytes;
  EXPECT_EQ(attempt({.bytes = "", .then = Then::kReset}, options()).result, Result::kFailed);
}

TEST_P(EveryHttpKind, AnAttemptAgainIsTheSameRequest) {
  const auto channel = make(options());
  server.always({.bytes = "", .then = Then::kReset});  // taken, the answer lost
  auto letter = milestone_letter();
  EXPECT_EQ(channel->send(letter, {}).result, Result::kFailed);
  server.always(answer(GetParam().good));
  letter.attempt = 2;
  EXPECT_EQ(channel->send(letter, {}).result, Result::kDelivered);
  const auto heard = server.heard();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].body, heard[1].body);
  EXPECT_EQ(heard[0].target, heard[1].target);
  for (const auto* name : {"webhook-id", "X-Line-Retry-Key"}) EXPECT_EQ(heard[0].header(name), heard[1].header(name));
}

TEST_P(EveryHttpKind, KeepsItsConnection) {
  const auto channel = make(options());
  server.always(answer(GetParam().good, GetParam().good == 204 ? "" : "{}"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(channel->send(milestone_letter(), {}).result, Result::kDelivered);
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(EveryHttpKind, StopsWithinAHundredMilliseconds) {
  server.always({.bytes = "", .then = Then::kHang});
  const auto channel = make(options());
  std::stop_source stop;
  auto result = std::async(std::launch::async, [&] { return channel->send(milestone_letter(), stop.get_token()); });
  ASSERT_TRUE(server.wait_for(1));
  const auto before = std::chrono::steady_clock::now();
  stop.request_stop();
  EXPECT_EQ(result.get().result, Result::kFailed);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 100ms);
}

TEST_P(EveryHttpKind, SendsNothingToWhomItCannotTrust) {
  const auto file = [](const std::string& name) { return feeds::TestCertificates::folder().file(name); };
  struct Case {
    std::string identity, ca;
  };
  for (const auto& [identity, ca] : {Case{"good", "other-ca.pem"}, {"wrong-host", "ca.pem"}, {"expired", "ca.pem"}}) {
    ScriptedHttpServer bad{ScriptedHttpServer::Tls{file(identity + ".pem"), file(identity + ".key")}};
    const auto channel = make(GetParam().options(bad.url("localhost"), with_ca(file(ca))));
    const auto made = channel->send(milestone_letter(), {});
    EXPECT_EQ(made.result, Result::kFailed) << identity;
    EXPECT_THAT(made.detail, AllOf(HasSubstr("localhost"), Not(HasSubstr(kSecret))));
    EXPECT_TRUE(bad.heard().empty()) << identity;
  }
  ScriptedHttpServer good{ScriptedHttpServer::Tls{file("good.pem"), file("good.key")}};
  good.always(answer(GetParam().good));
  const auto channel = make(GetParam().options(good.url("localhost"), with_ca(file("ca.pem"))));
  EXPECT_EQ(channel->send(milestone_letter(), {}).result, Result::kDelivered);
}

TEST_P(EveryHttpKind, GoesThroughTheProxyItIsGiven) {
  server.always(answer(GetParam().good));
  const auto channel = make(GetParam().options("http://service.invalid", with_proxy(server.url())));
  EXPECT_EQ(channel->send(milestone_letter(), {}).result, Result::kDelivered);
  EXPECT_THAT(server.last().target, testing::StartsWith("http://service.invalid/"));
}

TEST_P(EveryHttpKind, RefusesAddressesThatCannotBe) {
  for (const auto* url : {"ftp://host", "file:///etc/passwd", "host", "", "http://", "http://a b", "http://host:0",
                          "http://user:pw@host", "http://169.254.169.254", "http://[fe80::1]"}) {
    const auto made = problem(GetParam().options(url, {}));
    EXPECT_THAT(made, AllOf(testing::StartsWith("sink 'desk': "), Not(HasSubstr(kSecret)), Not(HasSubstr("\n"))))
        << url;
  }
  EXPECT_THAT(problem(GetParam().options("http://host", with_proxy("socks5://x"))), HasSubstr("proxy"));
}

// What vendors, notes or a hostile config could put into words.
std::vector<std::string> hostile_texts() {
  std::string everything;
  for (int c = 0; c < 256; ++c) everything += static_cast<char>(c);
  std::string emoji;
  for (int i = 0; i < 25'000; ++i) emoji += "\xf0\x9f\x9a\x80";
  return {"<script>alert(1)</script><b>&amp;",
          "**bold** _it_ ~~s~~ `code` [a](https://evil.example) # head",
          "@everyone @here <!channel> <!here|x> <@U123> <https://evil.example|click>",
          "a\r\nX-Evil: 1\r\n\r\n",
          "\xf0\x9f\x9a\x80 \xe6\x97\xa5\xe7\xb5\x8c\xe5\xb9\xb3\xe5\x9d\x87",
          std::string(100 << 10, 'x'),
          emoji,
          everything,
          std::string(5000, '<'),
          "\x1b[2J\x1b]0;x\x07",
          ""};
}

TEST_P(EveryHttpKind, SendsValidJsonAndNoOtherHeaderWhateverTheText) {
  const auto channel = make(options());
  server.always(answer(GetParam().good));
  (void)channel->send(milestone_letter(), {});
  const auto usual = server.last().headers.size();
  for (const auto& text : hostile_texts()) {
    auto letter = milestone_letter();
    letter.title = letter.text = letter.instrument = letter.kind = letter.event = text;
    letter.ack_url = "https://yagura.example/ack" + text;
    EXPECT_EQ(channel->send(letter, {}).result, Result::kDelivered) << text.substr(0, 80);
    const auto heard = server.last();
    EXPECT_EQ(heard.headers.size(), usual) << text.substr(0, 80);
    EXPECT_EQ(heard.header("X-Evil"), "");
    const Json json{heard.body};
    EXPECT_LT(heard.body.size(), 64U << 10);
    EXPECT_THAT(heard.body, Not(HasSubstr("\x1b")));
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

TEST_F(ChannelSpec, TheEnvironmentSaysWhichProxyUnlessTheSinkDoes) {
  ::setenv("http_proxy", server.url().c_str(), 1);
  WebhookChannel options;
  options.plain_url = "http://service.invalid/hook";
  EXPECT_EQ(sent(options).target, "http://service.invalid/hook");
  options.http.proxy = "none";
  options.http.timeout = 2s;
  EXPECT_EQ(make(options)->send(milestone_letter(), {}).result, Result::kFailed);
  EXPECT_EQ(server.heard().size(), 1U);
  ::unsetenv("http_proxy");
}

INSTANTIATE_TEST_SUITE_P(Channels, EveryHttpKind, testing::ValuesIn(kKinds),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace yagura::alerts
