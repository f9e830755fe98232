// The vendor's side of a connection, as the replay server plays it.
#include <gmock/gmock.h>

#include "feeds/codec.hpp"
#include "feeds/decode_line.hpp"

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kRateError = R"({"error":"ERR-5003 Request too many."})";

class ServerSpec : public ::testing::Test {
 protected:
  explicit ServerSpec(std::string_view vendor) : vendor_(*find_vendor(vendor)), server_(connect()) {}
  std::unique_ptr<VendorServer> connect() { return vendor_.make_server(shared_); }
  ServerReply send(Duration at, std::string_view frame) { return server_->on_frame({frame}, MonoTime{} + at); }
  std::string encode(const ReplayTick& tick) {
    std::string out;
    return server_->encode(tick, out) ? out : "cannot";
  }
  // What a client of the same vendor reads out of the frame for `tick`.
  std::string round_trip(const ReplayTick& tick) { return decode_line(*vendor_.make_codec(), encode(tick)); }

  const Vendor& vendor_;
  VendorServerShared shared_;
  std::unique_ptr<VendorServer> server_;
};

std::optional<Price> price(const char* text) { return parse_price(text); }
const auto kTime = timestamp_from_ns(1'770'595'200'123'456'789);
const ReplayTick kQuote{"USDJPY", {}, price("157.120"), price("157.123"), kTime, {}};
const ReplayTick kIndex{"NI225", price("57001.23"), {}, {}, kTime, 43};

struct NativeServerSpec : ServerSpec {
  NativeServerSpec() : ServerSpec("native") { server_->on_open(MonoTime{}); }
};

TEST_F(NativeServerSpec, ConfirmsASubscription) {
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_THAT(send(0s, R"({"type":"subscribe","symbols":["NI225","USDJPY"]})").frames,
              ElementsAre(R"({"type":"subscribed","symbols":["NI225","USDJPY"]})"));
  EXPECT_TRUE(server_->wants("NI225"));
  EXPECT_FALSE(server_->wants("EURUSD"));
}

TEST_F(NativeServerSpec, TakesTheKnownSymbolsAndNamesTheOthers) {
  shared_.offered = {"NI225"};
  EXPECT_THAT(send(0s, R"({"type":"subscribe","symbols":["NI225","DAX",7]})").frames,
              ElementsAre(R"({"type":"subscribed","symbols":["NI225"]})",
                          R"({"type":"error","message":"unknown symbols: DAX, something that is no name"})"));
}

TEST_F(NativeServerSpec, AnswersAnyOtherMessageWithAnErrorAndStaysOpen) {
  for (const auto* frame : {"", "hello", "[]", "{}", R"({"type":7})", R"({"type":"buy"})", R"({"type":"subscribe"})",
                            R"({"type":"subscribe","symbols":"NI225"})"}) {
    const auto reply = send(0s, frame);
    ASSERT_EQ(reply.frames.size(), 1U) << frame;
    EXPECT_THAT(reply.frames[0], HasSubstr(R"({"type":"error","message":")"));
    EXPECT_EQ(reply.close, std::nullopt);
  }
}

TEST_F(NativeServerSpec, SendsAHeartbeatAfterFiveSilentSeconds) {
  EXPECT_THAT(server_->on_timer(MonoTime{} + 4s, kTime).frames, IsEmpty());
  EXPECT_THAT(server_->on_timer(MonoTime{} + 5s, kTime).frames,
              ElementsAre(R"({"type":"heartbeat","ts_ns":1770595200123456789})"));
  EXPECT_THAT(server_->on_timer(MonoTime{} + 6s, kTime).frames, IsEmpty());
  encode(kIndex);  // a tick went out: no heartbeat for another five seconds
  EXPECT_THAT(server_->on_timer(MonoTime{} + 10s, kTime).frames, IsEmpty());
  EXPECT_THAT(server_->on_timer(MonoTime{} + 14s, kTime).frames, IsEmpty());
  EXPECT_EQ(server_->on_timer(MonoTime{} + 15s, kTime).frames.size(), 1U);
}

TEST_F(NativeServerSpec, WritesTicksThatItsOwnClientReads) {
  EXPECT_EQ(encode(kIndex),
            R"({"type":"tick","symbol":"NI225","ts_ns":1770595200123456789,"price":"57001.23","seq":43})");
  EXPECT_EQ(encode(kQuote),
            R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.12","ask":"157.123"})");
  EXPECT_EQ(round_trip(kQuote),
            R"({"ticks":[{"symbol":"USDJPY","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})");
}

struct GmoServerSpec : ServerSpec {
  GmoServerSpec() : ServerSpec("gmo") {}
  static constexpr auto kSubscribe = R"({"command":"subscribe","channel":"ticker","symbol":"USD_JPY"})";
};

