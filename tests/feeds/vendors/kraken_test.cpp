#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

class KrakenSpec : public VendorSpec {
 protected:
  KrakenSpec() : VendorSpec("kraken") {}
  static std::string ticker(std::string_view list) {
    return R"({"channel":"ticker","type":"update","data":[)" + std::string{list} + "]}";
  }
};

constexpr auto kSubscribe =
    R"({"method":"subscribe","params":{"channel":"ticker","symbol":["USD/JPY"],"event_trigger":"bbo"},"req_id":1})";

TEST_F(KrakenSpec, SubscribesAllSymbolsAtOnce) {
  const std::vector<std::string> symbols{"USD/JPY"};
  EXPECT_THAT(codec_->on_open(symbols), ElementsAre(kSubscribe));
  EXPECT_THAT(codec_->unsubscribe(symbols), ElementsAre(StartsWith(R"({"method":"unsubscribe","params":{)")));
  EXPECT_EQ(vendor_.vendor_symbol("USDJPY"), "USD/JPY");
}

TEST_F(KrakenSpec, ReadsTickersAndDropsOnlyTheBadOnes) {
  EXPECT_EQ(
      read(ticker(R"({"symbol":"USD/JPY","bid":157.120,"ask":"157.123","last":1.571e2,"volume":0})")),
      R"({"ticks":[{"symbol":"USD/JPY","price":"157.1","bid":"157.12","ask":"157.123","ts_ms":null}],"error":null})");
  EXPECT_EQ(read(ticker(R"({"symbol":"A","bid":null,"ask":2,"last":0,"timestamp":"2026-02-09T00:00:00Z"})")),
            R"({"ticks":[{"symbol":"A","ask":"2","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(read(ticker(R"({"symbol":"A","bid":null,"ask":0})")), kNothing);
  EXPECT_EQ(decode(ticker(R"({"symbol":"A","bid":"x"},7,{"symbol":"B","bid":1},{"bid":1})")).ticks.size(), 1U);
  EXPECT_EQ(decoded_.ticks[0].symbol, "B");
  EXPECT_THAT(decoded_.error, Not(IsEmpty()));
}

TEST_F(KrakenSpec, ANumberBeyond64BitsDoesNoHarm) {
  expect_nothing({R"({"channel":"status","data":[{"connection_id":13834774380200032777}]})",
                  R"({"channel":"status","data":[{"connection_id":99999999999999999999999999999999}]})"});
}

TEST_F(KrakenSpec, KnowsItsOtherMessages) {
  expect_nothing({R"({"channel":"heartbeat"})", R"({"channel":"trade","type":"update","data":[]})",
                  R"({"method":"pong","req_id":42})", R"({"method":"unsubscribe","success":true})"});
  EXPECT_TRUE(decode(R"({"method":"subscribe","result":{"channel":"ticker"},"success":true})").subscribed);
  EXPECT_EQ(decode(R"({"error":"Currency pair not supported A","method":"subscribe","success":false})").error,
            "vendor error: Currency pair not supported A");
  EXPECT_EQ(decoded_.refusal, Refusal::kNone);
  EXPECT_FALSE(decoded_.subscribed);
}

TEST_F(KrakenSpec, ReportsMalformedFrames) {
  expect_errors({"", "{}", "[]", R"({"channel":5})", R"({"channel":"ticker"})", R"({"channel":"ticker","data":{}})",
                 ticker(R"({"symbol":"A","bid":1,"timestamp":"noon"})"),
                 ticker(R"({"symbol":"A","bid":1,"timestamp":1})"), ticker(R"({"symbol":"A","bid":NaN})"),
                 ticker(R"({"symbol":"A","bid":1})").substr(1)});
}

TEST_F(KrakenSpec, TheServerAcknowledgesEachSymbol) {
  EXPECT_THAT(server_->on_open(MonoTime{}).frames, ElementsAre(HasSubstr(R"("connection_id":13834774380200032777)")));
  EXPECT_THAT(server_->on_timer(MonoTime{}, kTime).frames, IsEmpty());
  EXPECT_THAT(
      send(kSubscribe),
      ElementsAre(
          R"({"method":"subscribe","result":{"channel":"ticker","symbol":"USD/JPY","event_trigger":"bbo","snapshot":true},"success":true,"req_id":1})"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_THAT(server_->on_timer(MonoTime{}, kTime).frames, ElementsAre(R"({"channel":"heartbeat"})"));
  EXPECT_THAT(send(kSubscribe), ElementsAre(HasSubstr("Already subscribed")));
  send(R"({"method":"unsubscribe","params":{"channel":"ticker","symbol":["USD/JPY"]}})");
  EXPECT_FALSE(server_->wants("USDJPY"));
}

TEST_F(KrakenSpec, TheServerWritesASnapshotThenUpdates) {
  const auto tick =
      R"({"ticks":[{"symbol":"USD/JPY","price":"157.1215","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})";
  EXPECT_THAT(encode(kQuote), StartsWith(R"({"channel":"ticker","type":"snapshot","data":[{"symbol":"USD/JPY",)"));
  EXPECT_THAT(encode(kQuote), HasSubstr(R"("type":"update")"));
  EXPECT_EQ(round_trip(kQuote), tick);
}

TEST_F(KrakenSpec, TheServerPongsAndRefuses) {
  EXPECT_THAT(send(R"({"method":"ping","req_id":42})"), ElementsAre(R"({"method":"pong","req_id":42})"));
  EXPECT_THAT(send(R"({"method":"ping"})"), ElementsAre(R"({"method":"pong"})"));
  shared_.offered = {"EURUSD"};
  for (const auto* frame :
       {"", "hello", "[]", "{}", kSubscribe,
        R"({"method":"subscribe","params":{"channel":"book","symbol":["EUR/USD"]}})",
        R"({"method":"subscribe","params":{"channel":"ticker","symbol":"EUR/USD"}})",
        R"({"method":"subscribe","params":{"channel":"ticker","symbol":[7]}})", R"({"method":"buy"})"}) {
    ASSERT_EQ(send(frame).size(), 1U) << frame;
    EXPECT_THAT(read(send(frame)[0]), HasSubstr("vendor error: ")) << frame;
  }
}

}  // namespace
}  // namespace yagura::feeds
