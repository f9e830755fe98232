// What the frames of vendors with a key mean: normal, odd, hostile. Written for this test.
#include <gmock/gmock.h>

#include "tests/feeds/keyed_fixture.hpp"

namespace yagura::feeds {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kNothing = R"({"ticks":[],"error":null})";

// A frame with one price left open, "@". Of a quote it is the bid, beside an ask of 157.5.
struct PriceFrame {
  std::string_view vendor;
  std::string_view text;
  bool quote;
};
constexpr PriceFrame kPriceFrames[] = {
    {"finnhub", R"({"data":[{"c":null,"p":@,"s":"X","t":1790000100123,"v":0}],"type":"trade"})", false},
    {"twelvedata", R"({"event":"price","symbol":"X","timestamp":1790000100,"price":@})", false},
    {"massive", R"([{"ev":"C","p":"X","x":48,"a":157.5,"b":@,"t":1790000100123}])", true},
    {"massive", R"({"ev":"Q","sym":"X","bp":@,"bs":4,"ap":"157.5","as":6,"t":1790000100123})", true},
    {"massive", R"([{"ev":"T","sym":"X","p":@,"s":4,"t":1790000100123}])", false},
    {"tiingo",
     R"({"messageType":"A","service":"fx","data":["Q","X","2026-09-21T14:15:00.123456+00:00",1e6,@,157.4,1e6,157.5]})",
     true},
    {"eodhd", R"({"s":"X","a":157.5,"b":@,"dc":"0.1","dd":"0.2","ppms":true,"t":1790000100123})", true},
    {"capitalcom",
     R"({"status":"OK","destination":"quote","payload":{"epic":"X","bid":@,"bidQty":2.5E7,"ofr":157.5,"timestamp":1790000100123}})",
     true},
    {"alltick", R"({"cmd_id":22998,"data":{"code":"X","seq":"1","tick_time":"1790000100123","price":@}})", false},
    {"tradermade", R"({"symbol":"X","ts":"1790000100123","bid":@,"ask":157.5,"mid":157.4})", true}};

std::string fill(std::string_view frame, std::string_view value) {
  std::string text{frame};
  return text.replace(text.find('@'), 1, value);
}

std::string decode(std::string_view vendor, std::string_view frame) { return decode_line(*codec_of(vendor), frame); }

TEST(KeyedCodecSpec, ReadsPricesExactlyAsNumbersOrStrings) {
  for (const auto& frame : kPriceFrames) {
    const std::string want = frame.quote ? R"("bid":"157.351","ask":"157.5")" : R"("price":"157.351")";
    for (const auto* value : {"157.351", "\"157.351\"", "1.57351E2", "157.3510", "\"157.351000000\""}) {
      const auto line = decode(frame.vendor, fill(frame.text, value));
      EXPECT_THAT(line, HasSubstr(R"({"ticks":[{"symbol":"X",)" + want + R"(,"ts_ms":17900001)")) << frame.text;
      EXPECT_THAT(line, HasSubstr(R"("error":null)")) << frame.text;
    }
  }
}

TEST(KeyedCodecSpec, RefusesWhatIsNoPrice) {
  for (const auto& frame : kPriceFrames) {
    for (const auto* value :
         {"\"NaN\"", "\"Infinity\"", "\"-inf\"", "\"\"", "\" \"", "\"abc\"", "\"1,234.5\"", "1e308", "\"1e308\"",
          "true", "[157.3]", "{\"v\":1}", "99999999999999999999", "NaN", "Infinity", "", "0x10", "01"}) {
      const auto line = decode(frame.vendor, fill(frame.text, value));
      EXPECT_THAT(line, HasSubstr(R"({"ticks":[],"error":")")) << fill(frame.text, value);
    }
  }
}

TEST(KeyedCodecSpec, TakesZeroForAnAbsentSideAndPassesNegativePricesOn) {
  for (const auto& frame : kPriceFrames) {
    for (const auto* zero : {"0", "0.0", "\"0\"", "-0"}) {
      const auto line = decode(frame.vendor, fill(frame.text, zero));
      if (frame.quote)
        EXPECT_THAT(line, HasSubstr(R"({"ticks":[{"symbol":"X","ask":"157.5",)")) << frame.text;
      else
        EXPECT_EQ(line, kNothing) << frame.text;
    }
    EXPECT_THAT(decode(frame.vendor, fill(frame.text, "-157.351")), HasSubstr(R"(:"-157.351")"));
  }
}

// A lone price that is null is an error: there was nothing else to say.
TEST(KeyedCodecSpec, TakesNullForAnAbsentSide) {
  for (const auto& frame : kPriceFrames) {
    EXPECT_THAT(decode(frame.vendor, fill(frame.text, "null")),
                HasSubstr(frame.quote ? R"({"ticks":[{"symbol":"X","ask":"157.5",)" : R"({"ticks":[],"error":")"))
        << frame.text;
  }
}

TEST(KeyedCodecSpec, PassesCrossedQuotesOn) {  // the filter rejects them, and says so
  for (const auto& frame : kPriceFrames) {
    if (!frame.quote) continue;
    EXPECT_THAT(decode(frame.vendor, fill(frame.text, "158")), HasSubstr(R"("bid":"158","ask":"157.5")"));
  }
}

TEST(KeyedCodecSpec, NeverMakesATickOfAPartOfAFrame) {
  for (const auto& frame : kPriceFrames) {
    const auto whole = fill(frame.text, "157.351");
    const auto codec = codec_of(frame.vendor);
    Decoded out;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      codec->decode({std::string_view{whole}.substr(0, size)}, out);
      EXPECT_THAT(out.ticks, IsEmpty()) << whole.substr(0, size);
      EXPECT_THAT(out.error, Not(IsEmpty())) << whole.substr(0, size);
    }
  }
}

struct Line {
  std::string_view vendor;
  std::string_view frame;
  std::string_view want;
};

TEST(KeyedCodecSpec, ReadsTimesInTheUnitOfTheVendor) {
  const Line lines[] = {
      {"finnhub", R"({"type":"trade","data":[{"p":1,"s":"X","t":"1790000100123"}]})", R"("ts_ms":1790000100123)"},
      {"finnhub", R"({"type":"trade","data":[{"p":1,"s":"X"}]})", R"("ts_ms":null)"},
      {"finnhub", R"({"type":"trade","data":[{"p":1,"s":"X","t":99999999999999999}]})", "cannot be read"},
      {"finnhub", R"({"type":"trade","data":[{"p":1,"s":"X","t":"soon"}]})", "cannot be read"},
      {"twelvedata", R"({"event":"price","symbol":"X","price":1,"timestamp":1790000100})", R"("ts_ms":1790000100000)"},
      {"twelvedata", R"({"event":"price","symbol":"X","price":1,"timestamp":9223372036854775807})", "cannot be read"},
      {"twelvedata", R"({"event":"price","symbol":"X","price":1})", R"("ts_ms":null)"},
      {"massive", R"({"ev":"C","p":"X","b":1,"t":[]})", "cannot be read"},
      {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x","2026-09-21T23:15:00+09:00",1,1,1,1,1]})",
       R"("ts_ms":1790000100000)"},
      {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x",null,1,1,1,1,1]})", R"("ts_ms":null)"},
      {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x","2026-02-30T00:00:00Z",1,1,1,1,1]})",
       "cannot be read"},
      {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x",1790000100,1,1,1,1,1]})", "cannot be read"},
      {"alltick", R"({"cmd_id":22998,"data":{"code":"X","price":"1","tick_time":1790000100}})",
       R"("ts_ms":1790000100000)"},
      {"alltick", R"({"cmd_id":"22998","data":{"code":"X","price":1,"tick_time":1790000100123}})",
       R"("ts_ms":1790000100123)"},
      {"alltick", R"({"cmd_id":22998,"data":{"code":"X","price":"1","tick_time":"179000010012"}})", "cannot be read"},
      {"alltick", R"({"cmd_id":22998,"data":{"code":"X","price":"1","tick_time":""}})", "cannot be read"},
      {"tradermade", R"({"symbol":"X","ts":"1790000100","bid":1,"ask":2})", R"("ts_ms":1790000100000)"},
      {"tradermade", R"({"symbol":"X","ts":1790000100123,"bid":1,"ask":2})", R"("ts_ms":1790000100123)"},
      {"tradermade", R"({"symbol":"X","ts":"17900001001","bid":1,"ask":2})", "cannot be read"}};
  for (const auto& [vendor, frame, want] : lines) EXPECT_THAT(decode(vendor, frame), HasSubstr(want)) << frame;
}

TEST(KeyedCodecSpec, DropsABadEventAndKeepsTheGoodOnesOfItsFrame) {
  const Line lines[] = {
      {"finnhub",
       R"({"type":"trade","data":[{"p":"x","s":"X","t":2},{"p":157.1,"s":"X","t":2},{"p":157.2,"s":"X","t":1},{"p":5},{"p":157.2,"s":"X","t":1}]})",
       R"({"ticks":[{"symbol":"X","price":"157.1","ts_ms":2},{"symbol":"X","price":"157.2","ts_ms":1},{"symbol":"X","price":"157.2","ts_ms":1}],"error":"a price without a symbol"})"},
      {"massive", R"([{"ev":"C","p":"A/B","a":2,"b":1,"t":7},{"ev":"C","a":2,"b":1,"t":8},{"ev":"XYZ"},5])",
       R"({"ticks":[{"symbol":"A/B","bid":"1","ask":"2","ts_ms":7}],"error":"an event without \"ev\""})"}};
  for (const auto& [vendor, frame, want] : lines) EXPECT_EQ(decode(vendor, frame), want);
}

TEST(KeyedCodecSpec, SaysNothingToWhatIsNoTick) {
  const Line lines[] = {{"finnhub", R"({"type":"news","data":[{"p":1}]})", ""},
                        {"twelvedata", R"({"event":"reset-status","status":"ok"})", ""},
                        {"massive", R"([])", ""},
                        {"massive", R"([{"ev":"CA","pair":"USD/JPY","o":1,"c":2}])", ""},
                        {"tiingo", R"({"messageType":"A","service":"crypto_data","data":["Q"]})", ""},
                        {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x",null,1,null,1,1,null]})", ""},
                        {"tiingo", R"({"messageType":"Z"})", ""},
                        {"eodhd", R"({"s":"USDJPY","dc":"0.1"})", ""},
                        {"capitalcom", R"({"status":"OK","destination":"ping","payload":{}})", ""},
                        {"alltick", R"({"ret":200,"msg":"ok","cmd_id":22001,"data":{}})", ""},
                        {"alltick", R"({"cmd_id":22999,"data":{"code":"X"}})", ""},
                        {"tradermade", R"({"symbol":"X","ts":"1790000100123"})", ""}};
  for (const auto& [vendor, frame, want] : lines) EXPECT_EQ(decode(vendor, frame), kNothing) << frame;
}

TEST(KeyedCodecSpec, ReportsFramesThatLackWhatTheyShouldHave) {
  const Line lines[] = {{"finnhub", R"({"data":[]})", ""},
                        {"finnhub", R"({"type":"trade"})", ""},
                        {"finnhub", R"({"type":"trade","data":{"p":1}})", ""},
                        {"finnhub", R"({"type":"trade","data":[{"p":1,"s":null,"t":1}]})", ""},
                        {"twelvedata", R"({})", ""},
                        {"twelvedata", R"({"event":"price","price":1})", ""},
                        {"massive", R"({"status":"connected"})", ""},
                        {"massive", R"([[]])", ""},
                        {"tiingo", R"({"service":"fx"})", ""},
                        {"tiingo", R"({"messageType":"A","service":"fx"})", ""},
                        {"tiingo", R"({"messageType":"A","service":"fx","data":[]})", ""},
                        {"tiingo", R"({"messageType":"A","service":"fx","data":["Q","x",null,1,1,1,1]})", ""},
                        {"tiingo", R"({"messageType":"A","service":"fx","data":["Q",5,null,1,1,1,1,1]})", ""},
                        {"eodhd", R"({"a":1,"b":2})", ""},
                        {"eodhd", R"([])", ""},
                        {"capitalcom", R"({"status":"OK"})", ""},
                        {"capitalcom", R"({"destination":"quote"})", ""},
                        {"capitalcom", R"({"destination":"quote","payload":{"bid":1,"ofr":2}})", ""},
                        {"alltick", R"({"data":{}})", ""},
                        {"alltick", R"({"cmd_id":22998})", ""},
                        {"alltick", R"({"cmd_id":22998,"data":{"price":"1"}})", ""},
                        {"tradermade", R"({"bid":1,"ask":2})", ""},
                        {"tradermade", "connected", ""},
                        {"tradermade", "Connected\n{}", ""}};
  for (const auto& [vendor, frame, want] : lines) {
    EXPECT_THAT(decode(vendor, frame), HasSubstr(R"({"ticks":[],"error":")")) << vendor << ": " << frame;
  }
  for (const auto vendor : kKeyed) {
    for (const auto* frame : {"", "x", "null", "42", "{", "\"x\"", "{}{}", "b64:AAEC"}) {
      EXPECT_THAT(decode(vendor, frame), HasSubstr(R"({"ticks":[],"error":")")) << vendor << ": " << frame;
    }
    EXPECT_THAT(decode(vendor, std::string(10'000, '[')), HasSubstr(R"("error":")")) << vendor;
  }
}

struct Refused {
  std::string_view vendor;
  std::string_view frame;
  std::string_view text;
  Refusal refusal;
};

TEST(KeyedCodecSpec, KnowsWhatAnErrorMeansForTheConnection) {
  constexpr auto kNone = Refusal::kNone;
  constexpr auto kSession = Refusal::kSession;
  constexpr auto kAuth = Refusal::kAuth;
  const Refused refused[] = {
      {"finnhub", R"({"msg":"Subscribing to too many symbols","type":"error"})", "Subscribing to too many symbols",
       kNone},
      {"finnhub", R"({"type":"error","msg":"Invalid API key"})", "Invalid API key", kAuth},
      {"finnhub", R"({"type":"error"})", "without a word", kNone},
      {"twelvedata", R"({"status":"error","code":401,"message":"Invalid API key"})", "Invalid API key", kAuth},
      {"twelvedata", R"({"status":"error","code":429,"message":"Too many"})", "Too many", kNone},
      {"twelvedata", R"({"event":"subscribe-status","status":"error","fails":[{"symbol":"GBP/USD"}]})",
       "not subscribed: GBP/USD", kNone},
      {"twelvedata", R"({"event":"message-processing","status":"error","messages":["Cant parse message"]})",
       "Cant parse message", kNone},
      {"massive", R"([{"ev":"status","status":"auth_failed","message":"authentication failed"}])",
       "authentication failed", kAuth},
      {"massive", R"([{"ev":"status","status":"auth_timeout","message":"No authentication request received."}])",
       "No authentication request received.", kSession},
      {"massive", R"({"ev":"status","status":"max_connections","message":"Maximum number of connections exceeded."})",
       "Maximum number of connections exceeded.", kSession},
      {"massive", R"([{"ev":"status","status":"error","message":"not authorized"}])", "not authorized", kNone},
      {"massive", R"([{"ev":"status","status":"new"}])", "new", kNone},
      {"tiingo", R"({"messageType":"E","response":{"code":401,"message":"Not authorized"}})", "Not authorized", kAuth},
      {"tiingo", R"({"messageType":"E","response":{"code":400,"message":"Bad ticker"}})", "Bad ticker", kNone},
      {"tiingo", R"({"messageType":"I","response":{"code":401,"message":"no"}})", "no", kAuth},
      {"eodhd", R"({"status":403,"message":"Server error"})", "Server error (403)", kAuth},
      {"eodhd", R"({"status":500,"message":"Server error"})", "Server error (500)", kSession},
      {"eodhd", R"({"status_code":422,"message":"Symbols limit reached"})", "Symbols limit reached (422)", kNone},
      {"capitalcom", R"({"destination":"ping","status":"ERROR","errorCode":"error.invalid.session.token"})",
       "error.invalid.session.token", kSession},
      {"capitalcom", R"({"status":"ERROR","destination":"x","payload":{"errorCode":"error.invalid.session.token"}})",
       "error.invalid.session.token", kSession},
      {"capitalcom", R"({"destination":"marketData.subscribe","status":"ERROR","errorCode":"error.invalid.epic"})",
       "error.invalid.epic", kNone},
      {"alltick", R"({"ret":401,"msg":"token invalid"})", "token invalid (401)", kAuth},
      {"alltick", R"({"ret":600,"msg":"code invalid","cmd_id":22005})", "code invalid (600)", kNone},
      {"alltick", R"({"ret":"x","msg":"odd","cmd_id":22005})", "odd (x)", kNone},
      {"tradermade", "Invalid user key", "Invalid user key", kAuth},
      {"tradermade", R"({"status":"error","message":"Invalid symbol"})", "Invalid symbol", kNone},
      {"tradermade", R"({"message":"userKey not found"})", "userKey not found", kAuth}};
  for (const auto& [vendor, frame, text, refusal] : refused) {
    Decoded out;
    codec_of(vendor)->decode({frame}, out);
    EXPECT_EQ(out.error, "vendor error: " + std::string{text});
    EXPECT_EQ(out.refusal, refusal) << frame;
    EXPECT_THAT(out.ticks, IsEmpty());
    EXPECT_FALSE(out.subscribed);
  }
}

TEST(KeyedCodecSpec, APartThatWasRefusedIsSaidAndTheRestIsSubscribed) {
  Decoded out;
  codec_of("twelvedata")
      ->decode(
          {R"({"event":"subscribe-status","status":"warning","success":[{"symbol":"USD/JPY"}],"fails":[{"symbol":"GBP/USD","message":"not in your plan"},{"symbol":"X"}]})"},
          out);
  EXPECT_TRUE(out.subscribed);
  EXPECT_EQ(out.error, "vendor error: not subscribed: GBP/USD (not in your plan), X");
  EXPECT_EQ(out.refusal, Refusal::kNone);
}

}  // namespace
}  // namespace yagura::feeds
