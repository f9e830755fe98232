// What vendors with a key hear from us, and in which order.
#include <gmock/gmock.h>

#include "tests/feeds/keyed_fixture.hpp"

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string target_of(std::string_view vendor, std::string target, std::string token = kKey) {
  Handshake handshake{std::move(target), {}};
  codec_of(vendor, std::move(token))->handshake(handshake);
  return handshake.target;
}

// What is sent in answer to a frame.
std::vector<std::string> replies(Codec& codec, std::string_view frame) {
  Decoded out;
  codec.decode({frame}, out);
  EXPECT_EQ(out.error, "") << frame;
  return out.replies;
}

bool confirms(Codec& codec, std::string_view frame) {
  Decoded out;
  codec.decode({frame}, out);
  return out.subscribed;
}

TEST(KeyInAddressSpec, IsAddedToTheConfiguredAddress) {
  EXPECT_EQ(target_of("finnhub", "/"), "/?token=k3y-of-the-desk");
  EXPECT_EQ(target_of("twelvedata", "/v1/quotes/price"), "/v1/quotes/price?apikey=k3y-of-the-desk");
  EXPECT_EQ(target_of("eodhd", "/ws/forex"), "/ws/forex?api_token=k3y-of-the-desk");
  EXPECT_EQ(target_of("alltick", "/quote-b-ws-api?x=1"), "/quote-b-ws-api?x=1&token=k3y-of-the-desk");
  EXPECT_EQ(target_of("finnhub", "/?"), "/?token=k3y-of-the-desk");
  EXPECT_EQ(target_of("finnhub", "/?a=1&"), "/?a=1&token=k3y-of-the-desk");
}

TEST(KeyInAddressSpec, IsNotAddedTwice) {
  EXPECT_EQ(target_of("finnhub", "/?token=mine"), "/?token=mine");
  EXPECT_EQ(target_of("eodhd", "/ws/forex?a=b&api_token=demo"), "/ws/forex?a=b&api_token=demo");
  EXPECT_EQ(target_of("finnhub", "/?mytoken=1"), "/?mytoken=1&token=k3y-of-the-desk");
  EXPECT_EQ(target_of("finnhub", "/token=1"), "/token=1?token=k3y-of-the-desk");
}

TEST(KeyInAddressSpec, FillsAPlaceThatTheAddressLeavesOpen) {
  EXPECT_EQ(target_of("finnhub", "/?token="), "/?token=k3y-of-the-desk");
  EXPECT_EQ(target_of("finnhub", "/?token=&a=1"), "/?token=k3y-of-the-desk&a=1");
  EXPECT_EQ(target_of("finnhub", "/?a=1", ""), "/?a=1");
}

TEST(KeyInAddressSpec, IsWrittenSoThatItArrivesWhole) {
  EXPECT_EQ(target_of("finnhub", "/", "a+b/c=&d %é~"), "/?token=a%2Bb%2Fc%3D%26d%20%25%C3%A9~");
  EXPECT_THAT(codec_of("finnhub", "a b")->session_secrets(), ElementsAre("a%20b"));  // this form is a secret too
  EXPECT_THAT(codec_of("finnhub")->session_secrets(), IsEmpty());
}

TEST(KeyInAddressSpec, StaysOutOfTheAddressesOfOtherVendors) {
  for (const auto* vendor : {"massive", "tiingo", "capitalcom", "tradermade"}) EXPECT_EQ(target_of(vendor, "/x"), "/x");
}

TEST(FinnhubSpec, SubscribesOneSymbolAMessage) {
  const auto codec = codec_of("finnhub");
  const std::vector<std::string> symbols{"OANDA:USD_JPY", "OANDA:EUR_JPY"};
  EXPECT_THAT(codec->on_open(symbols), ElementsAre(R"({"type":"subscribe","symbol":"OANDA:USD_JPY"})",
                                                   R"({"type":"subscribe","symbol":"OANDA:EUR_JPY"})"));
  EXPECT_THAT(codec->unsubscribe(symbols), ElementsAre(R"({"type":"unsubscribe","symbol":"OANDA:USD_JPY"})",
                                                       R"({"type":"unsubscribe","symbol":"OANDA:EUR_JPY"})"));
  EXPECT_THAT(replies(*codec, R"({"type":"ping"})"), IsEmpty());
  EXPECT_EQ(codec->keep_alive_every(), 0s);
  EXPECT_EQ(find_vendor("finnhub")->silence, 150s);
}

