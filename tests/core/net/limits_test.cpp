// What happens to peers that are slow, silent or too many.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <thread>

#include "tests/core/net/server_fixture.hpp"

namespace yagura::net {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::StartsWith;

class LimitsSpec : public ServerSpec {
 protected:
  // Sends until the client's kernel buffers are full and at least `bytes` wait in ours.
  void fill(ClientId client, std::size_t bytes) {
    const std::string payload(16 << 10, 'x');
    for (int i = 0; i < 10'000 && server->buffered(client) < bytes; ++i) server->send(client, payload);
  }
};

TEST_F(LimitsSpec, LeavesDroppableFramesOutForASlowClient) {
  start();
  auto slow = connect({.receive_buffer = 4096});
  auto healthy = connect();
  io.call([&] {
    const auto id = handler.open_clients.front();
    fill(id, (256 << 10) + 1);
    const auto waiting = server->buffered(id);
    server->broadcast_droppable("a price");
    EXPECT_EQ(server->buffered(id), waiting);
    EXPECT_EQ(server->stats().skipped, 1U);
    server->broadcast("an alert");
    EXPECT_EQ(server->buffered(id), waiting + 8);
  });
  EXPECT_EQ(healthy.next_text(), "a price");
  EXPECT_EQ(healthy.next_text(), "an alert");
}

TEST_F(LimitsSpec, LetsAnAlertOvertakePricesOnTheirWayToVeryManyClients) {
  start();
  std::vector<test::WsTestClient> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(connect());
  io.call([&] {
    server->broadcast_droppable("price 1");
    server->broadcast_droppable("price 2");
    server->broadcast("alert");
  });
  int alert_first = 0;
  for (auto& client : clients) {
    std::vector<std::string> prices;
    for (int i = 0; i < 3; ++i) {
      auto text = client.next_text();
      if (text == "alert")
        alert_first += i == 0 ? 1 : 0;
      else
        prices.push_back(std::move(text));
    }
    EXPECT_THAT(prices, ::testing::ElementsAre("price 1", "price 2"));
  }
  EXPECT_EQ(alert_first, 300);  // no price was on the wire yet
}

TEST_F(LimitsSpec, CutsAClientThatNeverReadsAtOneMebibyte) {
  start();
  auto deaf = connect({.receive_buffer = 4096});
  auto healthy = connect();
  io.call([&] {
    const auto id = handler.open_clients.front();
    const std::string payload(16 << 10, 'x');
    std::size_t most = 0;
    for (int i = 0; i < 10'000 && server->send(id, payload); ++i) most = std::max(most, server->buffered(id));
    EXPECT_THAT(most, Le(std::size_t{1} << 20));
    EXPECT_FALSE(server->send(id, "more"));
    server->send(handler.open_clients.back(), "unaffected");
  });
  ASSERT_TRUE(handler.closed.wait_for(1));
  EXPECT_EQ(last_close().code, 1006);
  EXPECT_THAT(last_close().reason, AllOf(StartsWith("too slow: "), HasSubstr("the limit is 1048576")));
  EXPECT_EQ(stats().cut_slow, 1U);
  EXPECT_EQ(healthy.next_text(), "unaffected");
}

TEST_F(LimitsSpec, SaysWhenASlowClientHasCaughtUp) {
  start();
  auto slow = connect({.receive_buffer = 4096});
  const auto sent = io.call([&] {
    fill(last_client(), 100 << 10);
    return server->buffered(last_client());
  });
  EXPECT_GE(sent, std::size_t{100} << 10);
  EXPECT_EQ(handler.drained.count(), 0);
  while (handler.drained.count() == 0) EXPECT_EQ(slow.next_text().size(), std::size_t{16} << 10);
  EXPECT_EQ(io.call([&] { return server->buffered(last_client()); }), 0U);
  EXPECT_EQ(handler.closed.count(), 0);
}

// The kernel's buffer ends somewhere inside a frame, in its header, too: sizes that have nothing in common.
TEST_F(LimitsSpec, KeepsFramesWholeThatTheSocketTakesInPieces) {
  start();
  auto slow = connect({.receive_buffer = 4096});
  const auto text = [](int i) {
    return std::to_string(i) + ' ' +
           std::string(static_cast<std::size_t>(i * 7919 % 70'000), static_cast<char>('a' + i % 26));
  };
  int sent = 0;
  int cut = 0;
  for (int read = 0; cut < 20 && read < 10'000;) {
    io.call([&] {
      while (server->buffered(last_client()) == 0) ASSERT_TRUE(server->send(last_client(), text(sent++)));
      ++cut;
    });
    while (read < sent) ASSERT_EQ(slow.next_text(), text(read++));
    while (io.call([&] { return server->buffered(last_client()); }) != 0) std::this_thread::yield();
  }
  EXPECT_EQ(cut, 20);
}

TEST_F(LimitsSpec, PingsAQuietClientAndCutsOneThatDoesNotAnswer) {
  WsServer::Options options;
  options.ping_after = std::chrono::milliseconds{40};
  options.silent_after = std::chrono::milliseconds{200};
  start(options);
  auto mute = connect();
  const auto ping = mute.next_frame();
  ASSERT_TRUE(ping);
  EXPECT_EQ(ping->opcode, 9);
  EXPECT_EQ(mute.wait_close().code, 1006);
  ASSERT_TRUE(handler.closed.wait_for(1));
  EXPECT_EQ(last_close().reason, "silent: no answer to a ping");
  EXPECT_EQ(stats().cut_silent, 1U);
}

TEST_F(LimitsSpec, KeepsAQuietClientThatAnswers) {
  WsServer::Options options;
  options.ping_after = std::chrono::milliseconds{20};
  options.silent_after = std::chrono::milliseconds{1'000};
  start(options);
  auto client = connect();
  for (int i = 0; i < 5; ++i) {
    const auto ping = client.next_frame();
    ASSERT_TRUE(ping);
    ASSERT_EQ(ping->opcode, 9);
    client.send_frame(10, ping->payload);
  }
  EXPECT_EQ(handler.closed.count(), 0);
}

// Lowers the limit on descriptors to those in use now, and `more`.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    rlimit low = before_;
    low.rlim_cur = static_cast<rlim_t>(next) + more;
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(LimitsSpec, AcceptsAgainAfterDescriptorsRanOut) {
  start();
  auto before = connect();
  {
    const FewDescriptors few{1};
    test::TcpClient waits{port};  // takes the last one: the server has none left to accept it with
    before.send_text("still served");
    EXPECT_EQ(before.next_text(), "still served");
    while (stats().accept_errors == 0) std::this_thread::yield();
  }
  EXPECT_EQ(test::http_get(port, "/").status, 200);
  EXPECT_LT(stats().accept_errors, 20U);  // ten tries a second, no spinning
}

}  // namespace
}  // namespace yagura::net
