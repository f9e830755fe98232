// Log-in calls over real sockets, and why they fail.
#include "feeds/curl_http.hpp"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "core/net/ws_server.hpp"
#include "tests/feeds/session_fixture.hpp"
#include "tests/feeds/test_certificates.hpp"

namespace yagura::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Kind = CloseInfo::Kind;

// A vendor's log-in: notes what is asked and answers with what it is told to.
class LogInServer final : public net::WsHandler {
 public:
  explicit LogInServer(boost::asio::io_context& io) : server_(io, *this) { EXPECT_TRUE(server_.listen("127.0.0.1:0")); }
  net::HttpResponse on_http(const net::HttpRequest& request) override {
    asked.push_back(std::string{request.method}.append(" ").append(request.path));
    if (!request.query.empty()) asked.back().append("?").append(request.query);
    body = request.body;
    key = request.header("X-Key");
    content_type = request.header("Content-Type");
    return answer;
  }
  void on_open(net::ClientId, const net::HttpRequest&) override {}
  void on_message(net::ClientId, std::string_view, bool) override {}
  void on_close(net::ClientId, std::uint16_t, std::string_view) override {}
  [[nodiscard]] std::string url() const { return "http://" + server_.address(); }

  net::HttpResponse answer{200, "{}", {{"X-Session", "s-7"}}};
  std::vector<std::string> asked;
  std::string body, key, content_type;

 private:
  net::WsServer server_;
};

class HttpCallSpec : public SessionSpec {
 protected:
  HttpOutcome ask(const std::string& address, const HttpCall& call, HttpCaller::Options made = {}) {
    std::optional<HttpOutcome> outcome;
    (void)caller->call(address, call, made, [&](HttpOutcome got) { outcome = std::move(got); });
    EXPECT_FALSE(outcome) << "answered from inside call()";
    EXPECT_TRUE(until([&] { return outcome.has_value(); })) << address;
    return outcome.value_or(HttpOutcome{});
  }
  CloseInfo failure(const std::string& address, HttpCaller::Options made = {}, const HttpCall& call = {}) {
    auto outcome = ask(address, call, made);
    EXPECT_FALSE(outcome.answer) << outcome.answer->status;
    return outcome.failure;
  }
  std::unique_ptr<HttpCaller> caller = make_http_caller(io);
};

TEST_F(HttpCallSpec, PostsJsonAndReadsStatusHeadersAndBody) {
  LogInServer server{io};
  server.answer = {201, R"({"ok":true})", {{"X-Session", "s-7"}}};
  const auto outcome = ask(server.url(), {"POST", "/session?a=b", {{"X-Key", "k-1"}}, R"({"password":"p"})"});
  ASSERT_TRUE(outcome.answer) << outcome.failure.text;
  EXPECT_EQ(outcome.answer->status, 201);
  EXPECT_EQ(outcome.answer->body, R"({"ok":true})");
  EXPECT_EQ(find_header(outcome.answer->headers, "x-session"), "s-7");
  EXPECT_THAT(server.asked, ElementsAre("POST /session?a=b"));
  EXPECT_EQ(server.body, R"({"password":"p"})");
  EXPECT_EQ(server.key, "k-1");
  EXPECT_EQ(server.content_type, "application/json");
}

TEST_F(HttpCallSpec, KnowsOtherMethodsAndEmptyBodies) {
  LogInServer server{io};
  ASSERT_TRUE(ask(server.url(), {"GET", "/a", {}, ""}).answer);
  ASSERT_TRUE(ask(server.url(), {"POST", "/b", {}, ""}).answer);
  EXPECT_EQ(server.content_type, "");
  ASSERT_TRUE(ask(server.url(), {"PUT", "/c", {{"Content-Type", "text/plain"}}, "x"}).answer);
  EXPECT_EQ(server.content_type, "text/plain");
  ASSERT_TRUE(ask(server.url(), {"DELETE", "/d", {}, ""}).answer);
  EXPECT_THAT(server.asked, ElementsAre("GET /a", "POST /b", "PUT /c", "DELETE /d"));
}

