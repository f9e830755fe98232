// OANDA: the stream's request, its lines, and a replay that speaks them.
#include <gmock/gmock.h>

#include "feeds/curl_stream.hpp"
#include "feeds/decode_line.hpp"
#include "feeds/replay_server.hpp"
#include "feeds/replay_source.hpp"
#include "tests/feeds/session_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kNothing = R"({"ticks":[],"error":null})";

std::string read(std::string_view frame) { return decode_line(*find_vendor("oanda")->make_codec(), frame); }
Credentials access(const std::string& token) {
  return {.token = token, .user = {}, .password = {}, .account = "101-001-1/x?"};
}

TEST(OandaCodecSpec, ReadsTheBestOfEachSide) {
  EXPECT_EQ(read(R"({"type":"PRICE","instrument":"USD_JPY","time":"2026-09-21T14:15:00.123456789Z",)"
                 R"("bids":[{"price":"156.351"},{"price":"156.350"}],"asks":[{"price":"156.355"}],"tradeable":true})"),
            R"({"ticks":[{"symbol":"USD_JPY","bid":"156.351","ask":"156.355","ts_ms":1790000100123}],"error":null})");
  EXPECT_THAT(read(R"({"type":"PRICE","instrument":"USD_JPY","bids":[],"asks":[{"price":"156.355"}]})"),
              AllOf(HasSubstr(R"("ask":"156.355")"), Not(HasSubstr("bid"))));
}

TEST(OandaCodecSpec, KnowsWhatIsNoTick) {
  for (const auto* nothing : {R"({"type":"HEARTBEAT","time":"2023-01-01T12:00:00Z"})", R"({"type":"NEWS"})", "{}",
                              R"({"type":"PRICE","instrument":"USD_JPY","bids":[],"asks":[]})",
                              R"({"type":"PRICE","instrument":"U","bids":[],"tradeable":false})"})
    EXPECT_EQ(read(nothing), kNothing) << nothing;
  EXPECT_THAT(read(R"({"errorMessage":"Insufficient authorization"})"), HasSubstr("vendor error: Insufficient"));
  for (const auto* bad : {"{torn", R"({"type":"PRICE","bids":[{"price":"1"}]})",
                          R"({"type":"PRICE","instrument":"U","bids":[{"price":"x"}]})",
                          R"({"type":"PRICE","instrument":"U","bids":[{"price":"1"}],"time":"noon"})"})
    EXPECT_THAT(read(bad), AllOf(HasSubstr(R"("ticks":[])"), Not(HasSubstr(R"("error":null)")))) << bad;
}

TEST(OandaCodecSpec, AsksForTheStreamOfItsAccount) {
  const auto codec = find_vendor("oanda")->make_codec({access("t-1"), {}});
  codec->begin(std::vector<std::string>{"USD_JPY", "JP225_USD&x=1"});
  Handshake handshake{"/", {}};
  codec->handshake(handshake);
  EXPECT_EQ(handshake.target, "/v3/accounts/101-001-1x/pricing/stream?instruments=USD_JPY%2CJP225_USDx1");
  EXPECT_EQ(find_header(handshake.headers, "Authorization"), "Bearer t-1");
  Handshake behind_proxy{"/oanda/?a=b", {}};
  codec->handshake(behind_proxy);
  EXPECT_TRUE(behind_proxy.target.starts_with("/oanda/v3/accounts/"));
}

TEST(OandaCodecSpec, TheFirstLineConfirmsTheSubscription) {
  const auto codec = find_vendor("oanda")->make_codec();
  Decoded out;
  const auto confirms = [&](std::string_view line) {
    codec->decode({line}, out);
    return out.subscribed;
  };
  for (int connection = 0; connection < 2; ++connection) {
    codec->on_open({});
    EXPECT_FALSE(confirms(R"({"errorMessage":"no"})"));
    EXPECT_TRUE(confirms(R"({"type":"HEARTBEAT"})"));
    EXPECT_FALSE(confirms(R"({"type":"HEARTBEAT"})"));
  }
}

