#include "app/screen_mail.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yagura::app {
namespace {

class ScreenMailSpec : public testing::Test {
 protected:
  static std::string tick(int n) { return R"({"type":"tick","n":)" + std::to_string(n) + "}"; }
  static std::string state(int n) { return R"({"type":"state","n":)" + std::to_string(n) + "}"; }
  static std::string alert(int n) { return R"({"type":"alert","n":)" + std::to_string(n) + "}"; }
  std::vector<std::string> messages() {
    std::vector<std::string> all;
    for (auto& event : mail.take()) all.push_back(std::get<ScreenMessage>(event).json);
    return all;
  }

  int woken = 0;
  ScreenMail mail{[this] { ++woken; }, 2'000};
};

TEST_F(ScreenMailSpec, MessagesComeInOrderAndWakeOnce) {
  EXPECT_TRUE(mail.put(alert(1)));
  EXPECT_TRUE(mail.put(tick(2)));
  EXPECT_TRUE(mail.put(alert(3)));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(messages(), (std::vector{alert(1), tick(2), alert(3)}));
  EXPECT_TRUE(mail.empty());
}

TEST_F(ScreenMailSpec, OfStatesTheNewestStays) {
  for (int n = 0; n < 1'000; ++n) EXPECT_TRUE(mail.put(state(n)));
  EXPECT_EQ(messages(), std::vector{state(999)});
}

TEST_F(ScreenMailSpec, OldTicksGoAndAlertsStay) {
  ScreenMail box{[] {}};
  EXPECT_TRUE(box.put(alert(-1)));
  for (int n = 0; n < 1'000; ++n) EXPECT_TRUE(box.put(tick(n)));
  auto events = box.take();
  ASSERT_EQ(events.size(), 1 + ScreenMail::kMostTicks);
  EXPECT_EQ(std::get<ScreenMessage>(events.front()).json, alert(-1));
  EXPECT_EQ(std::get<ScreenMessage>(events.back()).json, tick(999));
}

TEST_F(ScreenMailSpec, AnAlertThatDoesNotFitIsRefusedAndNothingIsLost) {
  int taken = 0;
  while (mail.put(alert(taken))) ++taken;
  ASSERT_GT(taken, 10);
  const auto all = messages();
  ASSERT_EQ(all.size(), static_cast<std::size_t>(taken));
  EXPECT_EQ(all.back(), alert(taken - 1));
  EXPECT_TRUE(mail.put(alert(taken)));
}

TEST_F(ScreenMailSpec, OfFailedAttemptsTheLastStays) {
  for (int n = 0; n < 100; ++n) mail.put(ScreenLost{.text = std::to_string(n)});
  const auto events = mail.take();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<ScreenLost>(events.front()).text, "99");
}

}  // namespace
}  // namespace yagura::app
