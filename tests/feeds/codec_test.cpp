// What each vendor's frames mean, table by table. Frames are written for this test.
#include "feeds/codec.hpp"

#include <gmock/gmock.h>

#include "feeds/base64.hpp"
#include "feeds/decode_line.hpp"
#include "tests/feeds/yahoo_message.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kNothing = R"({"ticks":[],"error":null})";

class CodecSpec : public ::testing::Test {
 protected:
  explicit CodecSpec(std::string_view vendor) : codec_(find_vendor(vendor)->make_codec()) {}
  std::string read(std::string_view frame) { return decode_line(*codec_, frame); }
  // An error and no tick, whatever its words.
  void expect_error(std::string_view frame) {
    const auto line = read(frame);
    EXPECT_THAT(line, HasSubstr(R"({"ticks":[],"error":")")) << frame;
  }

  std::unique_ptr<Codec> codec_;
};

struct GmoCodecSpec : CodecSpec {
  GmoCodecSpec() : CodecSpec("gmo") {}
  std::string with_bid(std::string_view bid) {
    return std::string{R"({"symbol":"USD_JPY","ask":"157.002","bid":)"}.append(bid).append("}");
  }
};

TEST_F(GmoCodecSpec, SubscribesOneSymbolACommandAndLeavesTimeBetweenThem) {
  const std::vector<std::string> symbols{"USD_JPY", "EUR_JPY"};
  EXPECT_THAT(codec_->on_open(symbols),
              ElementsAre(R"({"command":"subscribe","channel":"ticker","symbol":"USD_JPY"})",
                          R"({"command":"subscribe","channel":"ticker","symbol":"EUR_JPY"})"));
  EXPECT_GT(codec_->command_spacing(), std::chrono::seconds{1});
}

TEST_F(GmoCodecSpec, ReadsAQuoteWhateverTheOrderOfItsMembers) {
  const auto quote =
      R"({"ticks":[{"symbol":"USD_JPY","bid":"157.001","ask":"157.004","ts_ms":1770595200123}],"error":null})";
  EXPECT_EQ(
      read(
          R"({"symbol":"USD_JPY","ask":"157.004","bid":"157.001","timestamp":"2026-02-09T00:00:00.123987Z","status":"OPEN"})"),
      quote);
  EXPECT_EQ(
      read(
          R"({"status":"CLOSE","new":{"a":[1,{}]},"timestamp":"2026-02-09T00:00:00.123Z","bid":157.001,"ask":157.0040,"symbol":"USD_JPY"})"),
      quote);
  EXPECT_EQ(read(" {\n\"symbol\" : \"USD\\u005fJPY\", \"ask\" : 157.004 , \"bid\" : \"157.001\", "
                 "\"timestamp\":\"2026-02-09T00:00:00.123Z\" } \n"),
            quote);
}

TEST_F(GmoCodecSpec, ReadsAnyCountOfFractionDigits) {
  for (const auto* time : {"2026-02-09T00:00:00Z", "2026-02-09T00:00:00.0Z", "2026-02-09T00:00:00.000000Z",
                           "2026-02-09T09:00:00.000999999+09:00"}) {
    EXPECT_THAT(read(std::string{R"({"symbol":"USD_JPY","bid":"1","timestamp":")"} + time + "\"}"),
                HasSubstr(R"("ts_ms":1770595200000)"))
        << time;
  }
}

TEST_F(GmoCodecSpec, KeepsTheNanosecondsOfATime) {
  Decoded out;
  codec_->decode({R"({"symbol":"USD_JPY","bid":"1","timestamp":"2026-02-09T00:00:00.123456789Z"})"}, out);
  ASSERT_EQ(out.ticks.size(), 1U);
  EXPECT_EQ(to_ns(*out.ticks[0].ts), 1'770'595'200'123'456'789);
}

TEST_F(GmoCodecSpec, TakesZeroAndNullForAnAbsentSide) {
  const auto ask_only = R"({"ticks":[{"symbol":"USD_JPY","ask":"157.002","ts_ms":null}],"error":null})";
  for (const auto* bid : {"0", "\"0.000\"", "null", "-0", "1e-30"}) EXPECT_EQ(read(with_bid(bid)), ask_only) << bid;
  EXPECT_EQ(read(R"({"symbol":"USD_JPY","bid":0,"ask":null})"), kNothing);
  EXPECT_EQ(read(R"({"symbol":"USD_JPY","status":"CLOSE"})"), kNothing);
}

TEST_F(GmoCodecSpec, RefusesASideThatIsNoPrice) {
  for (const auto* bid :
       {"\"abc\"", "\"\"", "\"NaN\"", "\"Infinity\"", "\"1,234.5\"", "\"1.2.3\"", "\"0x10\"", "1e308", "\"1e308\"",
        "true", "[157]", "{\"v\":157}", "\"157 157\"", "99999999999999999999", "\".\"", "\"-\""}) {
    expect_error(with_bid(bid));
  }
}

TEST_F(GmoCodecSpec, PassesNegativeAndVeryPrecisePricesOn) {
  EXPECT_THAT(read(with_bid("-157.001")), HasSubstr(R"("bid":"-157.001")"));
  EXPECT_THAT(read(with_bid("157.00000000050")), HasSubstr(R"("bid":"157.000000001")"));
  EXPECT_THAT(read(with_bid("1.57001e2")), HasSubstr(R"("bid":"157.001")"));
}

TEST_F(GmoCodecSpec, ReportsVendorErrorsAndMalformedFrames) {
  EXPECT_EQ(read(R"({"error":"ERR-5003 Request too many."})"),
            R"({"ticks":[],"error":"vendor error: ERR-5003 Request too many."})");
  for (const auto* frame : {"",
                            " ",
                            "x",
                            "null",
                            "[]",
                            "42",
                            "\"USD_JPY\"",
                            "{",
                            "}",
                            "{}}",
                            R"({"bid":"1","ask":"2"})",
                            R"({"symbol":"","bid":"1"})",
                            R"({"symbol":7,"bid":"1"})",
                            R"({"symbol":"USD_JPY","bid":"1"}x)",
                            R"({"symbol":"USD_JPY","bid":"1"}{})",
                            R"({"symbol":"USD_JPY" "bid":"1"})",
                            R"({"symbol":"USD_JPY","bid":"1",})",
                            R"({"symbol":"USD_JPY","bid":NaN})",
                            R"({"symbol":"USD_JPY","bid":01})",
                            R"({"symbol":"USD_JPY","bid":"1","x":nul})",
                            R"({"symbol":"USD_JPY","bid":"1","x":[1,})",
                            R"({"symbol":"USD_JPY","bid":"1","x":"\q"})",
                            R"({"symbol":"USD_JPY","bid":"1","x":1.})",
                            "{\"symbol\":\"USD_JPY\",\"bid\":\"1\",\"x\":\"\xff\"}",
                            R"({"symbol":"USD_JPY","bid":"1","timestamp":"2026-02-30T00:00:00Z"})",
                            R"({"symbol":"USD_JPY","bid":"1","timestamp":"2026-02-09 00:00"})",
                            R"({"symbol":"USD_JPY","bid":"1","timestamp":1770595200})",
                            R"({"symbol":"USD_JPY","bid":"1","timestamp":""})"}) {
    expect_error(frame);
  }
}

TEST_F(GmoCodecSpec, SurvivesTenThousandOpenBrackets) {
  expect_error(R"({"symbol":"USD_JPY","bid":"1","x":)" + std::string(10'000, '['));
  expect_error(R"({"symbol":"USD_JPY","bid":"1","x":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}");
  expect_error(std::string(10'000, '{'));
}

TEST_F(GmoCodecSpec, SaysNothingToItsOwnCommands) {
  EXPECT_EQ(read(R"({"command":"subscribe","channel":"ticker","symbol":"USD_JPY"})"), kNothing);
}

struct NativeCodecSpec : CodecSpec {
  NativeCodecSpec() : CodecSpec("native") {}
};

TEST_F(NativeCodecSpec, SubscribesEverythingInOneMessage) {
  const std::vector<std::string> symbols{"NI225", "USDJPY"};
  EXPECT_THAT(codec_->on_open(symbols), ElementsAre(R"({"type":"subscribe","symbols":["NI225","USDJPY"]})"));
}

TEST_F(NativeCodecSpec, ReadsPricesAndQuotes) {
  EXPECT_EQ(read(R"({"type":"tick","symbol":"NI225","ts_ns":1770595200123456789,"price":"57001.23","seq":43})"),
            R"({"ticks":[{"symbol":"NI225","price":"57001.23","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(
      read(
          R"({"seq":"0","ask":157.123,"bid":"157.120","ts_ns":"1770595200123456789","symbol":"USDJPY","type":"tick"})"),
      R"({"ticks":[{"symbol":"USDJPY","bid":"157.12","ask":"157.123","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(read(R"({"type":"tick","symbol":"NI225","price":57001.23})"),
            R"({"ticks":[{"symbol":"NI225","price":"57001.23","ts_ms":null}],"error":null})");
}

TEST_F(NativeCodecSpec, HandsOnTheSequenceNumber) {
  Decoded out;
  codec_->decode({R"({"type":"tick","symbol":"NI225","price":1,"seq":42})"}, out);
  ASSERT_EQ(out.ticks.size(), 1U);
  EXPECT_EQ(out.ticks[0].seq, 42U);
  codec_->decode({R"({"type":"tick","symbol":"NI225","price":1})"}, out);
  EXPECT_EQ(out.ticks.at(0).seq, std::nullopt);
}

TEST_F(NativeCodecSpec, KnowsItsOtherMessages) {
  Decoded out;
  codec_->decode({R"({"type":"subscribed","symbols":["NI225"]})"}, out);
  EXPECT_TRUE(out.subscribed);
  EXPECT_EQ(read(R"({"type":"heartbeat","ts_ns":1})"), kNothing);
  EXPECT_EQ(read(R"({"type":"weather","rain":true})"), kNothing);
  EXPECT_EQ(read(R"({"type":"tick","symbol":"NI225","price":0})"), kNothing);
  EXPECT_EQ(read(R"({"type":"error","message":"no such symbol"})"),
            R"({"ticks":[],"error":"vendor error: no such symbol"})");
  EXPECT_FALSE(out.subscribed && out.ticks.size() > 0);
}

TEST_F(NativeCodecSpec, RefusesTicksWithABadMember) {
  for (const auto* frame :
       {R"({"type":"tick","price":1})", R"({"type":"tick","symbol":null,"price":1})",
        R"({"type":"tick","symbol":"A","price":"x"})", R"({"type":"tick","symbol":"A","bid":1,"ask":[]})",
        R"({"type":"tick","symbol":"A","price":1,"ts_ns":1.5})",
        R"({"type":"tick","symbol":"A","price":1,"ts_ns":"soon"})",
        R"({"type":"tick","symbol":"A","price":1,"ts_ns":99999999999999999999})",
        R"({"type":"tick","symbol":"A","price":1,"seq":-1})", R"({"type":"tick","symbol":"A","price":1,"seq":"a"})",
        R"({"type":5})", "{}"}) {
    expect_error(frame);
  }
}

struct YahooCodecSpec : CodecSpec {
  YahooCodecSpec() : CodecSpec("yahoo") {}
  std::string v1(const YahooMessage& message) {
    std::string frame;
    append_base64(frame, message.bytes());
    return read(frame);
  }
  std::string v2(const YahooMessage& message) {
    std::string frame = R"({"type":"pricing","message":")";
    append_base64(frame, message.bytes());
    return read(frame + "\"}");
  }
};

TEST_F(YahooCodecSpec, SubscribesAllAtOnceAndSendsTheListAgainNowAndThen) {
  const std::vector<std::string> symbols{"^N225", "JPY=X"};
  EXPECT_THAT(codec_->on_open(symbols), ElementsAre(R"({"subscribe":["^N225","JPY=X"]})"));
  EXPECT_EQ(codec_->keep_alive(), R"({"subscribe":["^N225","JPY=X"]})");
  EXPECT_EQ(codec_->keep_alive_every(), std::chrono::seconds{15});
}

TEST_F(YahooCodecSpec, ReadsBothDialects) {
  const auto message = YahooMessage{}.id("^N225").price(57337.07F).time_ms(1'770'596'520'000).quote_type(9);
  const auto tick = R"({"ticks":[{"symbol":"^N225","price":"57337.07","ts_ms":1770596520000}],"error":null})";
  EXPECT_EQ(v1(message), tick);
  EXPECT_EQ(v2(message), tick);
}

TEST_F(YahooCodecSpec, PrintsAFloatTheWayTheVendorMeantIt) {
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(154.355F)), HasSubstr(R"("price":"154.355")"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(1.15327F)), HasSubstr(R"("price":"1.15327")"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(16777216.0F)), HasSubstr(R"("price":"16777216")"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(-2.5F)), HasSubstr(R"("price":"-2.5")"));
}

TEST_F(YahooCodecSpec, UnfoldsTheZigzagOfTimes) {
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(1).time_ms(1'770'595'200'001)), HasSubstr(R"("ts_ms":1770595200001)"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(1).time_ms(-1)), HasSubstr(R"("ts_ms":-1)"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(1)), HasSubstr(R"("ts_ms":null)"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(1).time_ms(INT64_MAX)), HasSubstr("out of range"));
}

TEST_F(YahooCodecSpec, ReadsBidAndAskWhereThereAreAny) {
  EXPECT_EQ(
      v1(YahooMessage{}.id("JPY=X").price(156.353F).fixed32(23, 156.351F).fixed32(25, 156.355F)),
      R"({"ticks":[{"symbol":"JPY=X","price":"156.353","bid":"156.351","ask":"156.355","ts_ms":null}],"error":null})");
}

TEST_F(YahooCodecSpec, SaysNothingToHeartbeatsAndToIdsWithoutAPrice) {
  EXPECT_EQ(v1(YahooMessage{}.id("^N225").quote_type(7).price(5)), kNothing);
  EXPECT_EQ(v1(YahooMessage{}.id("^N225").time_ms(1)), kNothing);
  EXPECT_EQ(v1(YahooMessage{}.id("^N225").price(0)), kNothing);
  EXPECT_EQ(read(R"({"type":"heartbeat"})"), kNothing);
  EXPECT_EQ(read(R"({"type":"summary","message":"@@"})"), kNothing);
}

TEST_F(YahooCodecSpec, RefusesWhatCannotBeAPrice) {
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(std::numeric_limits<float>::quiet_NaN())), HasSubstr("not a number"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(std::numeric_limits<float>::infinity())), HasSubstr("not a number"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").price(3.4e38F)), HasSubstr("in range"));
  EXPECT_THAT(v1(YahooMessage{}.price(1)), HasSubstr("without an id"));
  EXPECT_THAT(v1(YahooMessage{}.id("A").varint(2, 157)), HasSubstr("wire type"));
  EXPECT_THAT(v1(YahooMessage{}.varint(1, 157)), HasSubstr("wire type"));
}

TEST_F(YahooCodecSpec, SkipsFieldsItDoesNotKnow) {
  const auto message = YahooMessage{}.fixed32(46, 1).id("A").text(13, "name").varint(99, 5).price(2).fixed64(32, 7);
  EXPECT_EQ(v1(message), R"({"ticks":[{"symbol":"A","price":"2","ts_ms":null}],"error":null})");
}

TEST_F(YahooCodecSpec, ReportsFramesThatAreNoMessage) {
  for (const auto* frame :
       {"", "@@@@", "CgV", "{}", R"({"type":"pricing"})", R"({"type":"pricing","message":""})",
        R"({"type":"pricing","message":null})", R"({"type":"pricing","message":5})",
        R"({"type":"pricing","message":"@@"})", R"({"type":"pricing","message":"AAAA"})",
        R"({"message":"CgFBFQAAAEA="})", R"({"type":"pricing","message":"CgFBFQAAAEA=")", "null", "b64:@"}) {
    expect_error(frame);
  }
}

// Every prefix of a good frame, as a cut connection would leave it.
TEST(CodecPrefixSpec, NeverMakesATickThatTheWholeFrameDoesNotHave) {
  std::string bare;
  append_base64(bare, YahooMessage{}.id("JPY=X").price(154.3825F).time_ms(1'770'595'200'000).quote_type(14).bytes());
  const std::pair<std::string_view, std::string> frames[] = {
      {"gmo",
       R"({"symbol":"USD_JPY","ask":"157.004","bid":"157.001","timestamp":"2026-02-09T00:00:00.123987Z","status":"OPEN"})"},
      {"native",
       R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":157.123,"seq":42})"},
      {"yahoo", R"({"type":"pricing","message":")" + bare + "\"}"},
      {"yahoo", bare}};
  for (const auto& [vendor, frame] : frames) {
    const auto codec = find_vendor(vendor)->make_codec();
    Decoded whole, part;
    codec->decode({frame}, whole);
    ASSERT_EQ(whole.ticks.size(), 1U) << frame;
    const auto price = whole.ticks[0].price;
    for (std::size_t size = 0; size < frame.size(); ++size) {
      codec->decode({std::string_view{frame}.substr(0, size)}, part);
      if (frame.starts_with('{')) {
        EXPECT_THAT(part.ticks, IsEmpty()) << frame.substr(0, size);
        EXPECT_THAT(part.error, Not(IsEmpty())) << frame.substr(0, size);
      } else if (!part.ticks.empty()) {  // protobuf may end after any field
        EXPECT_EQ(part.ticks[0].symbol, "JPY=X");
        EXPECT_EQ(part.ticks[0].price, price);
      }
    }
  }
}

TEST(CodecNoiseSpec, TakesAnyBytes) {
  std::uint64_t state = 42;
  std::string noise;
  for (int round = 0; round < 20'000; ++round) {
    noise.clear();
    for (std::uint64_t i = 0; i < state % 97; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      noise +=
          round % 2 == 0 ? static_cast<char>(state >> 56) : R"({}[]":,0123456789.eE-+tfnul\bidask)"[(state >> 40) % 34];
    }
    state = state * 6364136223846793005U + 1442695040888963407U;
    for (const auto& vendor : vendors()) {
      const auto line = decode_line(*vendor.make_codec(), noise);
      ASSERT_THAT(line, HasSubstr("\"error\":"));
    }
  }
}

}  // namespace
}  // namespace yagura::feeds
