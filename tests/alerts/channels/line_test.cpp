// What LINE is sent and what its answers mean, as its own documents have it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

class LineSpec : public ChannelSpec {
 protected:
  [[nodiscard]] LineChannel line() const { return {server.url(), secret("l1ne"), "C4af", {}}; }
  std::string key_of(const Letter& letter) { return sent(line(), letter).header("X-Line-Retry-Key"); }
};

TEST_F(LineSpec, PushesATextWithItsRetryKey) {
  const auto heard = sent(line());
  EXPECT_EQ(heard.target, "/v2/bot/message/push");
  EXPECT_EQ(heard.header("Authorization"), "Bearer l1ne");
  EXPECT_EQ(heard.header("X-Line-Retry-Key"), "01234567-89ab-cdef-fedc-ba9876543210");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/to"), "C4af");
  EXPECT_EQ(json.text("/messages/0/type"), "text");
  EXPECT_EQ(json.text("/messages/0/text"),
            "Nikkei 225 reaches 57,000\n57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.\n"
            "Acknowledge: https://yagura.example/ack?t=abc-123\nid 01234567");
}

TEST_F(LineSpec, WhatWasTakenBeforeIsDelivered) {
  EXPECT_EQ(attempt(answer(409, R"({"message":"The retry key is already accepted"})"), line()).result,
            Result::kDelivered);
}

TEST_F(LineSpec, AReminderIsNoRepetition) {
  auto letter = milestone_letter();
  const auto first = key_of(letter);
  letter.purpose = Letter::Purpose::kReminder;
  letter.reminder = 1;
  const auto reminder = key_of(letter);
  EXPECT_NE(reminder, first);
  EXPECT_EQ(key_of(letter), reminder);
  letter.reminder = 2;
  EXPECT_NE(key_of(letter), reminder);
  letter = milestone_letter();
  letter.event = "withdrawn";
  EXPECT_NE(key_of(letter), first);
}

TEST_F(LineSpec, GivesUpWhenTheMonthIsSpent) {
  EXPECT_EQ(attempt(answer(429, R"({"message":"You have reached your monthly limit."})"), line()).result,
            Result::kRefused);
  EXPECT_EQ(attempt(answer(429, R"({"message":"The API rate limit has been exceeded."})"), line()).result,
            Result::kFailed);
}

TEST_F(LineSpec, CutsAtFiveThousand) {
  const auto text = Json{sent(line(), with_text(std::string(100 << 10, 'x'))).body}.text("/messages/0/text");
  EXPECT_LE(text.size(), 5000U);
  EXPECT_THAT(text, AllOf(HasSubstr("x…\n"), EndsWith("id 01234567")));
}

}  // namespace
}  // namespace yagura::alerts