TEST_F(GmoServerSpec, TakesACommandWithoutAnyAnswer) {
  EXPECT_THAT(send(0s, kSubscribe).frames, IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_THAT(send(1s, R"({"command":"unsubscribe","channel":"ticker","symbol":"USD_JPY"})").frames, IsEmpty());
  EXPECT_FALSE(server_->wants("USDJPY"));
}

TEST_F(GmoServerSpec, RefusesASecondCommandWithinASecondFromTheSameAddress) {
  send(0s, R"({"command":"subscribe","channel":"ticker","symbol":"EUR_JPY"})");
  server_ = connect();  // another connection, the same limit
  EXPECT_THAT(send(999ms, kSubscribe).frames, ElementsAre(kRateError));
  EXPECT_FALSE(server_->wants("USDJPY"));
  EXPECT_THAT(send(1s, kSubscribe).frames, IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
}

TEST_F(GmoServerSpec, AnswersMalformedCommandsWithAnErrorFrame) {
  auto at = 0s;
  for (const auto* frame : {"", "hi", "{}", R"({"command":"subscribe","channel":"ticker","symbol":"^N225"})",
                            R"({"command":"subscribe","channel":"orderbooks","symbol":"USD_JPY"})",
                            R"({"command":"buy","channel":"ticker","symbol":"USD_JPY"})"}) {
    EXPECT_THAT(send(at += 2s, frame).frames, ElementsAre(HasSubstr(R"({"error":"ERR-)"))) << frame;
  }
}

TEST_F(GmoServerSpec, WritesTickersAndLeavesOutWhatItDoesNotTrade) {
  EXPECT_EQ(
      encode(kQuote),
      R"({"symbol":"USD_JPY","ask":"157.123","bid":"157.12","timestamp":"2026-02-09T00:00:00.123456Z","status":"OPEN"})");
  EXPECT_EQ(round_trip(kQuote),
            R"({"ticks":[{"symbol":"USD_JPY","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(encode(kIndex), "cannot");
}

struct YahooServerSpec : ServerSpec {
  YahooServerSpec() : ServerSpec("yahoo") {}
};

TEST_F(YahooServerSpec, AddsAndRemovesSymbolsInSilence) {
  EXPECT_THAT(send(0s, R"({"subscribe":["^N225"]})").frames, IsEmpty());
  EXPECT_THAT(send(0s, R"({"subscribe":["JPY=X"]})").frames, IsEmpty());
  EXPECT_TRUE(server_->wants("NI225"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  send(0s, R"({"unsubscribe":["^N225"]})");
  EXPECT_FALSE(server_->wants("NI225"));
}

TEST_F(YahooServerSpec, IgnoresWhatComesAfterTheHundredthSymbol) {
  std::string list;
  for (int i = 0; i < 100; ++i) list += "\"X" + std::to_string(i) + "\",";
  send(0s, R"({"subscribe":[)" + list + R"("JPY=X"]})");
  EXPECT_FALSE(server_->wants("USDJPY"));
  send(0s, R"({"unsubscribe":["X7"]})");  // frees a place
  send(0s, R"({"subscribe":["X1","JPY=X"]})");
  EXPECT_TRUE(server_->wants("USDJPY"));
}

TEST_F(YahooServerSpec, HangsUpWithoutAStatusOnAMalformedRequest) {
  for (const auto* frame : {"", "hello", "null", "[]", R"({"subscribe":"^N225"})", R"({"subscribe":[null]})",
                            R"({"subscribe":["A",5]})", R"({"sub":["A"]})"}) {
    EXPECT_EQ(send(0s, frame).close, kNoStatus) << frame;
  }
  EXPECT_EQ(send(0s, "{}").close, std::nullopt);
  EXPECT_EQ(send(0s, R"({"subscribe":[]})").close, std::nullopt);
}

TEST_F(YahooServerSpec, WritesTheDialectOfTheRequest) {
  const auto tick = R"({"ticks":[{"symbol":"^N225","price":"57001.23","ts_ms":1770595200123}],"error":null})";
  EXPECT_THAT(encode(kIndex), HasSubstr(R"({"type":"pricing","message":")"));
  EXPECT_EQ(round_trip(kIndex), tick);
  server_->on_request({"/", {}});
  EXPECT_EQ(encode(kIndex).find('{'), std::string::npos);
  EXPECT_EQ(round_trip(kIndex), tick);
  server_->on_request({"/?version=2", {}});
  EXPECT_EQ(encode(kIndex).find('{'), 0U);
}

TEST_F(YahooServerSpec, HasOnePriceWhereOthersHaveAQuote) {
  EXPECT_EQ(round_trip(kQuote),
            R"({"ticks":[{"symbol":"JPY=X","price":"157.1215","ts_ms":1770595200123}],"error":null})");
}

TEST(VendorsSpec, NamesSymbolsTheWayTheVendorDoes) {
  EXPECT_EQ(find_vendor("gmo")->vendor_symbol("USDJPY"), "USD_JPY");
  EXPECT_EQ(find_vendor("yahoo")->vendor_symbol("USDJPY"), "JPY=X");
  EXPECT_EQ(find_vendor("yahoo")->vendor_symbol("EURUSD"), "EURUSD=X");
  EXPECT_EQ(find_vendor("yahoo")->vendor_symbol("NI225"), "^N225");
  EXPECT_EQ(find_vendor("native")->vendor_symbol("NI225"), "NI225");
  EXPECT_EQ(find_vendor("bloomberg"), nullptr);
}

}  // namespace
}  // namespace yagura::feeds
