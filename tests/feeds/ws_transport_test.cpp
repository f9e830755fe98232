// What the far end can do wrong, and the reason that is given for it.
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "tests/feeds/session_fixture.hpp"
#include "tests/feeds/test_certificates.hpp"
#include "tests/support/connect_proxy.hpp"

namespace yagura::feeds {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

class RefusalSpec : public SessionSpec {
 protected:
  FeedStatus after_refusal(FeedReason reason) {
    EXPECT_TRUE(until_reason(reason));
    return session->status();
  }
};

TEST_F(RefusalSpec, ClosedPortIsRefused) {
  ScriptedWsServer server{io};
  server.stop_listening();
  start(server);
  const auto status = after_refusal(FeedReason::kRefused);
  EXPECT_THAT(status.text, HasSubstr("refused"));
  EXPECT_EQ(status.state, FeedState::kBackoff);
  server.listen_again();  // and it comes back by itself
  serve(server);
  ASSERT_TRUE(until_ticks(1));
  EXPECT_FALSE(has(sink.ticks[0].flags, TickFlag::kAfterGap));
}

TEST_F(RefusalSpec, UnknownNameIsDns) {
  start(options("ws://no-such-host.invalid:1/"));
  EXPECT_THAT(after_refusal(FeedReason::kDns).text, HasSubstr("no-such-host.invalid"));
}

TEST_F(RefusalSpec, MuteListenerIsATimeout) {
  ScriptedWsServer server{io};
  server.mute_handshake = true;
  auto made = options(server.url());
  made.handshake_timeout = 150ms;
  start(made);
  EXPECT_THAT(after_refusal(FeedReason::kTimeout).text, HasSubstr("within 150 ms"));
}

TEST_F(RefusalSpec, DrippedAnswerIsATimeout) {
  ScriptedWsServer server{io};
  server.drip_handshake = true;
  auto made = options(server.url());
  made.handshake_timeout = 150ms;
  start(made);
  (void)after_refusal(FeedReason::kTimeout);
}

TEST_F(RefusalSpec, StatusesAreHttpOrAuthAndRedirectsAreNotFollowed) {
  for (const auto& [answer, reason] : std::vector<std::pair<std::string, FeedReason>>{
           {"401 Unauthorized", FeedReason::kAuth},
           {"403 Forbidden", FeedReason::kAuth},
           {"429 Too Many Requests", FeedReason::kHttp},
           {"503 Service Unavailable", FeedReason::kHttp},
           {"200 OK", FeedReason::kHttp},
           {"302 Found\r\nLocation: ws://127.0.0.1:1/", FeedReason::kHttp}}) {
    ScriptedWsServer server{io};
    server.http_answer = "HTTP/1.1 " + answer + "\r\nContent-Length: 5\r\n\r\nhello";
    reasons.clear();
    start(server);
    const auto status = after_refusal(reason);
    EXPECT_THAT(status.text, HasSubstr(answer.substr(0, 3))) << answer;
    EXPECT_EQ(server.peers.size(), 1U);
    session.reset();
  }
}

TEST_F(RefusalSpec, NoAttemptBeforeRetryAfter) {
  ScriptedWsServer server{io};
  server.http_answer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n";
  start(server);
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 2; }));
  EXPECT_GE(server.accept_times[1] - server.accept_times[0], 1s);
}

TEST_F(RefusalSpec, AKeyThatTheHandshakeRefusesIsNotTriedAgainSoon) {
  ScriptedWsServer server{io};
  server.http_answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
  start(server);
  (void)after_refusal(FeedReason::kAuth);
  EXPECT_FALSE(until([&] { return server.accept_times.size() > 1; }, 600ms));
}

// Takes what it is told for the connection and counts nothing else.
class IdleHandler final : public TransportHandler {
 public:
  void on_open() override { open = true; }
  void on_frame(Frame, MonoTime) override {}
  void on_ping() override {}
  void on_close(const CloseInfo& info) override { ended = info; }
  bool open = false;
  std::optional<CloseInfo> ended;
};

