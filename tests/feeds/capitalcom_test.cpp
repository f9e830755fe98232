// Capital.com's log-in from both sides, without sockets and with them.
#include <gmock/gmock.h>

#include "feeds/replay_server.hpp"
#include "tests/feeds/keyed_server_fixture.hpp"
#include "tests/feeds/session_fixture.hpp"
#include "tests/support/loopback_http.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct CapitalComServerSpec : KeyedServerSpec {
  CapitalComServerSpec() { use("capitalcom"); }
};

TEST_F(CapitalComServerSpec, LogsInAndKnowsItsTokens) {
  shared_.key = kKey;
  shared_.offered = {"NI225", "USDJPY"};
  const std::vector<std::string> epics{"J225", "USDJPY"};
  const auto codec = codec_of("capitalcom");
  codec->begin(epics);
  ASSERT_TRUE(codec->on_answer(vendor_->answer_call(shared_, *codec->next_call())));
  server_->on_open(MonoTime{});
  const auto ack = send(codec->on_open(epics).at(0));
  EXPECT_THAT(
      ack.frames,
      ElementsAre(
          R"({"status":"OK","destination":"marketData.subscribe","correlationId":"1","payload":{"subscriptions":{"J225":"PROCESSED","USDJPY":"PROCESSED"}}})"));
  Decoded out;
  codec->decode({ack.frames.at(0)}, out);
  EXPECT_TRUE(out.subscribed);
  EXPECT_TRUE(server_->wants("NI225"));
  EXPECT_THAT(send(codec->keep_alive()).frames,
              ElementsAre(R"({"status":"OK","destination":"ping","correlationId":"2","payload":{}})"));
  EXPECT_EQ(round_trip(kIndex), one_tick(R"("symbol":"J225","bid":"57001.23","ask":"57001.23")"));
  EXPECT_THAT(send(codec->on_open(std::vector<std::string>{"DAX"}).at(0)).frames.at(0),
              HasSubstr("error.invalid.epic"));

  ASSERT_EQ(vendor_->answer_call(shared_, *codec_of("capitalcom")->next_call()).status, 200);  // elsewhere
  EXPECT_THAT(send(codec->keep_alive()).frames.at(0), HasSubstr(R"("errorCode":"error.invalid.session.token")"));
  EXPECT_EQ(timer(9min).close, std::nullopt);
  EXPECT_EQ(timer(10min).close, kNoStatus);
}

TEST_F(CapitalComServerSpec, RefusesAWrongLogIn) {
  shared_.key = kKey;
  const auto answer = [&](HttpCall call) { return vendor_->answer_call(shared_, call); };
  EXPECT_EQ(answer(*codec_of("capitalcom", "wrong")->next_call()).status, 401);
  auto call = *codec_of("capitalcom")->next_call();
  call.body = R"({"identifier":"desk"})";
  EXPECT_EQ(answer(call).body, R"({"errorCode":"error.invalid.details"})");
  call.target = "/api/v1/prices";
  EXPECT_EQ(answer(call).status, 404);
  EXPECT_THAT(shared_.sessions, IsEmpty());
  server_->on_open(MonoTime{});
  EXPECT_THAT(send(R"({"destination":"ping","cst":"","securityToken":""})").frames.at(0),
              HasSubstr("error.invalid.session.token"));
}

TEST_F(CapitalComServerSpec, TakesFortyEpics) {
  const auto codec = codec_of("capitalcom");
  ASSERT_TRUE(codec->on_answer(vendor_->answer_call(shared_, *codec->next_call())));
  std::vector<std::string> epics;
  for (int i = 0; i < 41; ++i) epics.push_back("X" + std::to_string(i));
  EXPECT_THAT(send(codec->on_open(epics).at(0)).frames.at(0), HasSubstr(R"("status":"ERROR")"));
  epics.pop_back();
  EXPECT_THAT(send(codec->on_open(epics).at(0)).frames.at(0), HasSubstr(R"("status":"OK")"));
}

// One quote a millisecond of each.
class TwoMarkets final : public ReplayTickSource {
 public:
  bool next(ReplayTick& tick) override {
    tick = sent_ % 2 == 0 ? kQuote : kIndex;
    tick.ts += 1ms * sent_++;
    return true;
  }
  bool rewind() override { return false; }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"NI225", "USDJPY"}; }

 private:
  std::int64_t sent_ = 0;
};

class CapitalComSessionSpec : public SessionSpec {
 protected:
  CapitalComSessionSpec() {
    ReplayServer::Options made;
    made.vendor = find_vendor("capitalcom");
    made.key = kKey;
    server = std::make_unique<ReplayServer>(io, clock, std::make_unique<TwoMarkets>(), std::move(made));
    EXPECT_TRUE(server->listen("127.0.0.1:0"));
  }
  std::unique_ptr<FeedSession> connect(const std::string& token) {
    auto made = options("ws://" + server->address() + "/connect");
    made.login_url = "http://" + server->address();
    made.symbols = {{kNikkei, "J225"}, {kYen, "USDJPY"}};
    made.secrets = desk_credentials(token).secrets();
    FeedSession::Context context{io, *client, clock, sources, sink};
    context.tap = &tap;
    context.http = &http;
    return std::make_unique<FeedSession>(std::move(made), codec_of("capitalcom", token), std::move(context));
  }
  std::unique_ptr<ReplayServer> server;
  test::LoopbackHttp http{io};
};

TEST_F(CapitalComSessionSpec, LogsInAndRecordsNoneOfItsSecrets) {
  const auto feed = connect(kKey);
  feed->start();
  ASSERT_TRUE(until_ticks(10)) << feed->status().text;
  EXPECT_EQ(sink.ticks[0].symbol, kYen);
  EXPECT_EQ(sink.ticks[1].symbol, kNikkei);
  EXPECT_EQ(feed->status().vendor_errors + feed->status().decode_errors, 0U);
  ASSERT_THAT(tap.out, testing::SizeIs(1));
  EXPECT_THAT(tap.out[0], HasSubstr(R"("cst":"REDACTED","securityToken":"REDACTED")"));
}

TEST_F(CapitalComSessionSpec, AWrongKeyIsAuthAndShownNowhere) {
  const auto feed = connect("wr0ng-key");
  feed->start();
  ASSERT_TRUE(until([&] { return feed->status().reason == FeedReason::kAuth; })) << feed->status().text;
  EXPECT_EQ(feed->status().text, R"(log-in: HTTP 401 {"errorCode":"error.invalid.api.key"})");
  EXPECT_EQ(feed->status().connects, 0U);
}

}  // namespace
}  // namespace yagura::feeds
