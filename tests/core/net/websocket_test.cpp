#include <gmock/gmock.h>

#include "tests/core/net/server_fixture.hpp"

namespace yagura::net {
namespace {

using test::WsTestClient;

class WebSocketSpec : public ServerSpec {};

TEST_F(WebSocketSpec, EchoesTextAndBinaryOfAnySize) {
  start();
  auto client = connect({.path = "/feed?x=1"});
  EXPECT_EQ(handler.opened_path, "/feed");
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
    const std::string payload(size, 'x');
    client.send_text(payload);
    EXPECT_EQ(client.next_text(), payload);
  }
  client.send_binary(std::string{"\x00\xff\xfe", 3});
  const auto frame = client.next_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, 2);
  EXPECT_EQ(frame->payload, (std::string{"\x00\xff\xfe", 3}));
}

TEST_F(WebSocketSpec, JoinsFragmentsAroundAPing) {
  start();
  auto client = connect();
  client.send_frame(1, "one ", /*fin=*/false);
  client.send_ping("are you there");
  client.send_frame(0, "two", /*fin=*/true);
  const auto pong = client.next_frame();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, 10);
  EXPECT_EQ(pong->payload, "are you there");
  EXPECT_EQ(client.next_text(), "one two");
}

TEST_F(WebSocketSpec, ReadsAFrameThatComesWithTheHandshake) {
  start();
  test::TcpClient tcp{port};
  tcp.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x87\x01\x01\x01\x01onuihof");
  EXPECT_TRUE(handler.messages.wait_for(1));
}

TEST_F(WebSocketSpec, TakesVersionThirteenOnly) {
  start();
  for (const auto* const version : {"", "0", "7", "8", "12", "14", "x"}) {
    const WsTestClient client{port, {.headers = {{"Sec-WebSocket-Version", version}}}};
    EXPECT_EQ(client.status(), 426) << version;
    EXPECT_EQ(client.handshake().headers.at("sec-websocket-version"), "13");
  }
}

TEST_F(WebSocketSpec, LetsTheHandlerRefuseAnUpgrade) {
  start();
  const WsTestClient client{port, {.headers = {{"Origin", "http://evil.example"}}}};
  EXPECT_EQ(client.status(), 403);
  EXPECT_EQ(client.handshake().body, "origin not allowed");
}

TEST_F(WebSocketSpec, ClosesOnProtocolErrors) {
  start();
  const auto code_after = [&](auto&& misbehave) {
    auto client = connect();
    misbehave(client);
    return client.wait_close().code;
  };
  EXPECT_EQ(code_after([](auto& c) { c.send_frame(1, "unmasked", true, false); }), 1002);
  EXPECT_EQ(code_after([](auto& c) { c.send_frame(1, "rsv", true, true, 4); }), 1002);
  EXPECT_EQ(code_after([](auto& c) { c.send_frame(3, "opcode"); }), 1002);
  EXPECT_EQ(code_after([](auto& c) { c.send_frame(0, "no start"); }), 1002);
  EXPECT_EQ(code_after([](auto& c) { c.send_frame(9, std::string(126, 'x')); }), 1002);
  EXPECT_EQ(code_after([](auto& c) { c.send_text("\xff\xfe"); }), 1007);
  EXPECT_EQ(code_after([](auto& c) { c.send_text(std::string(65'537, 'x')); }), 1009);
  EXPECT_EQ(code_after([](auto& c) { c.send_text("throw"); }), 1011);
  EXPECT_EQ(code_after([](auto& c) { c.send_close(1000); }), 1000);
}

TEST_F(WebSocketSpec, TellsTheHandlerHowAClientLeft) {
  start();
  auto polite = connect();
  polite.send_close(3001, "bye");
  EXPECT_EQ(polite.wait_close().code, 3001);
  ASSERT_TRUE(handler.closed.wait_for(1));
  EXPECT_EQ(last_close().code, 3001);
  EXPECT_EQ(last_close().reason, "bye");

  auto rude = connect();
  rude.tcp().reset();
  ASSERT_TRUE(handler.closed.wait_for(2));
  EXPECT_EQ(last_close().code, 1006);
}

TEST_F(WebSocketSpec, ClosesAsItIsTold) {
  start();
  auto with_code = connect();
  io.call([&] { server->close(last_client(), 1013, "try later"); });
  const auto close = with_code.wait_close();
  EXPECT_EQ(close.code, 1013);
  EXPECT_EQ(close.reason, "try later");

  auto without_status = connect();
  io.call([&] { server->close(last_client(), 1005, ""); });
  EXPECT_EQ(without_status.wait_close().code, 1005);

  auto hung_up = connect();
  io.call([&] { server->terminate(last_client(), "test"); });
  EXPECT_EQ(hung_up.wait_close().code, 1006);
  ASSERT_TRUE(handler.closed.wait_for(1));
}

TEST_F(WebSocketSpec, BroadcastsTheSameBytesToAllInOrder) {
  start();
  std::vector<WsTestClient> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(connect());  // the eldest eight are written to at once
  io.call([&] {
    for (int i = 0; i < 100; ++i) server->broadcast("message " + std::to_string(i));
    for (const auto id : handler.open_clients) EXPECT_TRUE(server->send(id, "to one"));
  });
  for (auto& client : clients) {
    for (int i = 0; i < 100; ++i) ASSERT_EQ(client.next_text(), "message " + std::to_string(i));
    EXPECT_EQ(client.next_text(), "to one");
  }
}

TEST_F(WebSocketSpec, WhatIsRehearsedReachesNobody) {
  start();
  auto client = connect();
  io.call([&] {
    for (int i = 0; i < 100; ++i) server->rehearse(std::string(static_cast<std::size_t>(i) * 1000, 'r'));
    server->broadcast("for all");
  });
  EXPECT_EQ(client.next_text(), "for all");
}

TEST_F(WebSocketSpec, KnowsNothingOfAClientThatIsGone) {
  start();
  { auto client = connect(); }
  ASSERT_TRUE(handler.closed.wait_for(1));
  io.call([&] {
    EXPECT_FALSE(server->send(last_client(), "x"));
    EXPECT_EQ(server->buffered(last_client()), 0U);
    server->close(last_client(), 1000, "");
    server->terminate(last_client(), "");
    server->ping(last_client());
    EXPECT_EQ(server->clients(), 0U);
  });
}

TEST_F(WebSocketSpec, StopsPolitelyAndThenFinally) {
  WsServer::Options options;
  options.stop_timeout = std::chrono::milliseconds{100};
  start(options);
  auto polite = connect();
  auto deaf = connect();
  test::TcpClient idle{port};
  test::Countdown stopped;
  io.call([&] { server->stop([&] { stopped.arrive(); }); });
  EXPECT_EQ(polite.wait_close().code, 1001);
  polite.send_close(1001);
  ASSERT_TRUE(stopped.wait_for(1));  // although `deaf` answers nothing
  EXPECT_EQ(handler.closed.count(), 2);
  EXPECT_EQ(io.call([&] { return server->connections(); }), 0U);
  EXPECT_THROW(test::TcpClient{port}, test::TestClientError);
}

TEST_F(WebSocketSpec, MayBeDestroyedWithClientsOpen) {
  start();
  auto client = connect();
  test::TcpClient idle{port};
  io.call([&] { server.reset(); });
  EXPECT_EQ(client.wait_close().code, 1001);
  EXPECT_EQ(idle.receive_to_end(), "");
  EXPECT_EQ(handler.closed.count(), 0);
}

}  // namespace
}  // namespace yagura::net
