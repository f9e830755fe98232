// Tables and paragraphs as they stand on a page.
#include "app/text_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using ::testing::ElementsAre;

TEST(TextTableSpec, AlignsByTheWidestCell) {
  TextTable table{{{"rule", Align::kLeft}, {"alerts"}, {"note", Align::kLeft}}};
  table.row({"a", "1,234,567", "x"});
  table.row({"longer", "5"});
  EXPECT_EQ(table.text(false),
            "rule       alerts  note\n"
            "a       1,234,567  x\n"
            "longer          5\n");
}

TEST(TextTableSpec, ALongFirstCellStandsAboveItsRow) {
  TextTable table{{{"rule", Align::kLeft}, {"alerts"}}};
  table.row({"short", "1"});
  table.row({"a-name-that-would-push-everything-else-off-the-page", "2"});
  EXPECT_EQ(table.text(false),
            "rule   alerts\n"
            "short       1\n"
            "a-name-that-would-push-everything-else-off-the-page\n"
            "            2\n");
}

TEST(TextTableSpec, HeadsAreBoldOnlyWhenAsked) {
  const TextTable table{{{"rule", Align::kLeft}}};
  EXPECT_EQ(table.text(true), "\x1b[1mrule\x1b[0m\n");
  EXPECT_EQ(table.text(false), "rule\n");
}

TEST(TextTableSpec, WidthIsWhatIsSeen) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日経平均"), 8U);
  EXPECT_EQ(display_width("− é …"), 5U);
  EXPECT_EQ(display_width("\xE6"), 1U);  // cut in the middle
}

TEST(TextTableSpec, ParagraphsBreakAtSpaces) {
  EXPECT_THAT(wrapped("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("a-very-long-word b", 5), ElementsAre("a-very-long-word", "b"));
  EXPECT_THAT(wrapped("日経 平均", 6), ElementsAre("日経", "平均"));
  EXPECT_TRUE(wrapped("", 5).empty());
}

}  // namespace
}  // namespace yagura::app
