#include "console/client_message.hpp"

#include <gmock/gmock.h>

#include <string>

namespace yagura::console {
namespace {

using ::testing::HasSubstr;

TEST(ClientMessageSpec, ReadsResume) {
  const auto message = parse_client_message(R"( {"after": 17, "type": "resume", "more": [1]} )");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->after, 17U);
}

TEST(ClientMessageSpec, ReadsTheRunAndWhatIsKnown) {
  const auto message =
      parse_client_message(R"({"type":"resume","after":1,"epoch":4,"ids":["00000000000000010000000000000002"]})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->epoch, 4);
  EXPECT_THAT(message->ids, ::testing::ElementsAre(Id128{1, 2}));
  for (const auto* const more : {R"("epoch":-1)", R"("epoch":"4")", R"("ids":"x")", R"("ids":[7])", R"("ids":["xy"])"})
    EXPECT_FALSE(parse_client_message(std::string{R"({"type":"resume","after":1,)"} + more + "}")) << more;
}

TEST(ClientMessageSpec, SaysWhatIsWrong) {
  const auto error_of = [](std::string_view text) {
    const auto message = parse_client_message(text);
    return message ? std::string{} : message.error().message;
  };
  for (const auto* const text :
       {"", "x", "[]", "17", "null", "{", R"({"type":"resume","after":1}x)", "{\"type\":\"\xff\"}"}) {
    EXPECT_THAT(error_of(text), HasSubstr("not a JSON object")) << text;
  }
  EXPECT_THAT(error_of("{}"), HasSubstr("no type"));
  EXPECT_THAT(error_of(R"({"type":1})"), HasSubstr("no type"));
  EXPECT_THAT(error_of(R"({"type":"dance"})"), HasSubstr("unknown type 'dance'"));
  for (const auto* const after : {"-1", "1.5", "\"1\"", "null", "1e3", "18446744073709551616"}) {
    EXPECT_NE(error_of(std::string{R"({"type":"resume","after":)"} + after + "}"), "") << after;
  }
  EXPECT_LT(error_of(R"({"type":")" + std::string(10'000, 'x') + "\"}").size(), 200U);
  EXPECT_THAT(error_of(std::string(10'000, '[')), HasSubstr("not a JSON object"));
}

}  // namespace
}  // namespace yagura::console
