// The vendor's side of vendors with a key, as the replay server plays it.
#include <gmock/gmock.h>

#include "tests/feeds/keyed_server_fixture.hpp"

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(KeyedServerSpec, FinnhubTakesFiftySymbolsWithoutAWord) {
  use("finnhub");
  EXPECT_THAT(open("/?token=a").frames, IsEmpty());
  for (int i = 0; i < 49; ++i) send(R"({"type":"subscribe","symbol":"X)" + std::to_string(i) + "\"}");
  EXPECT_THAT(send(R"({"type":"subscribe","symbol":"OANDA:USD_JPY"})").frames, IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_THAT(send(R"({"type":"subscribe","symbol":"OANDA:EUR_USD"})").frames,
              ElementsAre(R"({"msg":"Subscribing to too many symbols","type":"error"})"));
  EXPECT_FALSE(server_->wants("EURUSD"));
  EXPECT_THAT(send(R"({"type":"subscribe","symbol":"OANDA:USD_JPY"})").frames, IsEmpty());
  send(R"({"type":"unsubscribe","symbol":"X7"})");
  EXPECT_THAT(send(R"({"type":"subscribe","symbol":"OANDA:EUR_USD"})").frames, IsEmpty());
  EXPECT_TRUE(server_->wants("EURUSD"));
  EXPECT_THAT(timer(59s).frames, IsEmpty());
  EXPECT_THAT(timer(60s).frames, ElementsAre(R"({"type":"ping"})"));
  EXPECT_THAT(timer(61s).frames, IsEmpty());
}

TEST_F(KeyedServerSpec, FinnhubHasLastPricesOfPairs) {
  use("finnhub");
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"OANDA:USD_JPY","price":"157.1215")"));
  EXPECT_EQ(round_trip(kIndex), "cannot");
}

TEST_F(KeyedServerSpec, ASecondFinnhubConnectionEndsBoth) {
  use("finnhub");
  EXPECT_EQ(open("/?token=a").close, std::nullopt);
  const auto other_key = connect();
  EXPECT_EQ(open(*other_key, "/?token=b").close, std::nullopt);
  EXPECT_THAT(shared_.evictions, IsEmpty());
  const auto second = connect();
  EXPECT_EQ(open(*second, "/?token=a").close, kNoStatus);
  ASSERT_THAT(shared_.evictions, SizeIs(1));
  EXPECT_EQ(shared_.evictions[0].who, server_.get());
  EXPECT_EQ(shared_.evictions[0].last_words.close, kNoStatus);
  shared_.evictions.clear();
  const auto third = connect();  // both are gone
  EXPECT_EQ(open(*third, "/?token=a").close, std::nullopt);
}

TEST_F(KeyedServerSpec, AConnectionThatEndedCountsNoMore) {
  use("finnhub");
  open("/?token=a");
  server_.reset();
  EXPECT_THAT(shared_.connections, IsEmpty());
  server_ = connect();
  EXPECT_EQ(open("/?token=a").close, std::nullopt);
}

