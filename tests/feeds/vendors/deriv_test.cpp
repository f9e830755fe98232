#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

class DerivSpec : public VendorSpec {
 protected:
  DerivSpec() : VendorSpec("deriv") { server_->on_open(MonoTime{}); }
  const std::vector<std::string> symbols_{"frxUSDJPY", "OTC_N225"};
  static std::string refusal(std::string_view code, int request) {
    return R"({"error":{"code":")" + std::string{code} + R"(","message":"No."},"msg_type":"tick","req_id":)" +
           std::to_string(request) + "}";
  }
};

TEST_F(DerivSpec, SubscribesEachSymbolWithANumberAndForgetsThemAll) {
  EXPECT_THAT(codec_->on_open(symbols_), ElementsAre(R"({"ticks":"frxUSDJPY","subscribe":1,"req_id":1})",
                                                     R"({"ticks":"OTC_N225","subscribe":1,"req_id":2})"));
  EXPECT_THAT(codec_->unsubscribe(symbols_), ElementsAre(R"({"forget_all":"ticks"})"));
}

TEST_F(DerivSpec, PingsWellWithinTwoMinutes) {
  EXPECT_EQ(codec_->keep_alive(), R"({"ping":1})");
  EXPECT_EQ(codec_->keep_alive_every(), 30s);
}