TEST(TwelveDataSpec, SubscribesAllAtOnceAndSendsHeartbeats) {
  const auto codec = codec_of("twelvedata");
  const std::vector<std::string> symbols{"USD/JPY", "EUR/USD"};
  EXPECT_THAT(codec->on_open(symbols), ElementsAre(R"({"action":"subscribe","params":{"symbols":"USD/JPY,EUR/USD"}})"));
  EXPECT_THAT(codec->unsubscribe(symbols),
              ElementsAre(R"({"action":"unsubscribe","params":{"symbols":"USD/JPY,EUR/USD"}})"));
  EXPECT_EQ(codec->keep_alive(), R"({"action":"heartbeat"})");
  EXPECT_EQ(codec->keep_alive_every(), 10s);
  EXPECT_TRUE(
      confirms(*codec, R"({"event":"subscribe-status","status":"ok","success":[{"symbol":"USD/JPY"}],"fails":null})"));
}

TEST(MassiveSpec, AuthenticatesThenSubscribesEachAfterTheVendorsWord) {
  const auto codec = codec_of("massive");
  const std::vector<std::string> symbols{"USD/JPY", "NKDZ6"};
  for (int connection = 0; connection < 2; ++connection) {
    EXPECT_THAT(codec->on_open(symbols), IsEmpty());
    EXPECT_THAT(codec->unsubscribe(symbols), IsEmpty());
    EXPECT_THAT(replies(*codec, R"([{"ev":"status","status":"auth_success","message":"too early"}])"), IsEmpty());
    EXPECT_THAT(replies(*codec, R"([{"ev":"status","status":"connected","message":"Connected Successfully"}])"),
                ElementsAre(R"({"action":"auth","params":"k3y-of-the-desk"})"));
    EXPECT_THAT(replies(*codec, R"({"ev":"status","status":"connected"})"), IsEmpty());  // the key is shown once
    EXPECT_THAT(replies(*codec, R"([{"ev":"status","status":"auth_success","message":"authenticated"}])"),
                ElementsAre(R"({"action":"subscribe","params":"C.USD-JPY,Q.NKDZ6,T.NKDZ6"})"));
    EXPECT_THAT(replies(*codec, R"([{"ev":"status","status":"auth_success"}])"), IsEmpty());
    EXPECT_TRUE(confirms(*codec, R"([{"ev":"status","status":"success","message":"subscribed to: C.USD-JPY"}])"));
  }
  EXPECT_THAT(codec->unsubscribe(symbols),
              ElementsAre(R"({"action":"unsubscribe","params":"C.USD-JPY,Q.NKDZ6,T.NKDZ6"})"));
}

TEST(TiingoSpec, SendsItsTokenWithTheSubscription) {
  const auto codec = codec_of("tiingo");
  const std::vector<std::string> symbols{"USDJPY", "eurusd"};
  EXPECT_THAT(
      codec->on_open(symbols),
      ElementsAre(
          R"({"eventName":"subscribe","authorization":"k3y-of-the-desk","eventData":{"thresholdLevel":5,"tickers":["usdjpy","eurusd"]}})"));
  EXPECT_TRUE(confirms(
      *codec,
      R"({"messageType":"I","response":{"code":200,"message":"Success"},"data":{"subscriptionId":77,"thresholdLevel":"5"}})"));
  EXPECT_THAT(
      codec->unsubscribe(symbols),
      ElementsAre(
          R"({"eventName":"unsubscribe","authorization":"k3y-of-the-desk","eventData":{"subscriptionId":77,"tickers":["usdjpy","eurusd"]}})"));
}

TEST(EodhdSpec, SaysNothingBeforeItIsAuthorized) {
  const auto codec = codec_of("eodhd");
  const std::vector<std::string> symbols{"USDJPY", "EURUSD"};
  for (int connection = 0; connection < 2; ++connection) {
    EXPECT_THAT(codec->on_open(symbols), IsEmpty());
    EXPECT_THAT(codec->unsubscribe(symbols), IsEmpty());
    EXPECT_THAT(replies(*codec, R"({"status_code":200,"message":"Authorized"})"),
                ElementsAre(R"({"action":"subscribe","symbols":"USDJPY,EURUSD"})"));
    EXPECT_THAT(replies(*codec, R"({"status_code":200,"message":"Authorized"})"), IsEmpty());
    EXPECT_THAT(codec->unsubscribe(symbols), ElementsAre(R"({"action":"unsubscribe","symbols":"USDJPY,EURUSD"})"));
  }
}