TEST(OandaCodecSpec, DecodesWithoutAllocating) {
  const auto codec = find_vendor("oanda")->make_codec();
  const std::string frame =
      R"({"type":"PRICE","instrument":"USD_JPY","time":"2026-09-21T14:15:00.123456789Z",)"
      R"("bids":[{"price":"156.351","liquidity":1000000}],"asks":[{"price":"156.355","liquidity":1000000}]})";
  Decoded out;
  codec->decode({frame}, out);
  ASSERT_EQ(out.ticks.size(), 1U);
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) codec->decode({frame}, out);
  EXPECT_EQ(test::allocations() - before, 0U);
}

class YenQuotes final : public ReplayTickSource {
 public:
  explicit YenQuotes(int count) : count_(count) {}
  bool next(ReplayTick& tick) override {
    if (sent_ == count_) return false;
    tick = {"USDJPY", {}, parse_price("157.1"), parse_price("157.2"), timestamp_from_ns(1'000'000'000LL * ++sent_), {}};
    return true;
  }
  bool rewind() override { return sent_ = 0, true; }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"USDJPY"}; }

 private:
  int count_;
  int sent_ = 0;
};

class RecordedLines final : public ReplayFrameSource {
 public:
  bool next(ReplayFrame& frame) override {
    static constexpr std::string_view kLines[] = {R"({"type":"HEARTBEAT"})", "{torn", R"({ "type" : "PRICE" })"};
    if (sent_ == std::size(kLines)) return false;
    frame = {};
    frame.ts = timestamp_from_ns(1'000'000'000LL * static_cast<std::int64_t>(sent_));
    frame.frame = {kLines[sent_++], false};
    return true;
  }
  bool rewind() override { return sent_ = 0, true; }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"USDJPY"}; }

 private:
  std::size_t sent_ = 0;
};

class OandaReplaySpec : public SessionSpec {
 protected:
  ~OandaReplaySpec() override { session.reset(); }  // before what it runs on
  ReplayServer::Options server_options(bool exit_at_end) {
    ReplayServer::Options made;
    made.vendor = find_vendor("oanda");
    made.pace = {PaceStep{Timestamp::min(), kMaxSpeed}};
    made.key = "right";
    made.exit_at_end = exit_at_end;
    made.on_done = [this] { done = true; };
    return made;
  }
  template <class Source>
  void serve(std::unique_ptr<Source> source, bool exit_at_end = false) {
    server = std::make_unique<ReplayServer>(io, clock, std::move(source), server_options(exit_at_end));
    ASSERT_TRUE(server->listen("127.0.0.1:0"));
  }
  void start_with(const std::string& token) {
    FeedSession::Options made;
    made.name = "test";
    made.url = *parse_url("http://" + server->address(), Carrier::kHttp);
    made.symbols = {{kYen, "USD_JPY"}};
    made.secrets = {token};
    FeedSession::Context context{io, *streams, clock, sources, sink};
    context.tap = &tap;
    context.on_change = [this](const FeedStatus& status) {
      if (status.state == FeedState::kBackoff) reasons.push_back(status.reason);
    };
    session = std::make_unique<FeedSession>(std::move(made), find_vendor("oanda")->make_codec({access(token), {}}),
                                            std::move(context));
    session->start();
  }
  bool done = false;
  std::unique_ptr<Transport> streams = make_http_transport(io, clock);
  std::unique_ptr<ReplayServer> server;
};

