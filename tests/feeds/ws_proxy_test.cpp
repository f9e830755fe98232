// Feeds through an HTTP proxy: the way, the password, and every way in which a proxy can fail.
#include <gmock/gmock.h>

#include "tests/feeds/session_fixture.hpp"
#include "tests/support/connect_proxy.hpp"

namespace yagura::feeds {
namespace {

using test::ConnectProxy;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ProxySpec : public SessionSpec {
 protected:
  FeedSession::Options through(const ConnectProxy& proxy, const std::string& url, const std::string& user = {}) {
    auto made = options(url);
    made.proxy = *parse_proxy("http://" + user + "127.0.0.1:" + std::to_string(proxy.port()));
    made.secrets = made.proxy->secrets();
    return made;
  }
  FeedStatus refused(const ConnectProxy& proxy, FeedReason reason, const std::string& user = {}) {
    reasons.clear();
    start(through(proxy, "ws://vendor.invalid:1234/", user));
    EXPECT_TRUE(until([&] { return !reasons.empty(); }));
    EXPECT_EQ(reasons.empty() ? FeedReason::kNone : reasons.front(), reason) << session->status().text;
    return session->status();
  }
};

TEST_F(ProxySpec, TheProxyLooksTheNameUpAndTicksCome) {
  ScriptedWsServer server{io};
  serve(server);
  ConnectProxy proxy{io};
  start(through(proxy, "ws://vendor.invalid:" + std::to_string(server.port()) + "/path"));
  ASSERT_TRUE(until_ticks(1));
  const auto authority = "vendor.invalid:" + std::to_string(server.port());
  ASSERT_EQ(proxy.requests.size(), 1U);
  EXPECT_THAT(proxy.requests[0], HasSubstr("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"));
  EXPECT_THAT(proxy.requests[0], Not(HasSubstr("Authorization")));
  EXPECT_THAT(server.peers[0]->request, HasSubstr("GET /path"));
}

TEST_F(ProxySpec, ThePasswordIsSentAndWithoutItTheTextSaysWhatIsWanted) {
  ScriptedWsServer server{io};
  serve(server);
  ConnectProxy proxy{io};
  proxy.authorization = "Basic ZGVzazpwQHNz";  // desk:p@ss
  start(through(proxy, server.url(), "desk:p%40ss@"));
  ASSERT_TRUE(until_ticks(1));

  auto status = refused(proxy, FeedReason::kAuth);
  EXPECT_THAT(status.text, HasSubstr("wants a user name and password (407"));
  status = refused(proxy, FeedReason::kAuth, "desk:wr0ng-word@");
  EXPECT_THAT(status.text, HasSubstr("refuses the user name and password"));
  EXPECT_THAT(status.text, Not(HasSubstr("wr0ng")));
  EXPECT_GT(status.next_attempt - clock.mono(), 30s) << "an account must not be locked by trying";
}

TEST_F(ProxySpec, AnAnswerInPiecesIsReadAndWhatFollowsIsTheVendors) {
  ScriptedWsServer server{io};
  serve(server);
  ConnectProxy proxy{io};
  proxy.slice = 3;
  start(through(proxy, server.url()));
  ASSERT_TRUE(until_ticks(1));
  // Bytes behind the head are not lost: here they are no HTTP, and that is noticed.
  session.reset();
  reasons.clear();
  proxy.farewell = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
  start(through(proxy, server.url()));
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  EXPECT_EQ(reasons.front(), FeedReason::kGarbage) << session->status().text;
}

TEST_F(ProxySpec, StatusesAreTold) {
  ConnectProxy proxy{io};
  EXPECT_THAT(refused(proxy, FeedReason::kProxy).text, HasSubstr("HTTP 502 Bad Gateway"));  // nobody on port 1234
  proxy.answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
  EXPECT_THAT(refused(proxy, FeedReason::kProxy).text, HasSubstr("gives no way to vendor.invalid:1234: HTTP 403"));
}

TEST_F(ProxySpec, WhatIsNoProxyIsNamed) {
  ConnectProxy proxy{io};
  for (const std::string answer : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/2 200\r\n\r\n"}) {
    proxy.answer = answer;
    EXPECT_THAT(refused(proxy, FeedReason::kProxy).text, HasSubstr("does not answer in HTTP")) << answer;
  }
  proxy.answer = "HTTP/1.1 200 OK\r\nX: " + std::string(9000, 'x') + "\r\n\r\n";
  EXPECT_THAT(refused(proxy, FeedReason::kProxy).text, HasSubstr("has no end"));
  proxy.answer = "HTTP/1.1 200";  // and hangs up inside the head
  EXPECT_THAT(refused(proxy, FeedReason::kSocketClosed).text, HasSubstr("hung up before it answered"));
}

TEST_F(ProxySpec, AMuteProxyCostsTheOneTimeLimit) {
  ConnectProxy proxy{io};
  proxy.mute = true;
  auto made = through(proxy, "ws://vendor.invalid:1/");
  made.handshake_timeout = 150ms;
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kTimeout));
  EXPECT_THAT(session->status().text, HasSubstr("proxy 127.0.0.1:"));
  EXPECT_THAT(session->status().text, HasSubstr("within 150 ms"));
}

TEST_F(ProxySpec, AProxyThatIsNotThereIsNamedAsTheProxy) {
  std::uint16_t port = 0;
  {
    ConnectProxy gone{io};
    port = gone.port();
  }
  auto made = options("ws://vendor.invalid:1/");
  made.proxy = *parse_proxy("127.0.0.1:" + std::to_string(port));
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kRefused));
  EXPECT_THAT(session->status().text, HasSubstr("proxy 127.0.0.1:"));
  session.reset();
  made.proxy = *parse_proxy("no-such-proxy.invalid:3128");
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kDns));
  EXPECT_THAT(session->status().text, HasSubstr("proxy no-such-proxy.invalid"));
}

TEST_F(ProxySpec, StoppingInTheMiddleLeavesNothing) {
  ConnectProxy proxy{io};
  proxy.mute = true;
  start(through(proxy, "ws://vendor.invalid:1/"));
  ASSERT_FALSE(until([&] { return !reasons.empty(); }, 50ms));
  session->stop();
  ASSERT_FALSE(until([&] { return !reasons.empty(); }, 50ms));
  EXPECT_EQ(session->status().state, FeedState::kStopped);
}

TEST_F(ProxySpec, StagesAreTold) {
  ScriptedWsServer server{io};
  serve(server);
  ConnectProxy proxy{io};
  std::vector<ConnectStage::Kind> stages;
  FeedSession::Context context{io, *client, clock, sources, sink};
  context.on_stage = [&](const ConnectStage& stage) { stages.push_back(stage.kind); };
  session = std::make_unique<FeedSession>(through(proxy, server.url()), find_vendor("native")->make_codec(), context);
  session->start();
  ASSERT_TRUE(until_ticks(1));
  using Kind = ConnectStage::Kind;
  EXPECT_THAT(stages, ElementsAre(Kind::kResolved, Kind::kConnected, Kind::kTunnel, Kind::kUpgraded));
}

}  // namespace
}  // namespace yagura::feeds