TEST_F(RefusalSpec, APeerThatDoesNotReadIsGivenUpAtOneMegabyte) {
  ScriptedWsServer server{io};
  server.on_open = [](ScriptedWsServer::Peer& peer) { peer.mute(); };
  IdleHandler handler;
  const auto id = client->connect(*parse_url(server.url()), {}, handler);
  ASSERT_TRUE(until([&] { return handler.open; }));
  const std::string text(std::size_t{64} << 10, 'x');
  int sent = 0;
  ASSERT_TRUE(until([&] {
    if (client->send(id, text)) ++sent;
    return handler.ended.has_value();
  }));
  EXPECT_EQ(handler.ended->kind, CloseInfo::Kind::kReset);
  EXPECT_THAT(handler.ended->text, HasSubstr("does not read"));
  EXPECT_GE(sent, 16);
  EXPECT_FALSE(client->send(id, text));
}

TEST_F(RefusalSpec, AnswerThatIsNotHttpOrNotTheUpgradeIsGarbage) {
  for (const auto* answer : {"SSH-2.0-OpenSSH_9.2\r\n\r\n",
                             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n"}) {
    ScriptedWsServer server{io};
    server.http_answer = answer;
    reasons.clear();
    start(server);
    (void)after_refusal(FeedReason::kGarbage);
    session.reset();
  }
}

// RFC 6455 broken in every way a fuzzer likes; each one ends the connection as garbage.
TEST_F(RefusalSpec, BrokenFramesAreGarbageAndTheFeedComesBack) {
  const std::string text = "{}";
  const std::vector<std::string> broken{
      test::server_frame(0xc1, text),                               // RSV1: a compressed frame
      test::server_frame(0xa1, text),                               // RSV2
      test::server_frame(0x83, text),                               // reserved opcode
      test::server_frame(0x8b, text),                               // reserved control opcode
      test::server_frame(0x80, text),                               // continuation of nothing
      test::server_frame(0x09, text),                               // fragmented ping
      test::server_frame(0x89, std::string(126, 'x')),              // long ping
      test::server_frame(0x81, "\xff\xfe"),                         // not UTF-8
      std::string("\x81\x7f\x00\x00\x00\x00\x06\x40\x00\x00", 10),  // announces 100 MB
      std::string("\x81\x85mask\x01\x02\x03\x04\x05", 11),          // masked by a server
  };
  for (std::size_t i = 0; i < broken.size(); ++i) {
    ScriptedWsServer server{io};
    serve(server);
    reasons.clear();
    sink.ticks.clear();
    start(server);
    ASSERT_TRUE(until_ticks(1));
    server.peers[0]->send_raw(broken[i]);
    ASSERT_TRUE(until_ticks(2)) << "case " << i;
    EXPECT_THAT(reasons, ElementsAre(FeedReason::kGarbage)) << "case " << i << session->status().text;
    session.reset();
  }
}

TEST_F(RefusalSpec, FragmentsWithoutEndAreCutAtOneMegabyte) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  const std::string chunk(64 << 10, 'x');
  server.peers[0]->send_raw(test::server_frame(0x01, chunk));
  for (int i = 0; i < 20 && reasons.empty(); ++i) {
    server.peers[0]->send_raw(test::server_frame(0x00, chunk));
    io.poll();
  }
  ASSERT_TRUE(until_reason(FeedReason::kGarbage));
}

TEST_F(RefusalSpec, DeepJsonAndRandomBytesAreCounted) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  auto& peer = *server.peers[0];
  peer.send_text(std::string(10'000, '['));
  peer.send_text(std::string(10'000, '{'));
  peer.send_text("");
  peer.send_text(R"({"type":"tick","symbol":"USDJPY","price":"NaN"})");
  peer.send_raw(test::server_frame(0x82, std::string("\x00\xff\x80", 3)));
  peer.send_text(yen("157.1", "157.2", 2));
  ASSERT_TRUE(until_ticks(2));
  EXPECT_EQ(session->status().decode_errors, 5U);
  EXPECT_TRUE(reasons.empty());
}

class TlsSpec : public RefusalSpec {
 protected:
  static std::string file(const std::string& name) { return TestCertificates::folder().file(name); }
  ScriptedWsServer::Options certificate(const std::string& name) {
    return {file(name + ".pem"), file(name + ".key"), 0};
  }
  // Connects to `host` trusting `ca`; the reason, or kNone when a tick came.
  FeedReason outcome(ScriptedWsServer& server, const std::string& host, const std::string& ca) {
    serve(server);
    auto made = options(server.url(host));
    if (!ca.empty()) made.ca_file = file(ca);
    start(made);
    EXPECT_TRUE(until([&] { return !reasons.empty() || !sink.ticks.empty(); }));
    return reasons.empty() ? FeedReason::kNone : reasons.front();
  }
  std::string text() const { return session->status().text; }
};

TEST_F(TlsSpec, TakesTheRightNameFromAKnownAuthority) {
  ScriptedWsServer server{io, certificate("good")};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kNone);
}

TEST_F(TlsSpec, TakesTheRightAddressFromAKnownAuthority) {
  ScriptedWsServer server{io, certificate("good")};
  EXPECT_EQ(outcome(server, "127.0.0.1", "ca.pem"), FeedReason::kNone);
}

TEST_F(TlsSpec, ComesBackOverTlsWithin300Milliseconds) {
  ScriptedWsServer server{io, certificate("good")};
  ASSERT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kNone);
  (void)until([] { return false; }, 200ms);
  server.peers[0]->drop();
  const auto dropped = clock.mono();
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 2; }));
  EXPECT_LT(server.accept_times[1] - dropped, 300ms);
  ASSERT_TRUE(until_ticks(2));
}

