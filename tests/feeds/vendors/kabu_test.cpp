#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

class KabuSpec : public VendorSpec {
 protected:
  KabuSpec() : VendorSpec("kabu", {{}, {}, "pw-1", {}}) {}
  static HttpAnswer ok(std::string body) { return {200, {}, std::move(body)}; }
  static std::string push(std::string_view members) {
    return R"({"Symbol":"101","CurrentPrice":57001.23)" + std::string{members} + "}";
  }
  // What a frame with this time, received then, is stamped.
  std::string stamp(std::string_view time, std::string_view received = {}) {
    const auto frame = push(R"(,"CurrentPriceTime":")" + std::string{time} + "\"");
    decode(Frame{frame, false, received.empty() ? Timestamp{} : *parse_iso8601(received)});
    if (decoded_.ticks.empty()) return decoded_.error;
    return decoded_.ticks[0].ts ? format_utc(*decoded_.ticks[0].ts).substr(0, 19) : "none";
  }
  HttpAnswer call(std::string method, std::string target, std::string body, std::string token = {}) {
    return vendor_.answer_call(shared_, {std::move(method), std::move(target), {{"X-API-KEY", token}}, body});
  }
  std::string log_in() {
    call("POST", "/kabusapi/token", R"({"APIPassword":"pw-1"})");
    return shared_.sessions.back();
  }
  static std::string list(int count) {
    std::string symbols;
    for (int i = 0; i < count; ++i)
      symbols += (i == 0 ? "" : ",") + (R"({"Symbol":")" + std::to_string(1000 + i) + R"(","Exchange":1})");
    return R"({"Symbols":[)" + symbols + "]}";
  }
};

TEST_F(KabuSpec, FetchesATokenRegistersAndThenOnlyListens) {
  const std::vector<std::string> symbols{"101", "167060019", "5401"};
  codec_->begin(symbols);
  auto call = codec_->next_call();
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method + " " + call->target, "POST /kabusapi/token");
  EXPECT_EQ(call->body, R"({"APIPassword":"pw-1"})");
  EXPECT_THAT(codec_->session_secrets(), IsEmpty());
  ASSERT_TRUE(codec_->on_answer(ok(R"({"ResultCode":0,"Token":"t-7"})")));
  EXPECT_THAT(codec_->session_secrets(), ElementsAre("t-7"));
  call = codec_->next_call();
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method + " " + call->target, "PUT /kabusapi/register");
  EXPECT_EQ(find_header(call->headers, "X-API-KEY"), "t-7");
  EXPECT_EQ(
      call->body,
      R"({"Symbols":[{"Symbol":"101","Exchange":1},{"Symbol":"167060019","Exchange":2},{"Symbol":"5401","Exchange":1}]})");
  ASSERT_TRUE(codec_->on_answer(ok(R"({"RegistList":[{"Symbol":"101","Exchange":1}]})")));
  EXPECT_FALSE(codec_->next_call());
  EXPECT_THAT(codec_->on_open(symbols), IsEmpty());
  EXPECT_THAT(codec_->unsubscribe(symbols), IsEmpty());
  codec_->begin(symbols);  // another attempt fetches another token
  EXPECT_EQ(codec_->next_call()->target, "/kabusapi/token");
}

TEST_F(KabuSpec, SaysWhatAnAnswerLacks) {
  codec_->begin({});
  for (const auto* body :
       {"", "[]", "{}", R"({"Code":4001006,"Message":"busy"})", R"({"Token":""})", R"({"Token":5})"}) {
    EXPECT_FALSE(codec_->on_answer(ok(body))) << body;
  }
  EXPECT_THAT(codec_->on_answer(ok("{}")).error().message, HasSubstr("no \"Token\""));
  ASSERT_TRUE(codec_->on_answer(ok(R"({"Token":"t"})")));
  EXPECT_THAT(codec_->on_answer(ok(R"({"Code":4002006})")).error().message, HasSubstr("no \"RegistList\""));
}