TEST_F(HttpCallSpec, GivesRefusalsAndRedirectsAsTheyAre) {
  LogInServer server{io};
  for (const int status : {401, 503, 302}) {
    server.answer = {status, "no", {{"Location", server.url() + "/elsewhere"}}};
    const auto outcome = ask(server.url(), {});
    ASSERT_TRUE(outcome.answer);
    EXPECT_EQ(outcome.answer->status, status);
    EXPECT_EQ(outcome.answer->body, "no");
  }
  EXPECT_THAT(server.asked, testing::Each("GET /"));
}

TEST_F(HttpCallSpec, ReadsABodyOf64KibibytesAndNoMore) {
  LogInServer server{io};
  server.answer.body = std::string(64 << 10, 'x');
  const auto whole = ask(server.url(), {});
  ASSERT_TRUE(whole.answer) << whole.failure.text;
  EXPECT_EQ(whole.answer->body.size(), std::size_t{64} << 10);
  server.answer.body += 'x';
  const auto refused = failure(server.url());
  EXPECT_EQ(refused.kind, Kind::kProtocol);
  EXPECT_THAT(refused.text, HasSubstr("over 64 KiB"));
}

TEST_F(HttpCallSpec, MakesManyCallsAtOnce) {
  LogInServer server{io};
  int done = 0;
  for (int i = 0; i < 20; ++i)
    (void)caller->call(server.url(), {}, {}, [&](const HttpOutcome& outcome) { done += outcome.answer ? 1 : 0; });
  EXPECT_TRUE(until([&] { return done == 20; }));
}

TEST_F(HttpCallSpec, ACancelledCallIsNotAnswered) {
  LogInServer server{io};
  const auto id = caller->call(server.url(), {}, {}, [](const HttpOutcome&) { FAIL(); });
  caller->cancel(id);
  caller->cancel(id);
  EXPECT_TRUE(ask(server.url(), {}).answer);
  (void)caller->call(server.url(), {}, {}, [](const HttpOutcome&) { FAIL(); });
  caller.reset();  // nor one whose caller is gone
  (void)until([] { return false; }, 20ms);
}

TEST_F(HttpCallSpec, MayCallAgainFromAnAnswer) {
  LogInServer server{io};
  bool done = false;
  (void)caller->call(server.url(), {}, {}, [&](const HttpOutcome&) {
    (void)caller->call(server.url(), {}, {}, [&](const HttpOutcome& outcome) { done = outcome.answer.has_value(); });
  });
  EXPECT_TRUE(until([&] { return done; }));
}

TEST_F(HttpCallSpec, SaysWhyThereIsNoAnswer) {
  ScriptedWsServer server{io};
  const auto at = "http://127.0.0.1:" + std::to_string(server.port());
  server.mute_handshake = true;
  const auto mute = failure(at, {.timeout = 150ms});
  EXPECT_EQ(mute.kind, Kind::kTimeout);
  EXPECT_THAT(mute.text, HasSubstr("no answer within 150 ms"));

  server.mute_handshake = false;
  server.http_answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut";
  EXPECT_EQ(failure(at).kind, Kind::kReset);
  server.http_answer = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
  EXPECT_EQ(failure(at).kind, Kind::kProtocol);

  server.stop_listening();
  const auto refused = failure(at);
  EXPECT_EQ(refused.kind, Kind::kRefused);
  EXPECT_THAT(refused.text, HasSubstr("127.0.0.1:" + std::to_string(server.port())));

  const auto unknown = failure("http://no-such-host.invalid");
  EXPECT_EQ(unknown.kind, Kind::kDns);
  EXPECT_THAT(unknown.text, HasSubstr("no-such-host.invalid"));
}

TEST_F(HttpCallSpec, ShowsNoQueryAndNoHeader) {
  ScriptedWsServer server{io};
  server.stop_listening();
  const auto refused = failure("http://127.0.0.1:" + std::to_string(server.port()), {},
                               {"GET", "/login?key=s3cret", {{"X-Key", "s3cret"}}, ""});
  EXPECT_THAT(refused.text, Not(HasSubstr("s3cret")));
  const auto broken = failure("http://127.0.0.1:1", {}, {"GET", "/", {{"X-Key", "s3cret\r\nX: y"}}, ""});
  EXPECT_EQ(broken.kind, Kind::kProtocol);
  EXPECT_THAT(broken.text, AllOf(HasSubstr("line break"), Not(HasSubstr("s3cret"))));
}

