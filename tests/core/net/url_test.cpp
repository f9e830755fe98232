#include "core/net/url.hpp"

#include <gmock/gmock.h>

#include "core/net/clean_text.hpp"

namespace yagura::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(UrlSpec, ReadsWhatVendorsPublish) {
  const auto gmo = parse_url("wss://forex-api.coin.z.com/ws/public/v1");
  ASSERT_TRUE(gmo);
  EXPECT_TRUE(gmo->secure);
  EXPECT_EQ(gmo->host, "forex-api.coin.z.com");
  EXPECT_EQ(gmo->port, 443);
  EXPECT_EQ(gmo->target, "/ws/public/v1");

  const auto finnhub = parse_url("WSS://ws.finnhub.io?token=k3y");  // no slash before the query
  ASSERT_TRUE(finnhub);
  EXPECT_EQ(finnhub->host, "ws.finnhub.io");
  EXPECT_EQ(finnhub->target, "/?token=k3y");

  const auto local = parse_url("ws://localhost:18080/kabusapi/websocket");
  ASSERT_TRUE(local);
  EXPECT_FALSE(local->secure);
  EXPECT_EQ(local->port, 18080);
  EXPECT_EQ(local->authority(), "localhost:18080");
}

TEST(UrlSpec, KnowsAddressesFromNames) {
  const auto v4 = parse_url("ws://127.0.0.1:9225");
  ASSERT_TRUE(v4);
  EXPECT_TRUE(v4->ip_literal);
  EXPECT_EQ(v4->target, "/");
  const auto v6 = parse_url("wss://[::1]:8443/x");
  ASSERT_TRUE(v6);
  EXPECT_TRUE(v6->ip_literal);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->authority(), "[::1]:8443");
  const auto name = parse_url("ws://feed");
  ASSERT_TRUE(name);
  EXPECT_FALSE(name->ip_literal);
  EXPECT_EQ(name->authority(), "feed");
}

TEST(UrlSpec, RefusesTheRestWithoutRepeatingTheQuery) {
  for (const auto* text : {"", "http://a/", "wss://", "ws://a:0/?key=k3y", "ws://a:65536/?key=k3y", "ws://a:/?key=k3y",
                           "ws://a b/?key=k3y", "ws://[::1/?key=k3y", "ws://[::g]/?key=k3y", "ws://user:k3y@host/",
                           "ws://a/#k3y", "ws://a/\r\nX: k3y", "ws://a\"b/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().message, HasSubstr("url \""));
    EXPECT_THAT(url.error().message, AnyOf(Not(HasSubstr("k3y")), HasSubstr("X: k3y"))) << text;
  }
}

TEST(UrlSpec, ReadsTheKindThatIsAskedForAlone) {
  const auto stream = parse_url("https://stream-fxpractice.oanda.com/v3?a=b", Carrier::kHttp);
  ASSERT_TRUE(stream);
  EXPECT_TRUE(stream->secure);
  EXPECT_EQ(stream->port, 443);
  EXPECT_EQ(stream->origin(), "https://stream-fxpractice.oanda.com");
  EXPECT_EQ(stream->redacted(), "https://stream-fxpractice.oanda.com/v3?…");
  EXPECT_EQ(parse_url("http://[::1]:8080/x", Carrier::kHttp)->origin(), "http://[::1]:8080");
  const auto refused = parse_url("wss://host", Carrier::kHttp);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("http:// or https://"));
}

TEST(UrlSpec, ReadsAddressesOfNats) {
  const auto plain = parse_url("nats://127.0.0.1/backup.ticks", Carrier::kNats);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->secure);
  EXPECT_EQ(plain->port, 4222);
  EXPECT_EQ(plain->target, "/backup.ticks");
  EXPECT_EQ(parse_url("tls://bus.example.com:4333", Carrier::kNats)->origin(), "tls://bus.example.com:4333");
  EXPECT_TRUE(parse_url("tls://bus.example.com", Carrier::kNats)->secure);
  EXPECT_FALSE(parse_url("nats://user:hush@host", Carrier::kNats));
  EXPECT_FALSE(parse_url("ws://host", Carrier::kNats));
}

TEST(UrlSpec, ShowsNoQueryAndNoUserName) {
  EXPECT_EQ(parse_url("wss://ws.twelvedata.com/v1/quotes/price?apikey=k3y")->redacted(),
            "wss://ws.twelvedata.com/v1/quotes/price?…");
  EXPECT_EQ(redact_url("ws://user:k3y@host/path?q"), "ws://host/path?…");
  EXPECT_EQ(redact_url("nonsense"), "nonsense");
}

TEST(CleanTextSpec, LeavesOneLineOfValidUtf8) {
  EXPECT_EQ(clean_text("日経 \x1b[31mred\r\n\x7f"), "日経  [31mred   ");
  EXPECT_EQ(clean_text("a\xff\xc0\xaf\xed\xa0\x80z"), "a??????z");
  EXPECT_EQ(clean_text("\xc2\x9b"
                       "31m"),
            " 31m");  // C1 control sequence introducer
  EXPECT_EQ(clean_text("1234567890", 4), "1234…");
  EXPECT_EQ(clean_text("日本", 4), "日…");
}

TEST(CleanTextSpec, MasksSecretsAlsoInsideJson) {
  std::string text = R"({"token":"k\"3y","again":"k\"3y","other":"abc"})";
  redact_secrets(text, std::vector<std::string>{"k\"3y", "", "zzz"});
  EXPECT_EQ(text, R"({"token":"REDACTED","again":"REDACTED","other":"abc"})");
  text = R"({"php":"abc\/de+gh","net":"abc/de\u002Bgh","plain":"abc/de+gh","cut":"abc\u00"})";
  redact_secrets(text, std::vector<std::string>{"abc", "abc/de+gh"});
  EXPECT_EQ(text, R"({"php":"REDACTED","net":"REDACTED","plain":"REDACTED","cut":"REDACTED\u00"})");
}

}  // namespace
}  // namespace yagura::net
