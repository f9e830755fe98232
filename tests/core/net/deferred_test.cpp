// Answers that come later than on_http.
#include <gmock/gmock.h>

#include <thread>

#include "tests/core/net/server_fixture.hpp"

namespace yagura::net {
namespace {

using test::http_get;

// Keeps what it is asked for the test to answer.
class LaterHandler final : public NotingHandler {
 public:
  HttpResponse on_http(const HttpRequest& request) override {
    if (request.path == "/now") return {200, "now", {}};
    if (request.path == "/throws") return {.later = [](const HttpReply&) { throw std::runtime_error{"on purpose"}; }};
    return {.later = [this](const HttpReply& reply) {
      const std::lock_guard lock{mutex};
      replies.push_back(reply);
      asked.arrive();
    }};
  }
  std::vector<HttpReply> replies;
  test::Countdown asked;
};

class DeferredSpec : public ::testing::Test {
 protected:
  void start(WsServer::Options options = {}) {
    io.call([&] {
      server = std::make_unique<WsServer>(io.io, handler, options);
      handler.server = server.get();
      ASSERT_TRUE(server->listen("127.0.0.1:0"));
      port = server->port();
    });
  }
  void TearDown() override {
    io.call([&] { server.reset(); });
  }
  // A request on its way; what came is read with receive_to_end().
  test::TcpClient ask(const char* path) {
    test::TcpClient client{port};
    client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client;
  }
  bool answer(std::size_t which, const HttpResponse& response) {
    bool sent = false;
    io.call([&] { sent = handler.replies[which].send(response); });
    return sent;
  }
  std::size_t connections() {
    std::size_t count = 0;
    io.call([&] { count = server->connections(); });
    return count;
  }
  WsServerStats stats() {
    WsServerStats copy;
    io.call([&] { copy = server->stats(); });
    return copy;
  }

  LaterHandler handler;
  test::IoThread io;
  std::unique_ptr<WsServer> server;
  std::uint16_t port = 0;
};

TEST_F(DeferredSpec, AnswersLaterWhileOthersAreServed) {
  start();
  auto client = ask("/later");
  ASSERT_TRUE(handler.asked.wait_for(1));
  EXPECT_EQ(http_get(port, "/now").body, "now");
  EXPECT_TRUE(answer(0, {201, "done", {{"X-Test", "yes"}}}));
  const auto reply = test::parse_reply(client.receive_to_end());
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "done");
  EXPECT_EQ(reply.headers.at("x-test"), "yes");
  EXPECT_FALSE(answer(0, {200, "twice", {}}));
}

TEST_F(DeferredSpec, SaysSoWhenNoAnswerComes) {
  start({.defer_timeout = std::chrono::milliseconds{20}});
  const auto reply = http_get(port, "/later");
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, ::testing::HasSubstr("no answer in time"));
  EXPECT_FALSE(answer(0, {200, "too late", {}}));
  EXPECT_EQ(stats().answers_late, 1U);
}

TEST_F(DeferredSpec, LetsOnlySoManyWait) {
  start({.max_deferred = 2});
  auto first = ask("/later");
  auto second = ask("/later");
  ASSERT_TRUE(handler.asked.wait_for(2));
  EXPECT_EQ(http_get(port, "/later").status, 503);
  EXPECT_EQ(stats().answers_full, 1U);
  EXPECT_TRUE(answer(0, {200, {}, {}}));
  auto third = ask("/later");
  EXPECT_TRUE(handler.asked.wait_for(3));
}

TEST_F(DeferredSpec, ForgetsAClientThatHasGone) {
  start();
  {
    auto client = ask("/later");
    ASSERT_TRUE(handler.asked.wait_for(1));
    client.reset();
  }
  answer(0, {200, std::string(1 << 20, 'x'), {}});
  const auto until = std::chrono::steady_clock::now() + test::kPatience;
  while (connections() > 1 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(connections(), 1U);  // the one to be accepted next
  EXPECT_EQ(http_get(port, "/now").status, 200);
}

TEST_F(DeferredSpec, AnErrorInTheHandlerIsAnAnswer) {
  start();
  EXPECT_EQ(http_get(port, "/throws").status, 500);
  EXPECT_EQ(stats().handler_errors, 1U);
}

TEST_F(DeferredSpec, WhoWaitsWhenItEndsIsTold) {
  start();
  auto client = ask("/later");
  ASSERT_TRUE(handler.asked.wait_for(1));
  io.call([&] { server->stop(); });
  EXPECT_EQ(test::parse_reply(client.receive_to_end()).status, 503);
}

TEST_F(DeferredSpec, AReplyMayOutliveTheServer) {
  start();
  auto client = ask("/later");
  ASSERT_TRUE(handler.asked.wait_for(1));
  io.call([&] { server.reset(); });
  EXPECT_FALSE(answer(0, {200, "nobody", {}}));
}

}  // namespace
}  // namespace yagura::net