TEST_F(KabuSpec, WhatItCallsTheBidIsTheBestOffer) {
  EXPECT_EQ(read(R"({"Symbol":"1","CurrentPrice":26715.0,"BidPrice":26720.0,"AskPrice":26715.00000})"),
            R"({"ticks":[{"symbol":"1","price":"26715","bid":"26715","ask":"26720","ts_ms":null}],"error":null})");
  EXPECT_EQ(read(R"({"Symbol":"1","CurrentPrice":null,"BidPrice":null,"AskPrice":26715.0})"),
            R"({"ticks":[{"symbol":"1","bid":"26715","ts_ms":null}],"error":null})");
  EXPECT_EQ(read(R"({"Symbol":"1","CurrentPrice":1,"BidPrice":0.0,"AskPrice":"0"})"),
            R"({"ticks":[{"symbol":"1","price":"1","ts_ms":null}],"error":null})");
  EXPECT_EQ(read(R"({"Symbol":"1","SymbolName":"日経","CurrentPrice":null,"TradingVolume":7})"), kNothing);
}

TEST_F(KabuSpec, ReadsEveryTimeAsTokyos) {
  for (const auto* time : {"2026-02-09T09:00:01+09:00", "2026-02-09T09:00:01-05:00", "2026-02-09T09:00:01Z",
                           "2026-02-09T09:00:01", "2026-02-09T09:00:01.500+00:00"}) {
    EXPECT_EQ(stamp(time), "2026-02-09T00:00:01") << time;
  }
  for (const auto* time : {"", "noon", "2026-02-09", "2026-02-30T09:00:01+09:00", "2026-02-09T09:00:01+9",
                           "2026-02-09T09:00:01z", "2026-02-09T09:00:01.12345678901234567890+09:00"}) {
    EXPECT_THAT(stamp(time), StartsWith("CurrentPriceTime \"")) << time;
  }
  expect_errors({push(R"(,"CurrentPriceTime":1770595200)")});
}

TEST_F(KabuSpec, MendsTheDateOfTheFirstMinutesAfterMidnight) {
  // 00:05 in Tokyo is 15:05 UTC of the day before; the frame still says yesterday.
  EXPECT_EQ(stamp("2026-02-09T00:05:00+09:00", "2026-02-09T15:05:01Z"), "2026-02-09T15:05:00");
  EXPECT_EQ(stamp("2026-02-09T00:05:00+09:00"), "2026-02-08T15:05:00");  // nobody knows when it came
  EXPECT_EQ(stamp("2026-02-10T00:11:00+09:00", "2026-02-09T15:11:01Z"), "2026-02-09T15:11:00");
}

TEST_F(KabuSpec, LeavesTheDateOfAnOldPriceAlone) {
  EXPECT_EQ(stamp("2026-02-09T15:15:02+09:00", "2026-02-10T06:00:00Z"), "2026-02-09T06:15:02");  // yesterday's close
  EXPECT_EQ(stamp("2026-02-09T00:05:00+09:00", "2026-02-09T13:00:00Z"), "2026-02-08T15:05:00");  // 22 hours
  EXPECT_EQ(stamp("2026-02-09T00:05:00+09:00", "2026-02-09T16:05:01Z"), "2026-02-08T15:05:00");  // 25 and a second
  EXPECT_EQ(stamp("1678-02-09T00:05:00+09:00", "2026-02-09T16:05:01Z"), "1678-02-08T15:05:00");
}

TEST_F(KabuSpec, ReportsErrorBodiesAndMalformedFrames) {
  EXPECT_EQ(decode(R"({"Code":4001006,"Message":"busy"})").error, "vendor error: 4001006 busy");
  EXPECT_EQ(decoded_.refusal, Refusal::kNone);
  expect_errors({"", "{}", "[]", R"({"CurrentPrice":1})", R"({"Symbol":101,"CurrentPrice":1})",
                 R"({"Symbol":"","CurrentPrice":1})", R"({"Symbol":"1","CurrentPrice":"1,234.5"})",
                 R"({"Symbol":"1","BidPrice":{}})"});
}

