// Interactive Brokers: the log-in, frames that say only what changed, and the gateway's side.
#include <gmock/gmock.h>

#include "feeds/decode_line.hpp"
#include "feeds/replay_server.hpp"
#include "tests/feeds/session_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr auto kNothing = R"({"ticks":[],"error":null})";

std::string read(std::string_view frame) { return decode_line(*find_vendor("ibkr")->make_codec(), frame); }
std::string changed(std::string_view members) {
  return read(R"({"topic":"smd+15016059","conid":15016059,"_updated":1790000100123,)" + std::string{members} + "}");
}

TEST(IbkrCodecSpec, GivesWhatTheFrameCarriesAndNoMore) {
  EXPECT_EQ(changed(R"("84":"156.351")"),
            R"({"ticks":[{"symbol":"15016059","bid":"156.351","ts_ms":1790000100123}],"error":null})");
  EXPECT_EQ(changed(R"("31":156.35,"86":"156.355","6509":"RpB")"),
            R"({"ticks":[{"symbol":"15016059","price":"156.35","ask":"156.355","ts_ms":1790000100123}],"error":null})");
  EXPECT_EQ(changed(R"("7059":"100")"), kNothing);
}

TEST(IbkrCodecSpec, KnowsTheLettersAndCommasOfPrices) {
  EXPECT_EQ(changed(R"("31":"C156.20")"), kNothing);
  EXPECT_EQ(changed(R"("31":"")"), kNothing);
  EXPECT_THAT(changed(R"("31":"H57,001.5")"), HasSubstr(R"("price":"57001.5")"));
  EXPECT_THAT(changed(R"("31":"C156.20","84":"1,156.1")"),
              AllOf(HasSubstr(R"("bid":"1156.1")"), Not(HasSubstr("price"))));
  for (const auto* bad : {R"("31":"H")", R"("84":"dear")", R"("86":true)", R"("86":[])"})
    EXPECT_THAT(changed(bad), AllOf(HasSubstr(R"("ticks":[])"), HasSubstr("cannot be read"))) << bad;
  EXPECT_THAT(changed("\"31\":\"" + std::string(100, '1') + "\""), HasSubstr("cannot be read"));
}

TEST(IbkrCodecSpec, TakesTheContractFromTheTopicWhenItStandsNowhereElse) {
  EXPECT_EQ(read(R"({"topic":"smd+265598","31":"213.45"})"),
            R"({"ticks":[{"symbol":"265598","price":"213.45","ts_ms":null}],"error":null})");
  EXPECT_THAT(read(R"({"topic":"smd+","31":"213.45"})"), HasSubstr("without a conid"));
}

TEST(IbkrCodecSpec, TellsALostSessionFromARefusedContract) {
  const auto refusal = [](std::string_view frame) {
    Decoded out;
    find_vendor("ibkr")->make_codec()->decode({frame, true}, out);  // binary, as some gateways send
    EXPECT_THAT(out.error, HasSubstr("vendor error: "));
    return out.refusal;
  };
  EXPECT_EQ(refusal(R"({"topic":"sts","args":{"authenticated":false}})"), Refusal::kSession);
  EXPECT_EQ(refusal(R"({"topic":"error","error":"not authenticated","code":401})"), Refusal::kSession);
  EXPECT_EQ(refusal(R"({"topic":"smd+1","error":"no such contract"})"), Refusal::kNone);
  EXPECT_EQ(read(R"({"topic":"sts","args":{"competing":false}})"), kNothing);
  EXPECT_EQ(read(R"({"topic":"system","hb":1783002601500})"), kNothing);
  EXPECT_EQ(read(R"({"message":"waiting for session"})"), kNothing);
}