TEST_F(OandaReplaySpec, ServesEveryTickThenEndsTheStream) {
  serve(std::make_unique<YenQuotes>(20'000), true);
  start_with("right");
  ASSERT_TRUE(until([&] { return done; }, 20s));
  ASSERT_TRUE(until_reason(FeedReason::kSocketClosed));
  EXPECT_EQ(sink.ticks.size(), 20'000U);
  EXPECT_EQ(to_string(sink.ticks.at(0).bid), "157.1");
  EXPECT_EQ(session->status().decode_errors, 0U);
}

TEST_F(OandaReplaySpec, AWrongTokenIsAuth) {
  serve(std::make_unique<YenQuotes>(10));
  start_with("wrong");
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  EXPECT_EQ(reasons.front(), FeedReason::kAuth);
  EXPECT_THAT(session->status().text, HasSubstr("HTTP 401 Unauthorized"));
  EXPECT_FALSE(server->progress().started);
}

TEST_F(OandaReplaySpec, ReplaysRecordedLinesAsTheyWere) {
  serve(std::make_unique<RecordedLines>());
  start_with("right");
  ASSERT_TRUE(until([&] { return tap.in.size() >= 3; }));
  EXPECT_THAT(tap.in, testing::ElementsAre(R"({"type":"HEARTBEAT"})", "{torn", R"({ "type" : "PRICE" })"));
}

TEST_F(OandaReplaySpec, WaitsForAClientThatDoesNotReadAndNoticesOneThatLeaves) {
  serve(std::make_unique<YenQuotes>(2'000'000));
  boost::asio::ip::tcp::socket slow{io};
  slow.connect({boost::asio::ip::address_v4::loopback(), server->port()});
  const std::string request =
      "GET /v3/accounts/1/pricing/stream?instruments=USD_JPY HTTP/1.1\r\nAuthorization: Bearer right\r\n\r\n";
  slow.send(boost::asio::buffer(request));
  std::uint64_t sent = 0;
  auto moved = clock.mono();
  ASSERT_TRUE(until([&] {  // until it has stood still for a while
    if (std::exchange(sent, server->progress().sent) != server->progress().sent) moved = clock.mono();
    return sent > 0 && clock.mono() - moved > 100ms;
  }));
  EXPECT_LT(sent, 2'000'000U);
  EXPECT_EQ(server->progress().clients, 1U);
  slow.close();
  EXPECT_TRUE(until([&] { return server->progress().clients == 0; }));
}

TEST_F(OandaReplaySpec, AnswersOtherRequestsAndEndsBadOnes) {
  serve(std::make_unique<YenQuotes>(10));
  for (const auto& [request, answer] : std::vector<std::pair<std::string, std::string>>{
           {"GET / HTTP/1.1\r\nAuthorization: Bearer right\r\n\r\n", "404"},
           {"GET /v3/accounts/1/pricing/stream?instruments= HTTP/1.1\r\nAuthorization: Bearer right\r\n\r\n", "400"},
           {"GET /v3/accounts/1/pricing/stream?instruments=USD_JPY HTTP/1.1\r\n\r\n", "401"},
           {"POST / HTTP/1.1\r\nAuthorization: Bearer right\r\n\r\n", "404"},
           {"nonsense\r\n\r\n", "400"}}) {
    boost::asio::ip::tcp::socket caller{io};
    caller.connect({boost::asio::ip::address_v4::loopback(), server->port()});
    caller.send(boost::asio::buffer(request));
    std::string got(64, '\0');
    std::size_t size = 0;
    caller.async_receive(boost::asio::buffer(got),
                         [&](const boost::system::error_code&, std::size_t received) { size = received; });
    ASSERT_TRUE(until([&] { return size > 0; })) << request;
    EXPECT_THAT(got, HasSubstr("HTTP/1.1 " + answer)) << request;
  }
}

TEST_F(OandaReplaySpec, StopsWithTheEndOfTheStream) {
  serve(std::make_unique<YenQuotes>(2));
  start_with("right");
  ASSERT_TRUE(until_ticks(2));
  bool stopped = false;
  server->stop([&] { stopped = true; });
  ASSERT_TRUE(until([&] { return stopped; }));
  ASSERT_TRUE(until_reason(FeedReason::kSocketClosed));
}

}  // namespace
}  // namespace yagura::feeds