TEST_F(KabuSpec, TheServerGivesATokenForThePassword) {
  shared_.key = "pw-1";
  auto answer = call("POST", "/kabusapi/token", R"({"APIPassword":"pw-2"})");
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, StartsWith(R"({"Code":4001013,"Message":")"));
  EXPECT_EQ(call("POST", "/kabusapi/token", "").status, 400);
  answer = call("POST", "/kabusapi/token", R"({"APIPassword":"pw-1"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"ResultCode":0,"Token":")" + shared_.sessions.at(0) + R"("})");
  EXPECT_EQ(shared_.sessions.at(0).size(), 32U);
}

TEST_F(KabuSpec, TheServerTakesTheLatestTokenOnly) {
  const auto first = log_in();
  const auto second = log_in();
  EXPECT_EQ(call("PUT", "/kabusapi/register", list(1), first).status, 401);
  EXPECT_EQ(call("PUT", "/kabusapi/register", list(1)).status, 401);
  EXPECT_EQ(call("PUT", "/kabusapi/register", list(1), second).body,
            R"({"RegistList":[{"Symbol":"1000","Exchange":1}]})");
}

TEST_F(KabuSpec, TheServerRegistersFiftySymbols) {
  const auto token = log_in();
  EXPECT_EQ(call("PUT", "/kabusapi/register", list(50), token).status, 200);
  EXPECT_EQ(call("PUT", "/kabusapi/register", list(50), token).status, 200);  // the same again
  const auto full = call("PUT", "/kabusapi/register", R"({"Symbols":[{"Symbol":"101","Exchange":1}]})", token);
  EXPECT_EQ(full.status, 400);
  EXPECT_THAT(full.body, HasSubstr("4002006"));
  EXPECT_EQ(shared_.registered.size(), 50U);
  call("PUT", "/kabusapi/unregister", R"({"Symbols":[{"Symbol":"1000","Exchange":1}]})", token);
  EXPECT_EQ(call("PUT", "/kabusapi/register", R"({"Symbols":[{"Symbol":"101","Exchange":1}]})", token).status, 200);
  EXPECT_TRUE(server_->wants("NI225"));
  call("PUT", "/kabusapi/unregister/all", "", token);
  EXPECT_FALSE(server_->wants("NI225"));
}

TEST_F(KabuSpec, TheServerRefusesWhatItDoesNotKnow) {
  shared_.offered = {"NI225", "USDJPY"};
  const auto token = log_in();
  for (const auto* body : {"", "[]", "{}", R"({"Symbols":7})", R"({"Symbols":[{"Symbol":"USDJPY"}]})",
                           R"({"Symbols":[{"Symbol":"102"}]})", R"({"Symbols":[7]})"}) {
    EXPECT_EQ(call("PUT", "/kabusapi/register", body, token).status, 400) << body;
  }
  EXPECT_EQ(call("GET", "/kabusapi/register", "", token).status, 404);
  EXPECT_EQ(call("PUT", "/kabusapi/sendorder", "{}", token).status, 404);
  EXPECT_THAT(shared_.registered, IsEmpty());
}

TEST_F(KabuSpec, TheServerPushesInItsOwnWords) {
  EXPECT_THAT(encode(kIndex), HasSubstr(R"("CurrentPriceTime":"2026-02-09T09:00:00+09:00")"));
  EXPECT_EQ(round_trip(kIndex),
            R"({"ticks":[{"symbol":"101","price":"57001.23","ts_ms":1770595200000}],"error":null})");
  auto future = kQuote;
  future.symbol = "NKFUT";
  EXPECT_EQ(
      round_trip(future),
      R"({"ticks":[{"symbol":"NKFUT","price":"157.1215","bid":"157.12","ask":"157.123","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(encode(kQuote), "cannot");
  EXPECT_THAT(send("hello"), IsEmpty());
}

}  // namespace
}  // namespace yagura::feeds
