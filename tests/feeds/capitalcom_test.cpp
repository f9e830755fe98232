// Capital.com's log-in from both sides, without sockets and with them.
#include <gmock/gmock.h>

#include "tests/feeds/keyed_server_fixture.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct CapitalComServerSpec : KeyedServerSpec {
  CapitalComServerSpec() { use("capitalcom"); }
};

TEST_F(CapitalComServerSpec, LogsInAndKnowsItsTokens) {
  shared_.key = kKey;
  shared_.offered = {"NI225", "USDJPY"};
  const std::vector<std::string> epics{"J225", "USDJPY"};
  const auto codec = codec_of("capitalcom");
  codec->begin(epics);
  ASSERT_TRUE(codec->on_answer(vendor_->answer_call(shared_, *codec->next_call())));
  server_->on_open(MonoTime{});
  const auto ack = send(codec->on_open(epics).at(0));
  EXPECT_THAT(
      ack.frames,
      ElementsAre(
          R"({"status":"OK","destination":"marketData.subscribe","correlationId":"1","payload":{"subscriptions":{"J225":"PROCESSED","USDJPY":"PROCESSED"}}})"));
  Decoded out;
  codec->decode({ack.frames.at(0)}, out);
  EXPECT_TRUE(out.subscribed);
  EXPECT_TRUE(server_->wants("NI225"));
  EXPECT_THAT(send(codec->keep_alive()).frames,
              ElementsAre(R"({"status":"OK","destination":"ping","correlationId":"2","payload":{}})"));
  EXPECT_EQ(round_trip(kIndex), one_tick(R"("symbol":"J225","bid":"57001.23","ask":"57001.23")"));
  EXPECT_THAT(send(codec->on_open(std::vector<std::string>{"DAX"}).at(0)).frames.at(0),
              HasSubstr("error.invalid.epic"));

  ASSERT_EQ(vendor_->answer_call(shared_, *codec_of("capitalcom")->next_call()).status, 200);  // elsewhere
  EXPECT_THAT(send(codec->keep_alive()).frames.at(0), HasSubstr(R"("errorCode":"error.invalid.session.token")"));
  EXPECT_EQ(timer(9min).close, std::nullopt);
  EXPECT_EQ(timer(10min).close, kNoStatus);
}

TEST_F(CapitalComServerSpec, RefusesAWrongLogIn) {
  shared_.key = kKey;
  const auto answer = [&](HttpCall call) { return vendor_->answer_call(shared_, call); };
  EXPECT_EQ(answer(*codec_of("capitalcom", "wrong")->next_call()).status, 401);
  auto call = *codec_of("capitalcom")->next_call();
  call.body = R"({"identifier":"desk"})";
  EXPECT_EQ(answer(call).body, R"({"errorCode":"error.invalid.details"})");
  call.target = "/api/v1/prices";
  EXPECT_EQ(answer(call).status, 404);
  EXPECT_THAT(shared_.sessions, IsEmpty());
  server_->on_open(MonoTime{});
  EXPECT_THAT(send(R"({"destination":"ping","cst":"","securityToken":""})").frames.at(0),
              HasSubstr("error.invalid.session.token"));
}

TEST_F(CapitalComServerSpec, TakesFortyEpics) {
  const auto codec = codec_of("capitalcom");
  ASSERT_TRUE(codec->on_answer(vendor_->answer_call(shared_, *codec->next_call())));
  std::vector<std::string> epics;
  for (int i = 0; i < 41; ++i) epics.push_back("X" + std::to_string(i));
  EXPECT_THAT(send(codec->on_open(epics).at(0)).frames.at(0), HasSubstr(R"("status":"ERROR")"));
  epics.pop_back();
  EXPECT_THAT(send(codec->on_open(epics).at(0)).frames.at(0), HasSubstr(R"("status":"OK")"));
}

}  // namespace
}  // namespace yagura::feeds
