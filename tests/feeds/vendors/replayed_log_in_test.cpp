// A session that logs in over HTTP, against the replay server playing the vendor.
#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "feeds/replay_server.hpp"
#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::HasSubstr;

// One call after the other to a server on this machine; reads until the server closes.
class LoopbackHttp final : public HttpCaller {
 public:
  LoopbackHttp(asio::io_context& io, std::uint16_t port) : io_(io), port_(port) {}

  CallId call(const std::string&, const HttpCall& call, const Options&, Done done) override {
    calls.push_back(call.method + " " + call.target);
    auto text = std::make_shared<std::string>();
    auto socket = std::make_shared<asio::ip::tcp::socket>(io_);
    socket->connect({asio::ip::address_v4::loopback(), port_});
    std::string request = call.method + " " + call.target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                          "\r\nContent-Type: application/json\r\nConnection: close\r\n";
    for (const auto& [name, value] : call.headers) request += name + ": " + value + "\r\n";
    request += "Content-Length: " + std::to_string(call.body.size()) + "\r\n\r\n" + call.body;
    asio::write(*socket, asio::buffer(request));
    asio::async_read(*socket, asio::dynamic_buffer(*text),
                     [socket, text, done = std::move(done)](const boost::system::error_code&, std::size_t) {
                       const auto body = text->find("\r\n\r\n");
                       ASSERT_NE(body, std::string::npos) << *text;
                       done({HttpAnswer{std::stoi(text->substr(9, 3)), {}, text->substr(body + 4)}, {}});
                     });
    return CallId{calls.size()};
  }
  void cancel(CallId) override {}

  std::vector<std::string> calls;

 private:
  asio::io_context& io_;
  std::uint16_t port_;
};

// The index, once a millisecond.
class IndexTicks final : public ReplayTickSource {
 public:
  bool next(ReplayTick& tick) override {
    tick = {};
    tick.symbol = "NI225";
    tick.ts = timestamp_from_ns(1'770'595'200'000'000'000) + 1ms * sent_++;
    tick.price = Price::from_raw(57'000'000'000'000);
    return sent_ <= 100;
  }
  bool rewind() override { return false; }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"NI225"}; }

 private:
  int sent_ = 0;
};

class ReplayedLogInSpec : public SessionSpec {
 protected:
  void serve(const char* key) {
    ReplayServer::Options made;
    made.vendor = find_vendor("kabu");
    made.key = key;
    server = std::make_unique<ReplayServer>(io, clock, std::make_unique<IndexTicks>(), std::move(made));
    ASSERT_TRUE(server->listen("127.0.0.1:0"));
    http = std::make_unique<LoopbackHttp>(io, server->port());
  }
  void log_in(const char* password) {
    auto made = options("ws://" + server->address() + "/kabusapi/websocket");
    made.symbols = {{kNikkei, "101"}};
    FeedSession::Context context{io, *client, clock, sources, sink};
    context.http = http.get();
    context.on_change = [this](const FeedStatus& status) {
      if (status.state == FeedState::kBackoff) reasons.push_back(status.reason);
    };
    session = std::make_unique<FeedSession>(std::move(made), find_vendor("kabu")->make_codec({{{}, {}, password, {}}}),
                                            std::move(context));
    session->start();
  }

  std::unique_ptr<ReplayServer> server;
  std::unique_ptr<LoopbackHttp> http;
};

TEST_F(ReplayedLogInSpec, GetsTicksAfterItsCallsWithoutSendingAFrame) {
  serve("pw-1");
  log_in("pw-1");
  ASSERT_TRUE(until_ticks(100));
  EXPECT_THAT(http->calls, ElementsAre("POST /kabusapi/token", "PUT /kabusapi/register"));
  EXPECT_EQ(sink.ticks[0].symbol, kNikkei);
  EXPECT_EQ(to_string(sink.ticks[0].price), "57000");
  EXPECT_EQ(session->status().decode_errors + session->status().vendor_errors, 0U);
}

TEST_F(ReplayedLogInSpec, AWrongPasswordIsAuth) {
  serve("pw-1");
  log_in("pw-2");
  ASSERT_TRUE(until_reason(FeedReason::kAuth));
  EXPECT_THAT(session->status().text, HasSubstr("log-in: HTTP 401"));
  EXPECT_THAT(session->status().text, HasSubstr("4001013"));
  EXPECT_EQ(server->progress().started, false);
}

}  // namespace
}  // namespace yagura::feeds