TEST_F(HttpCallSpec, TakesHttpAddressesAlone) {
  for (const auto* address : {"ftp://127.0.0.1", "file:///etc/passwd", "ws://127.0.0.1", "127.0.0.1"})
    EXPECT_EQ(failure(address).kind, Kind::kProtocol) << address;
}

TEST_F(HttpCallSpec, LeavesTheEnvironmentsProxiesToWhoeverCalls) {
  LogInServer server{io};
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_TRUE(ask(server.url(), {}).answer);
  ::unsetenv("http_proxy");
}

TEST_F(HttpCallSpec, GoesThroughTheProxyItIsGiven) {
  LogInServer proxy{io};
  ::setenv("no_proxy", "*", 1);
  const auto outcome = ask("http://vendor.invalid", {"GET", "/session", {}, ""}, {.proxy = *parse_proxy(proxy.url())});
  ::unsetenv("no_proxy");
  ASSERT_TRUE(outcome.answer) << outcome.failure.text;
  EXPECT_THAT(proxy.asked, ElementsAre(HasSubstr("vendor.invalid/session")));
  EXPECT_EQ(failure("http://vendor.invalid", {.proxy = *parse_proxy("http://127.0.0.1:1")}).kind, Kind::kProxy);
}

class HttpsCallSpec : public HttpCallSpec {
 protected:
  static std::string file(const std::string& name) { return TestCertificates::folder().file(name); }
  // What comes of a call to a server with that certificate.
  HttpOutcome call_with(const std::string& certificate, const std::string& host, const std::string& ca,
                        int max_tls_version = 0) {
    ScriptedWsServer server{io, {file(certificate + ".pem"), file(certificate + ".key"), max_tls_version}};
    server.http_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    return ask("https://" + host + ":" + std::to_string(server.port()), {}, {.ca_file = ca.empty() ? "" : file(ca)});
  }
  void expect_refused(const HttpOutcome& outcome, const char* words) {
    EXPECT_FALSE(outcome.answer);
    EXPECT_EQ(outcome.failure.kind, Kind::kTls) << outcome.failure.text;
    EXPECT_THAT(outcome.failure.text, HasSubstr(words));
  }
};

TEST_F(HttpsCallSpec, TakesTheRightNameOrAddressFromAKnownAuthority) {
  for (const auto* host : {"localhost", "127.0.0.1"}) {
    const auto outcome = call_with("good", host, "ca.pem");
    ASSERT_TRUE(outcome.answer) << outcome.failure.text;
    EXPECT_EQ(outcome.answer->body, "hi");
  }
}

TEST_F(HttpsCallSpec, RefusesEverybodyElseAndSaysWhy) {
  expect_refused(call_with("wrong-host", "localhost", "ca.pem"), "localhost");
  expect_refused(call_with("wrong-host", "127.0.0.1", "ca.pem"), "127.0.0.1");
  expect_refused(call_with("good", "localhost", "other-ca.pem"), "certificate");
  expect_refused(call_with("good", "localhost", ""), "certificate");
  expect_refused(call_with("self", "localhost", "ca.pem"), "self-signed");
  expect_refused(call_with("expired", "localhost", "ca.pem"), "expired");
  expect_refused(call_with("good", "localhost", "ca.pem", TLS1_1_VERSION), "");
  expect_refused(call_with("good", "localhost", "missing.pem"), "missing.pem");
}

TEST_F(HttpsCallSpec, DoesNotReuseAConnectionForACallThatTrustsAnother) {
  ScriptedWsServer server{io, {file("good.pem"), file("good.key"), 0}};
  server.on_request = [](ScriptedWsServer::Peer& peer) {
    peer.send_raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  };
  const auto at = "https://localhost:" + std::to_string(server.port());
  ASSERT_TRUE(ask(at, {}, {.ca_file = file("ca.pem")}).answer);
  ASSERT_TRUE(ask(at, {}, {.ca_file = file("ca.pem")}).answer);
  EXPECT_EQ(server.peers.size(), 1U);
  EXPECT_FALSE(ask(at, {}, {.ca_file = file("other-ca.pem")}).answer);
  EXPECT_FALSE(ask(at, {}, {}).answer);
}

TEST_F(HttpsCallSpec, TrustsASelfSignedCertificateThatIsGiven) {
  const auto outcome = call_with("self", "localhost", "self.pem");
  EXPECT_TRUE(outcome.answer) << outcome.failure.text;
}

}  // namespace
}  // namespace yagura::feeds