TEST(CapitalComSpec, LogsInAndPutsBothTokensIntoEachMessage) {
  const auto codec = codec_of("capitalcom");
  const std::vector<std::string> symbols{"J225", "USDJPY"};
  for (const std::string round : {"1", "2"}) {  // each connection logs in anew
    codec->begin(symbols);
    const auto call = codec->next_call();
    ASSERT_TRUE(call);
    EXPECT_EQ(call->method + " " + call->target, "POST /api/v1/session");
    EXPECT_EQ(find_header(call->headers, "X-CAP-API-KEY"), kKey);
    EXPECT_EQ(call->body, R"({"identifier":"desk@example.com","password":"pass-w0rd"})");
    ASSERT_TRUE(codec->on_answer({200, {{"cst", "cst-" + round}, {"x-security-token", "xst-" + round}}, "{}"}));
    EXPECT_FALSE(codec->next_call());
    EXPECT_THAT(codec->session_secrets(), ElementsAre("cst-" + round, "xst-" + round));
    EXPECT_THAT(codec->on_open(symbols),
                ElementsAre(R"({"destination":"marketData.subscribe","correlationId":"1","cst":"cst-)" + round +
                            R"(","securityToken":"xst-)" + round + R"(","payload":{"epics":["J225","USDJPY"]}})"));
    EXPECT_EQ(codec->keep_alive(), R"({"destination":"ping","correlationId":"2","cst":"cst-)" + round +
                                       R"(","securityToken":"xst-)" + round + R"("})");
  }
  EXPECT_GE(codec->keep_alive_every(), 5s);
  EXPECT_LT(codec->keep_alive_every(), 60s);  // or a quiet market looks like a dead connection
  EXPECT_THAT(codec->unsubscribe(symbols).at(0), HasSubstr(R"("destination":"marketData.unsubscribe")"));
}

TEST(CapitalComSpec, AnAnswerWithoutTokensIsAFailedLogIn) {
  const auto codec = codec_of("capitalcom");
  codec->begin({});
  for (const HttpHeaders& headers : {HttpHeaders{}, {{"CST", "a"}}, {{"X-SECURITY-TOKEN", "b"}}}) {
    const auto taken = codec->on_answer({200, headers, "{}"});
    ASSERT_FALSE(taken);
    EXPECT_THAT(taken.error().message, HasSubstr("CST and X-SECURITY-TOKEN"));
    EXPECT_TRUE(codec->next_call());
  }
}

TEST(CapitalComSpec, HearsWhichEpicsWereTaken) {
  const auto codec = codec_of("capitalcom");
  Decoded out;
  codec->decode(
      {R"({"status":"OK","destination":"marketData.subscribe","payload":{"subscriptions":{"J225":"PROCESSED","X":"ERROR_EPIC"}}})"},
      out);
  EXPECT_TRUE(out.subscribed);
  EXPECT_EQ(out.error, "vendor error: not subscribed: X (ERROR_EPIC)");
  EXPECT_EQ(out.refusal, Refusal::kNone);
}

TEST(AllTickSpec, NumbersItsCommandsAndSendsHeartbeats) {
  const auto codec = codec_of("alltick");
  const std::vector<std::string> symbols{"USDJPY", "EURUSD"};
  EXPECT_THAT(
      codec->on_open(symbols),
      ElementsAre(
          R"({"cmd_id":22004,"seq_id":1,"trace":"yagura-1","data":{"symbol_list":[{"code":"USDJPY"},{"code":"EURUSD"}]}})"));
  EXPECT_TRUE(confirms(*codec, R"({"ret":200,"msg":"ok","cmd_id":22005,"seq_id":1,"trace":"yagura-1","data":{}})"));
  EXPECT_EQ(codec->keep_alive(), R"({"cmd_id":22000,"seq_id":2,"trace":"yagura-2","data":{}})");
  EXPECT_EQ(codec->keep_alive_every(), 10s);
}

TEST(TraderMadeSpec, SendsItsKeyAfterTheGreeting) {
  const auto codec = codec_of("tradermade");
  const std::vector<std::string> symbols{"USDJPY", "EURUSD"};
  for (const auto* greeting : {"Connected", R"({"status":"connected","message":"Connected"})"}) {
    EXPECT_THAT(codec->on_open(symbols), IsEmpty());
    EXPECT_THAT(replies(*codec, greeting), ElementsAre(R"({"userKey":"k3y-of-the-desk","symbol":"USDJPY,EURUSD"})"));
    EXPECT_THAT(replies(*codec, greeting), IsEmpty());
  }
}

TEST(KeyedVendorsSpec, NameSymbolsTheirWayAndSayWhatTheyNeed) {
  const std::pair<std::string_view, std::string_view> yen[] = {
      {"finnhub", "OANDA:USD_JPY"}, {"twelvedata", "USD/JPY"}, {"massive", "USD/JPY"}, {"tiingo", "usdjpy"},
      {"eodhd", "USDJPY"},          {"capitalcom", "USDJPY"},  {"alltick", "USDJPY"},  {"tradermade", "USDJPY"}};
  for (const auto& [name, spelling] : yen) {
    const auto* vendor = find_vendor(name);
    ASSERT_NE(vendor, nullptr) << name;
    EXPECT_EQ(vendor->vendor_symbol("USDJPY"), spelling) << name;
    EXPECT_TRUE(vendor->needs.token) << name;
    EXPECT_THAT(vendor->default_url, testing::StartsWith("wss://")) << name;
  }
  EXPECT_EQ(find_vendor("capitalcom")->vendor_symbol("NI225"), "J225");
  EXPECT_TRUE(find_vendor("capitalcom")->needs.user && find_vendor("capitalcom")->needs.password);
}

}  // namespace
}  // namespace yagura::feeds