TEST_F(TlsSpec, RefusesAnotherName) {
  ScriptedWsServer server{io, certificate("wrong-host")};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("the certificate is for example.com, 192.0.2.1, not for localhost; check the url"));
}

TEST_F(TlsSpec, RefusesAnotherAddress) {
  ScriptedWsServer server{io, certificate("wrong-host")};
  EXPECT_EQ(outcome(server, "127.0.0.1", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("the certificate is for example.com, 192.0.2.1, not for 127.0.0.1"));
}

TEST_F(TlsSpec, RefusesAnUnknownAuthority) {
  ScriptedWsServer server{io, certificate("good")};
  EXPECT_EQ(outcome(server, "localhost", "other-ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("the issuer ca of the certificate is not known; give the issuer's own certificate"));
}

TEST_F(TlsSpec, RefusesAnUnknownAuthorityOfTheSystemsList) {
  ScriptedWsServer server{io, certificate("good")};
  EXPECT_EQ(outcome(server, "localhost", ""), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("as ca_file"));
}

TEST_F(TlsSpec, RefusesSelfSigned) {
  ScriptedWsServer server{io, certificate("self")};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("self-signed certificate of localhost; if it is the right one, give it as ca_file"));
}

TEST_F(TlsSpec, RefusesExpired) {
  ScriptedWsServer server{io, certificate("expired")};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), ContainsRegex("the certificate of expired expired on 2[0-9]{3}-[0-9]{2}-[0-9]{2}; .*clock"));
}

TEST_F(TlsSpec, RefusesTls11) {
  auto old = certificate("good");
  old.max_tls_version = TLS1_1_VERSION;
  ScriptedWsServer server{io, old};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("no TLS 1.2 or later there"));
}

TEST_F(TlsSpec, RefusesWhatIsNotGoodYet) {
  ScriptedWsServer server{io, certificate("early")};
  EXPECT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("the certificate of early is good only from 2199-01-01"));
}

TEST_F(TlsSpec, APlainAnswerOnATlsPortIsNamed) {
  ScriptedWsServer plain{io};
  plain.greeting = "HTTP/1.1 400 Bad Request\r\n\r\n";
  auto made = options("wss://localhost:" + std::to_string(plain.port()) + "/");
  made.ca_file = file("ca.pem");
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kTls));
  EXPECT_THAT(text(), HasSubstr("speaks no TLS; check the port"));
}

TEST_F(TlsSpec, HangingUpInTheMiddleIsNamed) {
  ScriptedWsServer plain{io};
  plain.hang_up = true;
  auto made = options("wss://localhost:" + std::to_string(plain.port()) + "/");
  made.ca_file = file("ca.pem");
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kTls));
  EXPECT_THAT(text(), HasSubstr("hung up during the TLS handshake"));
}

// RFC 6066 knows names only.
TEST_F(TlsSpec, TheNameIsSentAndAnAddressIsNot) {
  ScriptedWsServer server{io, certificate("good")};
  ASSERT_EQ(outcome(server, "localhost", "ca.pem"), FeedReason::kNone);
  EXPECT_EQ(server.peers[0]->server_name, "localhost");
  session.reset();
  sink.ticks.clear();
  ASSERT_EQ(outcome(server, "127.0.0.1", "ca.pem"), FeedReason::kNone);
  EXPECT_EQ(server.peers[1]->server_name, "");
}

