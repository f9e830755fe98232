// Outgoing requests over real sockets: what is asked, what of the answer is kept, and every way in
// which there is none.
#include "core/net/curl_request.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <future>
#include <thread>

#include "core/net/status_text.hpp"
#include "tests/feeds/test_certificates.hpp"
#include "tests/support/scripted_http_server.hpp"

namespace yagura::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using feeds::TestCertificates;
using test::answer;
using test::HeardRequest;
using test::ScriptedAnswer;
using test::ScriptedHttpServer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Then = ScriptedAnswer::Then;

std::string certificate_file(const std::string& name) { return TestCertificates::folder().file(name); }
ScriptedHttpServer::Tls identity(const std::string& name) {
  return {certificate_file(name + ".pem"), certificate_file(name + ".key")};
}

HttpClient::Request post(const std::string& url, std::string body = R"({"a":1})") {
  return {.url = *parse_url(url, Carrier::kHttp), .headers = {}, .body = std::move(body)};
}

class HttpClientSpec : public testing::Test {
 protected:
  Result<HttpClient::Answer> send(const HttpClient::Request& request) { return client.send(request, {}); }
  std::string failure(const HttpClient::Request& request) {
    const auto got = client.send(request, {});
    EXPECT_FALSE(got) << got->status;
    return got ? "" : got.error().message;
  }
  ScriptedHttpServer server;
  HttpClient client{HttpClient::Options{}};
};

TEST_F(HttpClientSpec, PostsWhatItIsGivenByteForByte) {
  const std::string body = "{\"text\":\"57,000\xe5\x86\x86 \\n\"}";
  auto request = post(server.url() + "/hook/s3cret?wait=true", body);
  request.headers = {{"Authorization", "Bearer t"}, {"X-Empty", "-"}};
  const auto got = send(request);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  const auto heard = server.last();
  EXPECT_EQ(heard.method, "POST");
  EXPECT_EQ(heard.target, "/hook/s3cret?wait=true");
  EXPECT_EQ(heard.body, body);
  EXPECT_EQ(heard.header("Content-Type"), "application/json");
  EXPECT_EQ(heard.header("Authorization"), "Bearer t");
  EXPECT_THAT(heard.header("User-Agent"), testing::MatchesRegex("yagura/[0-9.]+"));
  for (const auto* absent : {"Expect", "Cookie", "Accept-Encoding", "Transfer-Encoding"})
    EXPECT_EQ(heard.header(absent), "") << absent;
}

TEST_F(HttpClientSpec, KeepsTheHeadersThatMatter) {
  server.always(answer(429, "{}",
                       "retry-after: 7\r\nX-RateLimit-Remaining: 0\r\nx-ratelimit-reset-after:  1.5 \r\n"
                       "Set-Cookie: a=b\r\nLocation: http://127.0.0.1:1/\r\n"));
  const auto got = send(post(server.url()));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 429);
  EXPECT_EQ(got->retry_after, 7s);
  EXPECT_EQ(got->header("X-Ratelimit-Reset-After"), "1.5");
  EXPECT_EQ(got->headers.size(), 3U);
  (void)send(post(server.url()));
  EXPECT_EQ(server.last().header("Cookie"), "");
}

TEST_F(HttpClientSpec, ReckonsARetryDateByTheOtherSidesClock) {
  server.always(answer(503, "",
                       "Date: Tue, 10 Feb 2026 00:00:00 GMT\r\n"
                       "Retry-After: Tue, 10 Feb 2026 00:01:30 GMT\r\n"));
  EXPECT_EQ(send(post(server.url()))->retry_after, 90s);
}

TEST_F(HttpClientSpec, ReadsFourKibibytesOfABody) {
  server.always(answer(200, std::string(5000, 'x')));
  EXPECT_EQ(send(post(server.url()))->body.size(), 4096U);
  auto huge = answer(200);
  huge.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n";
  huge.flood = 104'857'600;
  huge.then = Then::kClose;
  server.always(huge);
  const auto got = send(post(server.url()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body.size(), 4096U);
}

TEST_F(HttpClientSpec, KeepsItsConnection) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(post(server.url())));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.heard().size(), 3U);
}

