// A session, its client and what comes out, on one io_context with the scripted server.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "feeds/curl_http.hpp"
#include "feeds/session.hpp"
#include "tests/support/scripted_ws_server.hpp"

namespace yagura::feeds {

using test::run_until;
using test::ScriptedWsServer;
using namespace std::chrono_literals;

class CollectingSink final : public TickSink {
 public:
  void on_tick(const Tick& tick) noexcept override { ticks.push_back(tick); }
  void on_batch_end() noexcept override { ++batches; }
  std::vector<Tick> ticks;
  int batches = 0;
};

class CollectingTap final : public FrameTap {
 public:
  void on_frame(std::string_view, FrameDir dir, Frame frame, Timestamp, MonoTime) noexcept override {
    (dir == FrameDir::kIn ? in : out).emplace_back(frame.payload);
  }
  std::vector<std::string> in, out;
};

class SessionSpec : public testing::Test {
 protected:
  static constexpr SymbolId kNikkei{0};
  static constexpr SymbolId kYen{1};

  FeedSession::Options options(const std::string& url) {
    FeedSession::Options made;
    made.name = "test";
    made.url = *parse_url(url);
    made.login_url = (made.url.secure ? "https://" : "http://") + made.url.authority();
    made.symbols = {{kNikkei, "NI225"}, {kYen, "USDJPY"}};
    return made;
  }
  FeedSession& start(FeedSession::Options made, std::string_view vendor = "native") {
    FeedSession::Context context{io, *client, clock, sources, sink};
    context.tap = &tap;
    context.http = http.get();
    context.on_change = [this](const FeedStatus& status) {
      states.push_back(status.state);
      if (status.state == FeedState::kBackoff) reasons.push_back(status.reason);
    };
    session = std::make_unique<FeedSession>(std::move(made), find_vendor(vendor)->make_codec({credentials}),
                                            std::move(context));
    session->start();
    return *session;
  }
  FeedSession& start(const ScriptedWsServer& server) { return start(options(server.url())); }

  [[nodiscard]] bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = 5s) {
    return run_until(io, done, limit);
  }
  [[nodiscard]] bool until_ticks(std::size_t count) {
    return until([&] { return sink.ticks.size() >= count; });
  }
  [[nodiscard]] bool until_reason(FeedReason reason, std::chrono::milliseconds limit = 5s) {
    return until([&] { return std::find(reasons.begin(), reasons.end(), reason) != reasons.end(); }, limit);
  }
  [[nodiscard]] bool until_state(FeedState state) {
    return until([&] { return session->status().state == state; });
  }

  static std::string yen(std::string_view bid, std::string_view ask, int seq = 1) {
    return R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":")" + std::string{bid} +
           R"(","ask":")" + std::string{ask} + R"(","seq":)" + std::to_string(seq) + "}";
  }
  static std::string nikkei(std::string_view price) {
    return R"({"type":"tick","symbol":"NI225","ts_ns":1770595200000000000,"price":")" + std::string{price} + R"("})";
  }
  // Acknowledges the subscription and sends one tick, as a healthy feed does.
  static void serve(ScriptedWsServer& server) {
    server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
      peer.send_text(R"({"type":"subscribed","symbols":["NI225","USDJPY"]})");
      peer.send_text(yen("157.120", "157.123"));
    };
  }

  boost::asio::io_context io;
  RealClock clock;
  SourceIds sources;
  CollectingSink sink;
  CollectingTap tap;
  Credentials credentials{.token = "token", .user = "user", .password = "password", .account = "account"};
  std::vector<FeedState> states;
  std::vector<FeedReason> reasons;
  std::unique_ptr<Transport> client = make_ws_transport(io, clock);
  std::unique_ptr<HttpCaller> http = make_http_caller(io);
  std::unique_ptr<FeedSession> session;
};

}  // namespace yagura::feeds
