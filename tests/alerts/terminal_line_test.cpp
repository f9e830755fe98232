#include "alerts/terminal_line.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

std::string line_of(const Sample& sample, bool colour) {
  return plain_line(sample.signal, sample.alert().title, catalog(), colour);
}

TEST(TerminalLine, ReadsAtAGlance) {
  EXPECT_EQ(line_of(three_milestones(), false),
            "09:22:05 JST  !! Nikkei 225 reached 57,000 for the first time   57,337.07  (+5.7 % on the day)");
}

TEST(TerminalLine, SeverityShowsAsAMark) {
  auto sample = nikkei_level(Event::kLost, Direction::kDown, "56999", {"57000"});
  sample.signal.has_previous_close = false;
  const auto with = [&](Severity severity) {
    sample.signal.severity = severity;
    return line_of(sample, false);
  };
  EXPECT_EQ(with(Severity::kHigh), "09:22:05 JST  !  Nikkei 225 fell below 57,000   56,999.00");
  EXPECT_EQ(with(Severity::kLow), "09:22:05 JST  -  Nikkei 225 fell below 57,000   56,999.00");
  EXPECT_EQ(with(Severity::kInfo), "09:22:05 JST     Nikkei 225 fell below 57,000   56,999.00");
}

TEST(TerminalLine, ColourSurroundsMarkAndTitleOnly) {
  EXPECT_EQ(line_of(three_milestones(), true),
            "09:22:05 JST  \x1b[1;31m!! Nikkei 225 reached 57,000 for the first time\x1b[0m   57,337.07  "
            "(+5.7 % on the day)");
}

TEST(TerminalLine, HostileTextIsShownNotObeyed) {
  EXPECT_EQ(plain_line(three_milestones().signal, "a\x1b]0;owned\x07\nb", catalog(), false),
            "09:22:05 JST  !! a]0;owned b   57,337.07  (+5.7 % on the day)");
}

}  // namespace
}  // namespace yagura::alerts
