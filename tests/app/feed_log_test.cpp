// The log of feeds that come and go: news at once, repeats once a minute.
#include "app/feed_log.hpp"

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using feeds::FeedReason;
using feeds::FeedState;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class HeldClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override { return {}; }
  [[nodiscard]] MonoTime mono() const noexcept override { return at; }
  MonoTime at{MonoTime{} + 1h};
};

class FeedLogSpec : public testing::Test {
 protected:
  // The line in the log, "" for none.
  std::string change(FeedState state, FeedReason reason = FeedReason::kNone, const std::string& name = "gmo",
                     const std::string& text = "because") {
    feeds::FeedStatus status;
    status.name = name;
    status.url = "wss://x/";
    status.state = state;
    status.reason = reason;
    status.text = text;
    const auto line = log.on_change(status);
    return line && line->level != FeedLog::Level::kDebug ? line->text : "";
  }
  std::string lost(FeedReason reason, const std::string& name = "gmo") {
    return change(FeedState::kBackoff, reason, name);
  }
  HeldClock clock;
  FeedLog log{clock};
};

TEST_F(FeedLogSpec, TheSameReasonIsSaidOnceAMinute) {
  EXPECT_EQ(lost(FeedReason::kDns), "feed gmo: BACKOFF, dns: because; trying again");
  for (int i = 0; i < 30; ++i) {
    clock.at += 1900ms;
    EXPECT_EQ(lost(FeedReason::kDns), "");
  }
  clock.at += 5s;
  EXPECT_THAT(lost(FeedReason::kDns), HasSubstr("dns: because; trying again (30 more since the last line)"));
  EXPECT_EQ(lost(FeedReason::kDns), "");
}

TEST_F(FeedLogSpec, AnotherReasonAndAnotherFeedAreNews) {
  EXPECT_NE(lost(FeedReason::kDns), "");
  EXPECT_NE(lost(FeedReason::kTls), "");
  EXPECT_NE(lost(FeedReason::kDns), "");
  EXPECT_NE(lost(FeedReason::kDns, "yahoo"), "");
}

TEST_F(FeedLogSpec, AnotherTextIsNewsUpToEightLinesAMinute) {
  const auto closed = [this](int code) {
    return change(FeedState::kBackoff, FeedReason::kSocketClosed, "gmo", "closed with " + std::to_string(code));
  };
  for (int code = 1; code <= 8; ++code) EXPECT_NE(closed(code), "") << code;
  for (int code = 9; code <= 40; ++code) EXPECT_EQ(closed(code), "") << code;
  clock.at += 1min;
  EXPECT_EQ(closed(41), "feed gmo: BACKOFF, socket_closed: closed with 41; trying again (32 more since the last line)");
}

TEST_F(FeedLogSpec, AReturnIsSaidUnlessItsLossWasNot) {
  EXPECT_NE(lost(FeedReason::kSocketClosed), "");
  EXPECT_EQ(change(FeedState::kLive), "feed gmo: LIVE (wss://x/)");
  clock.at += 1s;
  EXPECT_EQ(lost(FeedReason::kSocketClosed), "");
  EXPECT_EQ(change(FeedState::kLive), "");
  clock.at += 61s;
  EXPECT_THAT(lost(FeedReason::kSocketClosed), HasSubstr("(1 more"));
  EXPECT_NE(change(FeedState::kLive), "");
}

TEST_F(FeedLogSpec, AReturnIsSaidAfterALossThatWasThoughItsRepeatsWereNot) {
  EXPECT_NE(lost(FeedReason::kRefused), "");
  EXPECT_EQ(lost(FeedReason::kRefused), "");
  EXPECT_EQ(change(FeedState::kLive), "feed gmo: LIVE (wss://x/)");
}

TEST_F(FeedLogSpec, SaysWhatTheVendorComplainsOfWhileTheFeedGoesOn) {
  const auto complaint = [this](const std::string& text) {
    feeds::FeedStatus status;
    status.name = "gmo";
    status.state = FeedState::kLive;
    status.last_error = text;
    const auto line = log.on_error(status);
    return line ? line->text : "";
  };
  EXPECT_EQ(complaint("vendor error: no plan"), "feed gmo: vendor error: no plan");
  EXPECT_EQ(complaint("vendor error: no plan"), "");
  EXPECT_EQ(complaint("vendor error: other"), "feed gmo: vendor error: other");
  clock.at += 61s;
  EXPECT_EQ(complaint("vendor error: other"), "feed gmo: vendor error: other");
}

TEST_F(FeedLogSpec, ConnectingIsNoNews) {
  EXPECT_EQ(change(FeedState::kConnecting), "");
  EXPECT_EQ(change(FeedState::kHandshake), "");
}

}  // namespace
}  // namespace yagura::app