TEST_F(DerivSpec, ReadsTicksWithAndWithoutTheOptionalMembers) {
  EXPECT_EQ(read(R"({"msg_type":"tick","tick":{"epoch":1770595200,"quote":157.5,"symbol":"frxUSDJPY"}})"),
            R"({"ticks":[{"symbol":"frxUSDJPY","price":"157.5","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(
      read(R"({"msg_type":"tick","tick":{"ask":null,"bid":0,"epoch":"1770595200","quote":"157.5","symbol":"R_1"}})"),
      R"({"ticks":[{"symbol":"R_1","price":"157.5","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(read(R"({"msg_type":"tick","tick":{"ask":1.2,"bid":1.4,"epoch":null,"quote":0,"symbol":"R_1"}})"),
            R"({"ticks":[{"symbol":"R_1","bid":"1.4","ask":"1.2","ts_ms":null}],"error":null})");
}

TEST_F(DerivSpec, SaysNothingToAnswersWithoutATick) {
  expect_nothing({R"({"msg_type":"ping","ping":"pong"})", R"({"msg_type":"forget_all","forget_all":[]})",
                  R"({"msg_type":"weather"})", R"({"msg_type":"tick","error":null,"tick":{"quote":0,"symbol":"A"}})"});
}

TEST_F(DerivSpec, RefusesTicksThatAreNone) {
  expect_errors({"", "{}", "[]", "null", R"({"msg_type":"tick"})", R"({"msg_type":"tick","tick":[]})",
                 R"({"msg_type":"tick","tick":{"quote":1,"symbol":""}})", R"({"msg_type":"tick","tick":{"quote":1}})",
                 R"({"msg_type":"tick","tick":{"symbol":"A"}})", R"({"msg_type":5,"tick":{"quote":1,"symbol":"A"}})",
                 R"({"msg_type":"tick","tick":{"quote":1,"symbol":"A","epoch":"soon"}})",
                 R"({"msg_type":"tick","tick":{"quote":1,"symbol":"A","epoch":1e308}})",
                 R"({"msg_type":"tick","tick":{"quote":1,"symbol":"A"}})"
                 "x"});
}

TEST_F(DerivSpec, LooksForAnErrorBeforeAnythingElse) {
  const auto& out = decode(
      R"({"error":{"code":"InvalidSymbol","message":"Symbol A is invalid."},"msg_type":"tick","tick":{"quote":1,"symbol":"A"}})");
  EXPECT_EQ(out.error, "vendor error: InvalidSymbol: Symbol A is invalid.");
  EXPECT_EQ(out.refusal, Refusal::kNone);
  EXPECT_THAT(out.ticks, IsEmpty());
}

TEST_F(DerivSpec, ARefusedSymbolLeavesTheConnectionAlone) {
  codec_->on_open(symbols_);
  for (const auto* code : {"MarketIsClosed", "AlreadySubscribed", "InvalidSymbol"}) {
    EXPECT_EQ(decode(refusal(code, 1)).refusal, Refusal::kNone) << code;
    EXPECT_THAT(decoded_.replies, IsEmpty()) << code;
  }
}

TEST_F(DerivSpec, AsksAgainForAClosedMarketWithEachPong) {
  codec_->on_open(symbols_);
  decode(refusal("MarketIsClosed", 1));
  decode(R"({"error":{"code":"MarketIsClosed"},"echo_req":{"ticks":"frxUSDJPY"},"msg_type":"tick"})");
  const auto pong = R"({"msg_type":"ping","ping":"pong"})";
  EXPECT_THAT(decode(pong).replies, ElementsAre(R"({"ticks":"frxUSDJPY","subscribe":1,"req_id":1})"));
  EXPECT_THAT(decode(pong).replies, IsEmpty());  // until it is refused again
}

TEST_F(DerivSpec, ARateLimitSpacesTheCommandsAndRepeatsTheRefusedOne) {
  codec_->on_open(symbols_);
  EXPECT_EQ(codec_->command_spacing(), 0s);
  EXPECT_THAT(decode(refusal("RateLimit", 2)).replies, ElementsAre(R"({"ticks":"OTC_N225","subscribe":1,"req_id":2})"));
  EXPECT_EQ(codec_->command_spacing(), 1s);
  decode(R"({"error":{"code":"RateLimit"},"msg_type":"ticks"})");  // nobody knows which
  EXPECT_THAT(decoded_.replies, IsEmpty());
  EXPECT_EQ(codec_->command_spacing(), 2s);
  for (int i = 0; i < 9; ++i) decode(refusal("RateLimit", 2));
  EXPECT_EQ(codec_->command_spacing(), 30s);
  decode(R"({"msg_type":"ping","ping":"pong"})");
  EXPECT_EQ(codec_->command_spacing(), 0s);
}

TEST_F(DerivSpec, TheServerAnswersASubscriptionWithTicksAlone) {
  EXPECT_THAT(send(R"({"ticks":"frxUSDJPY","subscribe":1,"req_id":1})"), IsEmpty());
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_EQ(
      round_trip(kQuote),
      R"({"ticks":[{"symbol":"frxUSDJPY","price":"157.1215","bid":"157.12","ask":"157.123","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(round_trip(kIndex),
            R"({"ticks":[{"symbol":"OTC_N225","price":"57001.23","ts_ms":1770595200000}],"error":null})");
}

TEST_F(DerivSpec, TheServerRefusesInItsOwnWords) {
  shared_.offered = {"USDJPY"};
  EXPECT_THAT(
      send(R"({"ticks":"OTC_N225","subscribe":1,"req_id":4})"),
      ElementsAre(
          R"({"echo_req":{"ticks":"OTC_N225","subscribe":1,"req_id":4},"error":{"code":"InvalidSymbol","message":"Symbol OTC_N225 is invalid."},"msg_type":"tick","req_id":4})"));
  EXPECT_THAT(send(R"({"ticks":["frxUSDJPY","frxUSDJPY"],"subscribe":1})"),
              ElementsAre(HasSubstr("AlreadySubscribed")));
  for (const auto* frame : {"", "hello", "[]", "{}", R"({"buy":1})", R"({"ticks":7})"}) {
    EXPECT_THAT(send(frame), ElementsAre(HasSubstr(R"("error":{"code":")"))) << frame;
    EXPECT_THAT(read(send(frame).at(0)), HasSubstr("vendor error: ")) << frame;
  }
}

TEST_F(DerivSpec, TheServerPongsAndForgets) {
  EXPECT_THAT(send(R"({"ping":1})"), ElementsAre(R"({"echo_req":{"ping":1},"ping":"pong","msg_type":"ping"})"));
  send(R"({"ticks":["frxUSDJPY","OTC_N225"],"subscribe":1})");
  EXPECT_THAT(send(R"({"forget":"replay-OTC_N225"})"), ElementsAre(HasSubstr(R"("forget":1)")));
  EXPECT_THAT(send(R"({"forget":"replay-OTC_N225"})"), ElementsAre(HasSubstr(R"("forget":0)")));
  EXPECT_FALSE(server_->wants("NI225"));
  EXPECT_THAT(send(R"({"forget_all":"ticks"})"), ElementsAre(HasSubstr(R"("forget_all":["replay-frxUSDJPY"])")));
  EXPECT_FALSE(server_->wants("USDJPY"));
}

TEST_F(DerivSpec, TheServerHangsUpAfterTwoSilentMinutes) {
  EXPECT_EQ(server_->on_timer(MonoTime{} + 119s, kTime).close, std::nullopt);
  send(R"({"ping":1})", 119s);
  EXPECT_EQ(server_->on_timer(MonoTime{} + 238s, kTime).close, std::nullopt);
  EXPECT_NE(server_->on_timer(MonoTime{} + 239s, kTime).close, std::nullopt);
}

}  // namespace
}  // namespace yagura::feeds