TEST_F(HttpClientSpec, MakesANewConnectionWhereTheKeptOneIsGone) {
  auto last_word = answer(200);
  last_word.then = Then::kClose;
  server.always(last_word);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(post(server.url()))) << i;
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClientSpec, FollowsNoRedirect) {
  ScriptedHttpServer other;
  for (const int status : {301, 302, 303, 307, 308}) {
    server.always(answer(status, "", "Location: " + other.url() + "/\r\n"));
    EXPECT_EQ(send(post(server.url()))->status, status);
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST_F(HttpClientSpec, SendsNoHeaderThatWouldBeTwo) {
  for (const auto& bad : {"a\r\nX-Evil: 1"s, "a\nb"s, "a\0b"s, "\x1b[2J"s, "\x7f"s}) {
    auto request = post(server.url());
    request.headers = {{"X-Key", bad}};
    EXPECT_THAT(failure(request), AllOf(HasSubstr("X-Key holds a control character"), Not(HasSubstr("Evil"))));
    request.headers = {{bad, "v"}};
    (void)failure(request);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientSpec, EndsAnAnswerThatDripsAtTheTotalLimit) {
  client = HttpClient{{.timeout = 300ms}};
  auto drip = answer(200, "ok");
  drip.slice = 1;
  drip.every = 50ms;
  server.always(drip);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(failure(post(server.url() + "/s3cret")),
              AllOf(HasSubstr("no answer within 300 ms"), Not(HasSubstr("s3cret"))));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
}

TEST_F(HttpClientSpec, EndsWhereNothingIsSaid) {
  client = HttpClient{{.timeout = 200ms}};
  server.always({.bytes = "", .then = Then::kHang});
  EXPECT_THAT(failure(post(server.url())), HasSubstr("no answer within 200 ms"));
}

TEST_F(HttpClientSpec, TakesTheWordOfAHeadWhoseBodyNeverComes) {
  client = HttpClient{{.timeout = 300ms}};
  server.always({.bytes = "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf", .then = Then::kHang});
  const auto hangs = send(post(server.url()));
  ASSERT_TRUE(hangs) << hangs.error().message;
  EXPECT_EQ(hangs->status, 202);
  EXPECT_EQ(hangs->body, "half");
  server.always({.bytes = "HTTP/1.1 503 No\r\nRetry-After: 3\r\nContent-Length: 9\r\n\r\nx", .then = Then::kClose});
  EXPECT_EQ(send(post(server.url()))->retry_after, 3s);
}

TEST_F(HttpClientSpec, AnInterimAnswerIsNone) {
  server.always({.bytes = "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"});
  const auto got = send(post(server.url()));
  EXPECT_EQ(got->status, 204);
  EXPECT_EQ(got->retry_after, std::nullopt);
  server.always({.bytes = "HTTP/1.1 103 Early Hints\r\n\r\n", .then = Then::kClose});
  (void)failure(post(server.url()));
}

TEST_F(HttpClientSpec, SaysWhyThereIsNoAnswer) {
  const auto host = server.url().substr(7);
  server.always({.bytes = "", .then = Then::kReset});
  EXPECT_THAT(failure(post(server.url() + "/s3cret?k=s3cret")), AllOf(HasSubstr(host), Not(HasSubstr("s3cret"))));
  server.always({.bytes = "", .then = Then::kClose});
  EXPECT_THAT(failure(post(server.url())), HasSubstr(host));
  server.always({.bytes = "SSH-2.0-OpenSSH_9.2\r\n\r\n", .then = Then::kClose});
  EXPECT_THAT(failure(post(server.url())), HasSubstr(host));
  server.always({.bytes = "HTTP/1.1 200 OK\r\nX: cut", .then = Then::kClose});
  EXPECT_THAT(failure(post(server.url())), HasSubstr("hung up in the middle"));
  server.always(answer(200, "", "X: " + std::string(40 << 10, 'x') + "\r\nY: " + std::string(40 << 10, 'y') + "\r\n"));
  EXPECT_THAT(failure(post(server.url())), HasSubstr("headers are over 64 KiB"));
  EXPECT_THAT(failure(post("http://no-such-host.invalid/s3cret")),
              AllOf(HasSubstr("no-such-host.invalid"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(failure(post("http://127.0.0.1:1/s3cret")), AllOf(HasSubstr("refused"), Not(HasSubstr("s3cret"))));
}

TEST_F(HttpClientSpec, StopsWithinAHundredMilliseconds) {
  server.always({.bytes = "HTTP/1.1 200 OK\r\n", .then = Then::kHang});
  std::stop_source stop;
  auto result = std::async(std::launch::async, [&] { return client.send(post(server.url()), stop.get_token()); });
  ASSERT_TRUE(server.wait_for(1));
  const auto before = std::chrono::steady_clock::now();
  stop.request_stop();
  const auto got = result.get();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 100ms);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("stopped"));
  (void)client.send(post(server.url()), stop.get_token());
  EXPECT_EQ(server.heard().size(), 1U) << "nothing is sent after a stop";
}

TEST_F(HttpClientSpec, ConnectsToNoForbiddenAddress) {
  for (const auto* url : {"http://169.254.169.254/latest/meta-data", "http://2852039166/", "http://[fe80::1]/",
                          "http://100.100.100.200/", "http://[::ffff:169.254.169.254]/"})
    EXPECT_THAT(failure(post(url)), HasSubstr("link-local or metadata")) << url;
  // Behind a proxy nothing is connected here, and nothing asked of it.
  client = HttpClient{{.proxy = *parse_proxy(server.url())}};
  EXPECT_THAT(failure(post("http://169.254.169.254/")), HasSubstr("link-local or metadata"));
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientSpec, GoesThroughAProxy) {
  client = HttpClient{{.proxy = *parse_proxy("http://user:s3cret@127.0.0.1:" + std::to_string(server.port()))}};
  ASSERT_TRUE(send(post("http://hooks.invalid/hook")));
  EXPECT_EQ(server.last().target, "http://hooks.invalid/hook");
  EXPECT_EQ(server.last().header("Proxy-Authorization"), "Basic dXNlcjpzM2NyZXQ=");
  server.always(answer(407));
  EXPECT_THAT(
      failure(post("https://hooks.invalid/hook")),
      AllOf(HasSubstr("said 407 Proxy Authentication Required on the way to hooks.invalid"), Not(HasSubstr("s3cret"))));
  EXPECT_EQ(server.last().method, "CONNECT");
}

TEST_F(HttpClientSpec, DoesNotAskTheEnvironmentForAProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_TRUE(send(post(server.url())));
  ::unsetenv("http_proxy");
}

TEST_F(HttpClientSpec, TrustsTheFileItIsGiven) {
  ScriptedHttpServer secure{identity("good")};
  client = HttpClient{{.ca_file = certificate_file("ca.pem")}};
  for (const auto* host : {"localhost", "127.0.0.1"}) EXPECT_TRUE(send(post(secure.url(host)))) << host;
}

TEST_F(HttpClientSpec, TrustsNobodyElse) {
  const auto refused = [](const std::string& name, const std::string& ca) {
    ScriptedHttpServer secure{identity(name)};
    HttpClient one{{.ca_file = ca.empty() ? "" : certificate_file(ca)}};
    const auto got = one.send(post(secure.url("localhost") + "/s3cret"), {});
    EXPECT_FALSE(got) << name;
    EXPECT_TRUE(secure.heard().empty()) << name;
    return got ? "" : got.error().message;
  };
  EXPECT_THAT(refused("good", "other-ca.pem"), AllOf(HasSubstr("certificate"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(refused("good", ""), HasSubstr("certificate"));
  EXPECT_THAT(refused("wrong-host", "ca.pem"), HasSubstr("localhost"));
  EXPECT_THAT(refused("expired", "ca.pem"), HasSubstr("expired"));
  EXPECT_THAT(refused("self", "ca.pem"), HasSubstr("self"));
  EXPECT_THAT(refused("good", "no-such-file.pem"), HasSubstr("no-such-file.pem"));
}

TEST_F(HttpClientSpec, SpeaksNoOldTlsAndNeverFallsBack) {
  auto old = identity("good");
  old.only_1_1 = true;
  ScriptedHttpServer ancient{old};
  client = HttpClient{{.ca_file = certificate_file("ca.pem")}};
  (void)failure(post(ancient.url("localhost")));
  EXPECT_TRUE(ancient.heard().empty());
  (void)failure(post("https://127.0.0.1:" + std::to_string(server.port())));
  EXPECT_TRUE(server.heard().empty()) << "in the clear";
}

TEST_F(HttpClientSpec, AHandshakeThatHangsEndsAtTheConnectLimit) {
  client = HttpClient{{.timeout = 5s, .connect_timeout = 200ms}};
  server.always({.bytes = "", .then = Then::kHang});
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(failure(post("https://127.0.0.1:" + std::to_string(server.port()))), HasSubstr("within 200 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
}

TEST(StatusText, NamesWhatIsCommon) {
  EXPECT_EQ(status_text(503), "503 Service Unavailable");
  EXPECT_EQ(status_text(599), "599");
}

}  // namespace
}  // namespace yagura::net
