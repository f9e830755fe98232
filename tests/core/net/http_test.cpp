#include <gmock/gmock.h>

#include "tests/core/net/server_fixture.hpp"

namespace yagura::net {
namespace {

using test::http_get;
using test::http_request;
using ::testing::HasSubstr;

class HttpSpec : public ServerSpec {};

TEST_F(HttpSpec, HandsOverMethodPathQueryBodyAndHeaders) {
  start();
  const auto reply = http_request(port, "POST", "/a/b?c=d&e", {{"X-Test", "yes"}}, "body");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "POST /a/b ? c=d&e [body] yes");
  EXPECT_EQ(reply.headers.at("content-type"), "text/plain");
  EXPECT_EQ(reply.headers.at("connection"), "close");
}

TEST_F(HttpSpec, AnswersHeadWithTheLengthAndWithoutTheBody) {
  start();
  const auto reply = http_request(port, "HEAD", "/x");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-length"), std::to_string(std::string_view{"HEAD /x ?  [] "}.size()));
  EXPECT_EQ(reply.body, "");
}

TEST_F(HttpSpec, SurvivesAnExceptionInAHandler) {
  start();
  EXPECT_EQ(http_get(port, "/throw").status, 500);
  EXPECT_EQ(http_get(port, "/next").status, 200);
  EXPECT_EQ(stats().handler_errors, 1U);
  EXPECT_EQ(stats().last_handler_error, "on purpose");
}

TEST_F(HttpSpec, RefusesWhatIsTooLarge) {
  start();
  EXPECT_EQ(http_get(port, "/", {{"X-Big", std::string(20'000, 'a')}}).status, 431);
  EXPECT_EQ(http_request(port, "POST", "/", {}, std::string(17'000, 'a')).status, 413);
  EXPECT_EQ(http_request(port, "POST", "/", {}, std::string(16'384, 'a')).status, 200);
}

TEST_F(HttpSpec, AnswersBeforeAThirtyMegabyteBodyIsRead) {
  start();
  test::TcpClient client{port};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n" + std::string(200'000, 'a'));
  EXPECT_EQ(test::parse_reply(client.receive_to_end()).status, 413);
}

TEST_F(HttpSpec, RefusesRequestsThatAreNone) {
  start();
  for (const auto* const garbage : {"\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                    "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n"}) {
    test::TcpClient client{port};
    client.send(garbage);
    EXPECT_EQ(test::parse_reply(client.receive_to_end()).status, 400) << garbage;
  }
  EXPECT_EQ(http_get(port, "/").status, 200);
}

TEST_F(HttpSpec, GivesUpOnARequestThatDripsIn) {
  WsServer::Options options;
  options.handshake_timeout = std::chrono::milliseconds{50};
  start(options);
  test::TcpClient client{port};
  client.send("GET / HT");
  EXPECT_EQ(client.receive_to_end(), "");
  EXPECT_EQ(stats().cut_handshake, 1U);
}

TEST_F(HttpSpec, TurnsAwayConnectionsOverTheCap) {
  WsServer::Options options;
  options.max_connections = 3;
  start(options);
  std::vector<test::TcpClient> held;
  for (int i = 0; i < 3; ++i) held.emplace_back(port);
  test::TcpClient extra{port};
  EXPECT_EQ(extra.receive_to_end(), "");
  EXPECT_EQ(stats().refused, 1U);
  held.clear();
}

TEST(ListenSpec, SaysWhatIsWrongWithAnAddress) {
  test::IoThread io;
  NotingHandler handler;
  const auto error_of = [&](std::string_view address) {
    return io.call([&] {
      WsServer server{io.io, handler};
      const auto result = server.listen(address);
      return result ? std::string{} : result.error().message;
    });
  };
  EXPECT_THAT(error_of("8225"), HasSubstr("'8225': no address or no port"));
  EXPECT_THAT(error_of(":8225"), HasSubstr("no address or no port"));
  EXPECT_THAT(error_of("127.0.0.1:"), HasSubstr("bad port"));
  EXPECT_THAT(error_of("127.0.0.1:99999"), HasSubstr("bad port"));
  EXPECT_THAT(error_of("example.com:80"), HasSubstr("not an IP address"));
  EXPECT_THAT(error_of("localhost:0"), "");
  EXPECT_THAT(error_of("192.0.2.1:8225"), HasSubstr("cannot listen on 192.0.2.1:8225: "));
}

TEST_F(ServerSpec, SaysWhenThePortIsTaken) {
  start();
  io.call([&] {
    WsServer second{io.io, handler};
    const auto result = second.listen(server->address());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "cannot listen on " + server->address() + ": Address already in use");
  });
}

}  // namespace
}  // namespace yagura::net
