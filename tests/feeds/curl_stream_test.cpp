// Feeds over HTTP: lines, ends and refusals, over real sockets.
#include "feeds/curl_stream.hpp"

#include <gmock/gmock.h>

#include "tests/feeds/session_fixture.hpp"
#include "tests/feeds/test_certificates.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = CloseInfo::Kind;

constexpr auto kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string{size}.append(bytes).append("\r\n");
}

class Listener final : public TransportHandler {
 public:
  void on_open() override {
    ++opened;
    if (at_open) at_open();
  }
  void on_frame(Frame frame, MonoTime) override {
    if (keep) lines.emplace_back(frame.payload);
    ++count;
    if (at_frame) at_frame();
  }
  void on_ping() override { ++pings; }
  void on_close(const CloseInfo& info) override { closed = info; }

  int opened = 0, pings = 0, count = 0;
  bool keep = true;
  std::vector<std::string> lines;
  std::optional<CloseInfo> closed;
  std::function<void()> at_open, at_frame;
};

class HttpStreamSpec : public SessionSpec {
 protected:
  HttpStreamSpec() {
    server.on_request = [](ScriptedWsServer::Peer& peer) { peer.send_raw(kHead); };
  }
  static Url url_of(const ScriptedWsServer& server, std::string_view scheme = "http",
                    std::string_view host = "127.0.0.1") {
    return *parse_url(
        std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(server.port()) + "/stream?key=s3cret",
        Carrier::kHttp);
  }
  ConnectionId connect(Duration limit = 5s) {
    return streams->connect(url_of(server), {{}, {{"Authorization", "Bearer t"}}, limit}, listener);
  }
  CloseInfo end() {
    EXPECT_TRUE(until([&] { return listener.closed.has_value(); }));
    return listener.closed.value_or(CloseInfo{});
  }
  void open() {
    (void)connect();
    ASSERT_TRUE(until([&] { return listener.opened == 1; }));
  }
  void send(std::string_view bytes) { server.peers.at(0)->send_raw(chunk(bytes)); }

  ScriptedWsServer server{io};
  Listener listener;
  std::unique_ptr<Transport> streams = make_http_transport(io, clock);
};