TEST_F(TlsSpec, TakesAnIpv6AddressThatTheCertificateNames) {
  auto here = certificate("good");
  here.address = "::1";
  if (!ScriptedWsServer::can_listen(io, here.address)) GTEST_SKIP() << "no IPv6 on this machine";
  ScriptedWsServer server{io, here};
  EXPECT_EQ(outcome(server, "[::1]", "ca.pem"), FeedReason::kNone) << text();
  EXPECT_EQ(server.peers[0]->server_name, "");
  session.reset();
  reasons.clear();
  sink.ticks.clear();
  auto other = certificate("wrong-host");
  other.address = "::1";
  ScriptedWsServer wrong{io, other};
  EXPECT_EQ(outcome(wrong, "[::1]", "ca.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("not for ::1"));
}

// The certificate is the vendor's, whoever carries the bytes.
TEST_F(TlsSpec, AProxyChangesNothingAboutTrust) {
  test::ConnectProxy proxy{io};
  const auto through = [&](ScriptedWsServer& server) {
    serve(server);
    auto made = options(server.url("localhost"));
    made.ca_file = file("ca.pem");
    made.proxy = *parse_proxy("127.0.0.1:" + std::to_string(proxy.port()));
    start(made);
    EXPECT_TRUE(until([&] { return !reasons.empty() || !sink.ticks.empty(); }));
  };
  ScriptedWsServer server{io, certificate("good")};
  through(server);
  EXPECT_EQ(sink.ticks.size(), 1U) << text();
  EXPECT_EQ(server.peers[0]->server_name, "localhost");
  session.reset();
  ScriptedWsServer wrong{io, certificate("wrong-host")};
  sink.ticks.clear();
  through(wrong);
  EXPECT_TRUE(sink.ticks.empty());
  EXPECT_THAT(text(), HasSubstr("not for localhost"));
}

TEST_F(TlsSpec, TheStageShowsVersionAndCertificate) {
  ScriptedWsServer server{io, certificate("good")};
  serve(server);
  std::string shown;
  FeedSession::Context context{io, *client, clock, sources, sink};
  context.on_stage = [&](const ConnectStage& stage) {
    if (stage.kind == ConnectStage::Kind::kSecured) shown = stage.text;
  };
  auto made = options(server.url("localhost"));
  made.ca_file = file("ca.pem");
  session = std::make_unique<FeedSession>(made, find_vendor("native")->make_codec(), context);
  session->start();
  ASSERT_TRUE(until_ticks(1));
  EXPECT_THAT(shown, ContainsRegex("TLSv1.3, certificate for localhost, .* until 2[0-9]{3}-[0-9-]{5}, by ca"));
}

TEST_F(TlsSpec, NeverFallsBackToPlain) {
  ScriptedWsServer plain{io};
  serve(plain);
  auto made = options("wss://localhost:" + std::to_string(plain.port()) + "/");
  made.ca_file = file("ca.pem");
  made.handshake_timeout = 300ms;  // the plain server waits for the end of a request that never comes
  start(made);
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  EXPECT_THAT(reasons.front(), testing::AnyOf(FeedReason::kTls, FeedReason::kTimeout));
  EXPECT_TRUE(sink.ticks.empty());
}

TEST_F(TlsSpec, SaysWhichAuthorityFileIsMissing) {
  ScriptedWsServer server{io, certificate("good")};
  EXPECT_EQ(outcome(server, "localhost", "missing.pem"), FeedReason::kTls);
  EXPECT_THAT(text(), HasSubstr("missing.pem"));
  EXPECT_FALSE(client->load_ca(file("missing.pem")));
  EXPECT_TRUE(client->load_ca(file("ca.pem")));
}

TEST_F(TlsSpec, MuteTlsServerIsATimeout) {
  ScriptedWsServer server{io, certificate("good")};
  server.mute_handshake = true;
  auto made = options(server.url("localhost"));
  made.ca_file = file("ca.pem");
  made.handshake_timeout = 150ms;
  start(made);
  ASSERT_TRUE(until_reason(FeedReason::kTimeout));
  EXPECT_THAT(text(), HasSubstr("TLS"));
}

}  // namespace
}  // namespace yagura::feeds
