#include "app/remote_lines.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using console::terminal::AlertRow;
using console::terminal::Lang;

class RemoteLinesSpec : public testing::Test {
 protected:
  RemoteLinesSpec() {
    auto& nikkei = state.instruments.emplace_back();
    nikkei.symbol = "NI225";
    nikkei.decimals = 2;
    nikkei.calendar = "tse";
    alert.instrument = "NI225";
    alert.severity = console::terminal::Level::kCritical;
    alert.price = "57337.07";
    alert.title = "Nikkei 225 reached 57,000 for the first time";
    alert.title_ja = "日経平均、初めて5万7000円に到達";
    alert.ts_event = timestamp_from_ns(1'770'596'520'000'000'000);
    alert.evidence = {{"previous_close", "54253.68"}};
  }
  console::StateSnapshot state;
  AlertRow alert;
};

TEST_F(RemoteLinesSpec, LookLikeThoseOfTheMonitor) {
  RemoteLines lines{Lang::kEnglish, false};
  EXPECT_EQ(lines.line(alert, state),
            "-- 2026-02-09 --\n"
            "09:22:00 JST  !! Nikkei 225 reached 57,000 for the first time   57,337.07  (+5.7 % on the day)");
  EXPECT_TRUE(lines.line(alert, state).starts_with("09:22:00 JST")) << "the date only once";
}

TEST_F(RemoteLinesSpec, SayWhyAnAlertWasHeld) {
  alert.held = "muted";
  EXPECT_TRUE(RemoteLines(Lang::kEnglish, false).line(alert, state).ends_with("(held: muted)"));
}

TEST_F(RemoteLinesSpec, SpeakJapanese) {
  EXPECT_NE(RemoteLines(Lang::kJapanese, false).line(alert, state).find(alert.title_ja), std::string::npos);
}

TEST_F(RemoteLinesSpec, HaveNoPriceWhereThereIsNone) {
  alert.price.clear();
  EXPECT_EQ(RemoteLines(Lang::kEnglish, false).line(alert, state).find("57,337"), std::string::npos);
}

TEST_F(RemoteLinesSpec, LeaveNothingThatATerminalWouldObey) {
  alert.title = "a\x1b[2Jb\nc\xe2\x80\xae";
  const auto line = RemoteLines(Lang::kEnglish, false).line(alert, state);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_NE(line.find("a[2Jb c"), std::string::npos) << line;
}

TEST_F(RemoteLinesSpec, NothingIsSaidOfAnInstrumentThatTheMonitorDoesNotHave) {
  alert.instrument = "BTC";
  EXPECT_EQ(RemoteLines(Lang::kEnglish, false).line(alert, state), "");
}

}  // namespace
}  // namespace yagura::app