TEST_F(KeyedServerSpec, TwelveDataSaysWhatWasTakenAndWhatFailed) {
  use("twelvedata");
  shared_.offered = {"USDJPY"};
  EXPECT_THAT(open("/v1/quotes/price?apikey=a").frames, IsEmpty());
  EXPECT_THAT(
      send(R"({"action":"subscribe","params":{"symbols":"USD/JPY,GBP/USD"}})").frames,
      ElementsAre(
          R"({"event":"subscribe-status","status":"warning","success":[{"symbol":"USD/JPY","type":"PHYSICAL_CURRENCY"}],"fails":[{"symbol":"GBP/USD","message":"not in your plan"}]})"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_THAT(send(R"({"action":"subscribe","params":{"symbols":[{"symbol":"X"}]}})").frames.at(0),
              HasSubstr(R"("status":"error","success":[],"fails":[{"symbol":"X")"));
  EXPECT_THAT(send(R"({"action":"heartbeat"})").frames, ElementsAre(R"({"event":"heartbeat","status":"ok"})"));
  EXPECT_THAT(send(R"({"action":"unsubscribe","params":{"symbols":"USD/JPY"}})").frames.at(0),
              HasSubstr(R"({"event":"unsubscribe-status","status":"ok")"));
  EXPECT_FALSE(server_->wants("USDJPY"));
  send(R"({"action":"subscribe","params":{"symbols":["USD/JPY"]}})");
  EXPECT_THAT(send(R"({"action":"reset"})").frames, ElementsAre(R"({"event":"reset-status","status":"ok"})"));
  EXPECT_FALSE(server_->wants("USDJPY"));
  for (const auto* bad : {"", "x", "{}", R"({"action":"subscribe"})", R"({"action":5})"})
    EXPECT_THAT(send(bad).frames.at(0), HasSubstr("Cant parse message")) << bad;
}

TEST_F(KeyedServerSpec, TwelveDataClosesTheOldestOfFour) {
  use("twelvedata");
  const std::unique_ptr<VendorServer> four[] = {connect(), connect(), connect(), connect()};
  for (int i = 0; i < 3; ++i) open(*four[i], "/?apikey=a");
  EXPECT_THAT(shared_.evictions, IsEmpty());
  EXPECT_EQ(open(*four[3], "/?apikey=a").close, std::nullopt);
  ASSERT_THAT(shared_.evictions, SizeIs(1));
  EXPECT_EQ(shared_.evictions[0].who, four[0].get());
  EXPECT_NE(shared_.evictions[0].last_words.close, std::nullopt);
}

TEST_F(KeyedServerSpec, TwelveDataHasPricesAndQuotesByTheSecond) {
  use("twelvedata");
  EXPECT_EQ(
      round_trip(kQuote),
      R"({"ticks":[{"symbol":"USD/JPY","price":"157.1215","bid":"157.12","ask":"157.123","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(round_trip(kIndex),
            R"({"ticks":[{"symbol":"NI225","price":"57001.23","ts_ms":1770595200000}],"error":null})");
}

TEST_F(KeyedServerSpec, MassiveGreetsAuthenticatesAndSubscribes) {
  use("massive");
  shared_.key = "right";
  EXPECT_THAT(open("/forex").frames,
              ElementsAre(R"([{"ev":"status","status":"connected","message":"Connected Successfully"}])"));
  EXPECT_THAT(send(R"({"action":"subscribe","params":"C.USD-JPY"})").frames.at(0), HasSubstr("not authenticated"));
  EXPECT_FALSE(server_->wants("USDJPY"));
  EXPECT_THAT(send(R"({"action":"auth","params":"right"})").frames,
              ElementsAre(R"([{"ev":"status","status":"auth_success","message":"authenticated"}])"));
  EXPECT_THAT(send(R"({"action":"subscribe","params":"C.USD/JPY,C.EUR-USD"})").frames,
              ElementsAre(R"([{"ev":"status","status":"success","message":"subscribed to: C.USD/JPY"}])",
                          R"([{"ev":"status","status":"success","message":"subscribed to: C.EUR-USD"}])"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"USD/JPY","bid":"157.12","ask":"157.123")"));
  EXPECT_EQ(round_trip(kPrice), one_tick(R"("symbol":"USD/JPY","bid":"157.125","ask":"157.125")"));
  EXPECT_EQ(round_trip(kIndex), "cannot");
  send(R"({"action":"unsubscribe","params":"C.USD-JPY"})");
  EXPECT_FALSE(server_->wants("USDJPY"));
  send(R"({"action":"subscribe","params":"C.*,T.NI225"})");
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_EQ(round_trip(kIndex), one_tick(R"("symbol":"NI225","price":"57001.23")"));
  EXPECT_EQ(timer(1h).close, std::nullopt);
}

TEST_F(KeyedServerSpec, MassiveEndsConnectionsWithoutOrWithAWrongKey) {
  use("massive");
  shared_.key = "right";
  open("/forex");
  EXPECT_EQ(timer(9s).close, std::nullopt);
  const auto late = timer(10s);
  EXPECT_EQ(late.close, 1008);
  EXPECT_THAT(late.frames.at(0), HasSubstr("No authentication request received."));
  const auto wrong = send(R"({"action":"auth","params":"wrong"})");
  EXPECT_EQ(wrong.close, 1008);
  EXPECT_THAT(wrong.frames.at(0), HasSubstr("auth_failed"));
}

TEST_F(KeyedServerSpec, MassiveThrowsOutTheOlderOfAClusterAndKey) {
  use("massive");
  const auto auth = [&](VendorServer& server, const char* path, const char* key) {
    open(server, path);
    server.on_frame({R"({"action":"auth","params":")" + std::string{key} + "\"}"}, MonoTime{});
  };
  const auto futures = connect(), other_key = connect(), newer = connect();
  auth(*server_, "/forex", "a");
  auth(*futures, "/futures", "a");
  auth(*other_key, "/forex", "b");
  EXPECT_THAT(shared_.evictions, IsEmpty());
  auth(*newer, "/forex?x=1", "a");
  ASSERT_THAT(shared_.evictions, SizeIs(1));
  EXPECT_EQ(shared_.evictions[0].who, server_.get());
  EXPECT_EQ(shared_.evictions[0].last_words.close, 1008);
  EXPECT_THAT(shared_.evictions[0].last_words.frames.at(0), HasSubstr("max_connections"));
}

TEST_F(KeyedServerSpec, TiingoLooksAtTheTokenOfEachCommand) {
  use("tiingo");
  shared_.key = "right";
  open("/fx");
  EXPECT_THAT(send(R"({"eventName":"subscribe","authorization":"wrong","eventData":{"tickers":["usdjpy"]}})").frames,
              ElementsAre(R"({"messageType":"E","response":{"code":401,"message":"Not authorized"}})"));
  EXPECT_THAT(
      send(R"({"eventName":"subscribe","authorization":"right","eventData":{"tickers":["USDJPY"]}})").frames.at(0),
      HasSubstr(R"({"messageType":"I","response":{"code":200,"message":"Success"},"data":{"subscriptionId":)"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"usdjpy","bid":"157.12","ask":"157.123")"));
  EXPECT_EQ(round_trip(kIndex), "cannot");
  EXPECT_THAT(timer(30s).frames, ElementsAre(R"({"messageType":"H","response":{"code":200,"message":"HeartBeat"}})"));
  send(R"({"eventName":"unsubscribe","authorization":"right","eventData":{"tickers":["usdjpy"]}})");
  EXPECT_FALSE(server_->wants("USDJPY"));
  send(R"({"eventName":"subscribe","authorization":"right","eventData":{"thresholdLevel":5}})");
  EXPECT_TRUE(server_->wants("EURUSD"));  // no tickers: all
}

TEST_F(KeyedServerSpec, EodhdHangsUpOnACommandThatComesTooEarly) {
  use("eodhd");
  EXPECT_THAT(open("/ws/forex?api_token=a").frames, IsEmpty());
  const auto early = send(R"({"action":"subscribe","symbols":"USDJPY"})");
  EXPECT_THAT(early.frames, ElementsAre(R"({"status":500,"message":"Server error"})"));
  EXPECT_EQ(early.close, kNoStatus);
  server_ = connect();
  open("/ws/forex?api_token=a");
  EXPECT_THAT(timer(0s).frames, ElementsAre(R"({"status_code":200,"message":"Authorized"})"));
  EXPECT_THAT(timer(1s).frames, IsEmpty());
  EXPECT_THAT(send(R"({"action":"subscribe","symbols":"USDJPY,EURUSD"})").frames, IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"USDJPY","bid":"157.12","ask":"157.123")"));
  EXPECT_EQ(round_trip(kIndex), "cannot");
  std::string many = "X0";
  for (int i = 1; i < 49; ++i) many += ",X" + std::to_string(i);
  EXPECT_THAT(send(R"({"action":"subscribe","symbols":")" + many + "\"}").frames,
              ElementsAre(R"({"status_code":422,"message":"Symbols limit reached"})"));
}

TEST_F(KeyedServerSpec, AllTickAcknowledgesAndCutsAfterThirtySilentSeconds) {
  use("alltick");
  shared_.offered = {"USDJPY"};
  EXPECT_THAT(open("/quote-b-ws-api?token=a").frames, IsEmpty());
  EXPECT_THAT(send(R"({"cmd_id":22004,"seq_id":7,"trace":"t","data":{"symbol_list":[{"code":"USDJPY"}]}})").frames,
              ElementsAre(R"({"ret":200,"msg":"ok","cmd_id":22005,"seq_id":7,"trace":"t","data":{}})"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_THAT(send(R"({"cmd_id":22004,"seq_id":8,"trace":"t","data":{"symbol_list":[{"code":"X"}]}})").frames.at(0),
              HasSubstr(R"({"ret":600,"msg":"code invalid")"));
  EXPECT_THAT(send("{").frames.at(0), HasSubstr(R"("ret":400)"));
  EXPECT_EQ(timer(29s).close, std::nullopt);
  EXPECT_THAT(send(R"({"cmd_id":22000,"seq_id":9,"trace":"t","data":{}})", 20s).frames.at(0),
              HasSubstr(R"("ret":200,"msg":"ok","cmd_id":22001)"));
  EXPECT_EQ(timer(49s).close, std::nullopt);
  EXPECT_EQ(timer(50s).close, kNoStatus);
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"USDJPY","price":"157.1215")"));
}

TEST_F(KeyedServerSpec, TraderMadeGreetsAndTakesKeyAndSymbolsInOneMessage) {
  use("tradermade");
  shared_.key = "right";
  EXPECT_THAT(open("/feedadv").frames, ElementsAre("Connected"));
  EXPECT_THAT(send(R"({"userKey":"right","symbol":"USDJPY,EURUSD"})").frames, IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_EQ(round_trip(kQuote), one_tick(R"("symbol":"USDJPY","bid":"157.12","ask":"157.123")"));
  const auto wrong = send(R"({"userKey":"wrong","symbol":"USDJPY"})");
  EXPECT_THAT(wrong.frames, ElementsAre("Invalid user key"));
  EXPECT_EQ(wrong.close, kNoStatus);
}

TEST_F(KeyedServerSpec, TakesAnyBytes) {
  std::uint64_t state = 42;
  for (const auto vendor : kKeyed) {
    use(vendor);
    open("/?%&=%zz&token");
    for (int round = 0; round < 2'000; ++round) {
      std::string noise;
      for (int i = 0; i < round % 60; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        noise += round % 2 == 0 ? static_cast<char>(state >> 56)
                                : R"({}[]":,0123456789.eE-+tfnul\action)"[(state >> 40) % 34];
      }
      send(noise);
    }
  }
}

TEST_F(KeyedServerSpec, AMissingKeyIsAWrongOne) {
  for (const auto* vendor : {"finnhub", "twelvedata", "eodhd", "alltick"}) {
    use(vendor);
    shared_.key.clear();
    const auto reply = open("/");
    EXPECT_THAT(reply.frames, SizeIs(1)) << vendor;
    EXPECT_NE(reply.close, std::nullopt) << vendor;
    Decoded out;
    codec_of(vendor)->decode({reply.frames.at(0)}, out);
    EXPECT_EQ(out.refusal, Refusal::kAuth) << vendor;
  }
}

}  // namespace
}  // namespace yagura::feeds
