#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

class HyperliquidSpec : public VendorSpec {
 protected:
  HyperliquidSpec() : VendorSpec("hyperliquid") { server_->on_open(MonoTime{}); }
  static std::string bbo(std::string_view sides) {
    return R"({"channel":"bbo","data":{"coin":"xyz:JPY","time":1770595200123,"bbo":)" + std::string{sides} + "}}";
  }
  static std::string trade(int id, std::string_view price = R"("157.1")") {
    return R"({"coin":"xyz:JPY","side":"A","px":)" + std::string{price} + R"(,"sz":"1","time":1770595200123,"tid":)" +
           std::to_string(id) + "}";
  }
  static std::string trades(std::string_view list) {
    return R"({"channel":"trades","data":[)" + std::string{list} + "]}";
  }
};

constexpr auto kSubscribe = R"({"method":"subscribe","subscription":{"type":"bbo","coin":"xyz:JPY"}})";
constexpr auto kUnsubscribe = R"({"method":"unsubscribe","subscription":{"type":"bbo","coin":"xyz:JPY"}})";

TEST_F(HyperliquidSpec, SubscribesTheBestBidAndOfferOfEachCoin) {
  const std::vector<std::string> symbols{"xyz:JPY", "xyz:JP225"};
  EXPECT_THAT(codec_->on_open(symbols),
              ElementsAre(kSubscribe, R"({"method":"subscribe","subscription":{"type":"bbo","coin":"xyz:JP225"}})"));
  EXPECT_EQ(codec_->unsubscribe(symbols).at(0), kUnsubscribe);
  EXPECT_EQ(codec_->keep_alive(), R"({"method":"ping"})");
  EXPECT_LT(codec_->keep_alive_every(), 60s);
  EXPECT_EQ(vendor_.vendor_symbol("USDJPY"), "xyz:JPY");
  EXPECT_EQ(vendor_.vendor_symbol("EURUSD"), "xyz:EUR");
  EXPECT_EQ(vendor_.vendor_symbol("NI225"), "xyz:JP225");
}