TEST_F(HttpStreamSpec, GivesAFrameALineHoweverItIsCut) {
  open();
  EXPECT_THAT(server.peers[0]->request,
              AllOf(HasSubstr("GET /stream?key=s3cret HTTP/1.1"), HasSubstr("Authorization: Bearer t")));
  send("{\"a\":1}\n{\"b\":2}\r\n{\"c\"");
  send(":3}");
  ASSERT_TRUE(until([&] { return listener.count == 2; }));
  send("\n\n\r\n{\"d\":4}\n");
  ASSERT_TRUE(until([&] { return listener.count == 4; }));
  EXPECT_THAT(listener.lines, ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"));
  EXPECT_EQ(listener.pings, 2);
}

TEST_F(HttpStreamSpec, SaysHowItEnded) {
  open();
  server.peers[0]->send_raw("0\r\n\r\n");
  EXPECT_EQ(end().kind, Kind::kClosed);
  EXPECT_THAT(listener.closed->text, HasSubstr("the stream ended"));

  listener = {};
  (void)connect();
  ASSERT_TRUE(until([&] { return listener.opened == 1; }));
  server.peers.back()->reset();
  EXPECT_EQ(end().kind, Kind::kReset);

  listener = {};
  server.stop_listening();
  for (auto& peer : server.peers) peer->drop();
  (void)connect();
  EXPECT_EQ(end().kind, Kind::kRefused);
}

TEST_F(HttpStreamSpec, OtherStatusesAreHttpAndRedirectsAreNotFollowed) {
  for (const auto& [head, code] :
       std::vector<std::pair<std::string, int>>{{"401 Unauthorized", 401},
                                                {"302 Found\r\nLocation: http://127.0.0.1:1/", 302},
                                                {"204 No Content", 204},
                                                {"503 Busy\r\nRetry-After: 7", 503}}) {
    server.on_request = [&answer = head](ScriptedWsServer::Peer& peer) {
      peer.send_raw("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n");
    };
    listener = {};
    (void)connect();
    EXPECT_EQ(end().kind, Kind::kHttp) << head;
    EXPECT_EQ(listener.closed->code, code);
    EXPECT_EQ(listener.closed->retry_after, code == 503 ? std::optional<Duration>{7s} : std::nullopt);
    EXPECT_THAT(listener.closed->text, AllOf(HasSubstr(head.substr(0, 3)), testing::Not(HasSubstr("s3cret"))));
    EXPECT_EQ(listener.opened, 0);
  }
}

TEST_F(HttpStreamSpec, AServerThatSaysNothingIsATimeoutAndAnOpenStreamMayBeSilent) {
  server.mute_handshake = true;
  (void)connect(150ms);
  EXPECT_EQ(end().kind, Kind::kTimeout);
  EXPECT_THAT(listener.closed->text, HasSubstr("no answer within 150 ms"));
  server.mute_handshake = false;
  listener = {};
  (void)connect(150ms);
  (void)until([&] { return listener.closed.has_value(); }, 300ms);
  EXPECT_EQ(listener.opened, 1);
  EXPECT_FALSE(listener.closed);
}

TEST_F(HttpStreamSpec, LinesWithoutEndAreCutAtOneMebibyte) {
  open();
  const std::string part(64 << 10, 'x');
  for (int i = 0; i < 17 && !listener.closed; ++i) {
    send(part);
    io.poll();
  }
  EXPECT_EQ(end().kind, Kind::kProtocol);
  EXPECT_THAT(listener.closed->text, HasSubstr("1 MiB"));
  EXPECT_THAT(listener.lines, IsEmpty());
}

TEST_F(HttpStreamSpec, MayBeDroppedFromItsOwnCalls) {
  const auto id = connect();
  listener.at_frame = [&] { streams->drop(id); };
  ASSERT_TRUE(until([&] { return listener.opened == 1; }));
  send("1\n2\n3\n");
  ASSERT_TRUE(until([&] { return listener.count == 1; }));
  (void)until([] { return false; }, 20ms);
  EXPECT_EQ(listener.count, 1);
  EXPECT_FALSE(listener.closed);
  ASSERT_TRUE(until([&] { return server.peers[0]->ended; }));
}

TEST_F(HttpStreamSpec, AHandlerThatThrowsEndsItsStreamAlone) {
  listener.at_open = [] { throw std::runtime_error{"full"}; };
  (void)connect();
  EXPECT_EQ(end().kind, Kind::kReset);
  EXPECT_THAT(listener.closed->text, HasSubstr("internal error: full"));
}

TEST_F(HttpStreamSpec, TakesFramesWithoutAllocating) {
  open();
  listener.keep = false;
  std::string lines;
  for (int i = 0; i < 100; ++i)
    lines += R"({"type":"PRICE","instrument":"USD_JPY"})"
             "\n";
  send(lines);
  send("torn");
  send(" line\n");
  ASSERT_TRUE(until([&] { return listener.count == 101; }));
  const auto bytes = chunk(lines);
  for (int i = 0; i < 50; ++i) server.peers[0]->send_raw(bytes);
  const auto before = test::allocations();
  while (listener.count < 5'101) io.run_one();
  EXPECT_EQ(test::allocations() - before, 0U);
}

TEST_F(HttpStreamSpec, ChecksCertificates) {
  const auto file = [](const std::string& name) { return TestCertificates::folder().file(name); };
  ScriptedWsServer secure{io, {file("good.pem"), file("good.key"), 0}};
  secure.on_request = server.on_request;
  for (const auto& [ca, kind] : std::vector<std::pair<std::string, std::optional<Kind>>>{
           {file("ca.pem"), std::nullopt}, {file("other-ca.pem"), Kind::kTls}, {"", Kind::kTls}}) {
    listener = {};
    (void)streams->connect(url_of(secure, "https", "localhost"), {ca, {}, 5s}, listener);
    ASSERT_TRUE(until([&] { return listener.opened == 1 || listener.closed; }));
    EXPECT_EQ(listener.closed ? std::optional{listener.closed->kind} : std::nullopt, kind) << ca;
  }
  EXPECT_FALSE(streams->load_ca(file("missing.pem")));
  EXPECT_TRUE(streams->load_ca(""));
}

TEST_F(HttpStreamSpec, SendsNothing) {
  open();
  EXPECT_FALSE(streams->send(ConnectionId{1}, "hello"));
}

}  // namespace
}  // namespace yagura::feeds