TEST(IbkrCodecSpec, AsksForTheSessionThenForTheAccounts) {
  const auto codec = find_vendor("ibkr")->make_codec();
  codec->begin({});
  const auto tickle = codec->next_call();
  ASSERT_TRUE(tickle);
  EXPECT_EQ(tickle->method + " " + tickle->target, "POST /v1/api/tickle");
  ASSERT_TRUE(codec->on_answer({200, {}, R"({"session":"s-7","iserver":{"authStatus":{"authenticated":true}}})"}));
  EXPECT_EQ(codec->next_call()->target, "/v1/api/iserver/accounts");
  ASSERT_TRUE(codec->on_answer({200, {}, "{}"}));
  EXPECT_FALSE(codec->next_call());
  EXPECT_THAT(codec->on_open(std::vector<std::string>{"15016059"}),
              ElementsAre(R"({"session":"s-7"})", R"(smd+15016059+{"fields":["31","84","86"]})"));
  EXPECT_THAT(codec->unsubscribe(std::vector<std::string>{"15016059"}), ElementsAre("umd+15016059+{}"));
  EXPECT_THAT(codec->session_secrets(), ElementsAre("s-7"));
  EXPECT_EQ(codec->keep_alive(), "tic");
}

TEST(IbkrCodecSpec, SaysWhyThereIsNoSession) {
  for (const auto& [answer, words] : std::vector<std::pair<const char*, const char*>>{
           {R"({"session":"s","iserver":{"authStatus":{"authenticated":false}}})", "log in with a browser"},
           {"{}", "no session"},
           {"<html>", "tickle: "}}) {
    const auto codec = find_vendor("ibkr")->make_codec();
    codec->begin({});
    (void)codec->next_call();
    const auto taken = codec->on_answer({200, {}, answer});
    ASSERT_FALSE(taken) << answer;
    EXPECT_THAT(taken.error().message, HasSubstr(words));
  }
}

TEST(IbkrCodecSpec, DecodesWithoutAllocating) {
  const auto codec = find_vendor("ibkr")->make_codec();
  Decoded out;
  const std::string frame = R"({"topic":"smd+15016059","conid":15016059,"31":"H57,001.5","84":"57,001","86":"57,002"})";
  codec->decode({frame}, out);
  ASSERT_EQ(out.ticks.size(), 1U);
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) codec->decode({frame}, out);
  EXPECT_EQ(test::allocations() - before, 0U);
}

TEST(IbkrServerSpec, WantsASessionOfItsOwn) {
  VendorServerShared shared;
  const auto& vendor = *find_vendor("ibkr");
  const auto server = vendor.make_server(shared);
  EXPECT_THAT(server->on_open(MonoTime{}).frames, ElementsAre(HasSubstr("system")));
  EXPECT_THAT(server->on_frame({R"(smd+15016059+{"fields":[]})"}, {}).frames, ElementsAre(HasSubstr("false")));
  EXPECT_THAT(server->on_frame({R"({"session":"guessed"})"}, {}).frames, ElementsAre(HasSubstr("false")));
  EXPECT_FALSE(server->wants("USDJPY"));
  EXPECT_EQ(vendor.answer_call(shared, {"GET", "/v1/api/tickle", {}, ""}).status, 404);
  EXPECT_THAT(vendor.answer_call(shared, {"POST", "/v1/api/tickle", {}, ""}).body, HasSubstr("replay-1"));
  EXPECT_THAT(server->on_frame({R"({"session":"replay-1"})"}, {}).frames, ElementsAre(HasSubstr("true")));
  EXPECT_TRUE(server->on_frame({R"(smd+15016059+{"fields":[]})"}, {}).frames.empty());
  EXPECT_TRUE(server->wants("USDJPY"));
  EXPECT_TRUE(server->on_frame({"tic"}, {}).frames.empty());
  server->on_frame({"umd+15016059+{}"}, {});
  EXPECT_FALSE(server->wants("USDJPY"));
  EXPECT_THAT(server->on_frame({"buy"}, {}).frames, ElementsAre(HasSubstr("error")));
  EXPECT_TRUE(server->on_timer(MonoTime{} + 9s, {}).frames.empty());
  EXPECT_THAT(server->on_timer(MonoTime{} + 10s, {}).frames, ElementsAre(R"({"topic":"system","hb":0})"));
}

}  // namespace
}  // namespace yagura::feeds