TEST_F(HyperliquidSpec, ReadsQuotesOfOneSideOrTwo) {
  EXPECT_EQ(read(bbo(R"([{"px":"157.12","sz":"3.0","n":3},{"px":157.123}])")),
            R"({"ticks":[{"symbol":"xyz:JPY","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(read(bbo(R"([null,{"px":"157.123"}])")),
            R"({"ticks":[{"symbol":"xyz:JPY","ask":"157.123","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(read(bbo("[null,null]")), kNothing);
}

TEST_F(HyperliquidSpec, RefusesQuotesWithoutTheirSides) {
  for (const auto* sides : {"[]", "[null]", "null", "{}", R"([7,null])", R"([[],null])", R"([{"px":"x"},null])"}) {
    expect_error(bbo(sides));
  }
  expect_errors({"", "[]", "{}", R"({"channel":7})", R"({"channel":"bbo"})", R"({"channel":"bbo","data":[]})",
                 R"({"channel":"bbo","data":{"bbo":[null,{"px":"1"}]}})",
                 R"({"channel":"bbo","data":{"coin":"A","time":"now","bbo":[null,{"px":"1"}]}})",
                 R"({"channel":"bbo","data":{"coin":"A","time":99999999999999999,"bbo":[null,{"px":"1"}]}})"});
}

TEST_F(HyperliquidSpec, DropsOnlyTheBadTradesOfAList) {
  const auto& out = decode(trades(trade(1) + "," + trade(2, "null") + "," + trade(3, R"("NaN")") + ",7," + trade(4)));
  EXPECT_EQ(out.ticks.size(), 2U);
  EXPECT_THAT(out.error, Not(IsEmpty()));
  expect_error(R"({"channel":"trades"})");
  EXPECT_EQ(read(trades("")), kNothing);
}

TEST_F(HyperliquidSpec, CountsATradeOnceAlsoWhenANewSubscriptionRepeatsIt) {
  EXPECT_EQ(decode(trades(trade(1) + "," + trade(2) + "," + trade(1))).ticks.size(), 2U);
  codec_->begin({});
  codec_->on_open({});
  EXPECT_EQ(decode(trades(trade(2) + "," + trade(3))).ticks.size(), 1U);
}

TEST_F(HyperliquidSpec, RemembersTheLatestTradesOnly) {
  for (int id = 0; id < 300; ++id) EXPECT_EQ(decode(trades(trade(id))).ticks.size(), 1U);
  EXPECT_EQ(decode(trades(trade(299))).ticks.size(), 0U);
  EXPECT_EQ(decode(trades(trade(44))).ticks.size(), 0U);
  EXPECT_EQ(decode(trades(trade(43))).ticks.size(), 1U);
}

TEST_F(HyperliquidSpec, KnowsItsOtherMessages) {
  expect_nothing({R"({"channel":"pong"})", R"({"channel":"l2Book","data":{}})"});
  EXPECT_TRUE(decode(R"({"channel":"subscriptionResponse","data":{"method":"subscribe"}})").subscribed);
  EXPECT_FALSE(decode(R"({"channel":"subscriptionResponse","data":{"method":"unsubscribe"}})").subscribed);
  EXPECT_EQ(decode(R"({"channel":"error","data":"Invalid subscription"})").error, "vendor error: Invalid subscription");
  EXPECT_EQ(decoded_.refusal, Refusal::kNone);
}

TEST_F(HyperliquidSpec, TheServerAcknowledgesAndQuotes) {
  EXPECT_THAT(
      send(kSubscribe),
      ElementsAre(
          R"({"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{"type":"bbo","coin":"xyz:JPY"}}})"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_EQ(round_trip(kQuote),
            R"({"ticks":[{"symbol":"xyz:JPY","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(
      round_trip(kIndex),
      R"({"ticks":[{"symbol":"xyz:JP225","bid":"57001.23","ask":"57001.23","ts_ms":1770595200123}],"error":null})");
  EXPECT_THAT(send(kSubscribe), ElementsAre(R"({"channel":"error","data":"Already subscribed: xyz:JPY"})"));
  send(kUnsubscribe);
  EXPECT_FALSE(server_->wants("USDJPY"));
  EXPECT_THAT(send(kUnsubscribe), ElementsAre(HasSubstr("Already unsubscribed")));
}

TEST_F(HyperliquidSpec, TheServerSendsTradesToThoseWhoWantThem) {
  send(R"({"method":"subscribe","subscription":{"type":"trades","coin":"xyz:JP225"}})");
  EXPECT_EQ(round_trip(kIndex),
            R"({"ticks":[{"symbol":"xyz:JP225","price":"57001.23","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(decode(encode(kIndex)).ticks.size(), 1U);
  EXPECT_EQ(decode(encode(kIndex)).ticks.size(), 1U);  // another trade, another id
}

TEST_F(HyperliquidSpec, TheServerPongsRefusesAndHangsUpOnTheIdle) {
  EXPECT_THAT(send(R"({"method":"ping"})"), ElementsAre(R"({"channel":"pong"})"));
  shared_.offered = {"NI225"};
  for (const auto* frame : {"", "hello", "[]", "{}", kSubscribe, R"({"method":"subscribe"})",
                            R"({"method":"subscribe","subscription":{"type":"candle","coin":"xyz:JP225"}})"}) {
    EXPECT_THAT(send(frame, 5s), ElementsAre(StartsWith(R"({"channel":"error","data":")"))) << frame;
  }
  EXPECT_EQ(server_->on_timer(MonoTime{} + 64s, kTime).close, std::nullopt);
  EXPECT_NE(server_->on_timer(MonoTime{} + 65s, kTime).close, std::nullopt);
}

}  // namespace
}  // namespace yagura::feeds
