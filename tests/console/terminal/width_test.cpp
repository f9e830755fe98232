#include <gtest/gtest.h>

#include "console/terminal/frame.hpp"
#include "console/terminal/line.hpp"
#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {
namespace {

TEST(WidthSpec, CountsWideCharactersTwiceAndCombiningOnesNot) {
  EXPECT_EQ(width_of(""), 0);
  EXPECT_EQ(width_of("Nikkei 225"), 10);
  EXPECT_EQ(width_of("日経平均"), 8);
  EXPECT_EQ(width_of("ﾆｯｹｲ"), 4);          // halfwidth katakana
  EXPECT_EQ(width_of("Ｎｉ"), 4);          // fullwidth Latin
  EXPECT_EQ(width_of("e\u0301"), 1);       // e and an acute accent
  EXPECT_EQ(width_of("か\u3099"), 2);      // ka and a voiced sound mark
  EXPECT_EQ(width_of("\U0001F4C8"), 2);    // chart increasing
  EXPECT_EQ(width_of("\u2800\u28ff"), 2);  // braille
  EXPECT_EQ(width_of("─│·σµ✓"), 6);
  EXPECT_EQ(width_of("\U00020BB7野家"), 6);  // beyond the basic plane
}

TEST(WidthSpec, TakesTheBeginningThatFitsAndNeverHalfACharacter) {
  EXPECT_EQ(fitting("日経平均", 5), "日経");
  EXPECT_EQ(fitting("日経平均", 8), "日経平均");
  EXPECT_EQ(fitting("日経平均", 1), "");
  EXPECT_EQ(fitting("e\u0301x", 1), "e\u0301");
  EXPECT_EQ(fitting("abc", 0), "");
}

TEST(DecodeSpec, RefusesWhatIsNoUtf8) {
  for (const std::string bad :
       {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    const auto decoded = decode(bad);
    EXPECT_FALSE(decoded.valid);
    EXPECT_EQ(decoded.size, 1U);
    EXPECT_EQ(decoded.character, kReplacement);
  }
}

TEST(DecodeSpec, ReadsBackWhatWasWritten) {
  for (char32_t c = 1; c <= 0x10ffff; c = c * 3 / 2 + 1) {
    if (c >= 0xd800 && c < 0xe000) continue;
    std::string text;
    append(text, c);
    const auto decoded = decode(text);
    EXPECT_TRUE(decoded.valid);
    EXPECT_EQ(decoded.character, c);
    EXPECT_EQ(decoded.size, text.size());
  }
}

TEST(ShownSpec, ShowsControlCharactersAsText) {
  EXPECT_EQ(shown("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(shown(std::string{"nul\0line\n\t\x7f", 10}), "nul\\x00line\\x0a\\x09");
  EXPECT_EQ(shown("\u009b2J"), "\\x9b2J");  // C1: ESC [ in one character
}

TEST(ShownSpec, ShowsWhatSteersTextAsReplacements) {
  EXPECT_EQ(shown("\u202e12\u2066"), "\ufffd12\ufffd");
  EXPECT_EQ(shown("a\u200bb\u200dc"), "a\ufffdb\ufffdc");
  EXPECT_EQ(shown("\xff\xfe"), "\ufffd\ufffd");
  EXPECT_EQ(shown("x\ufe0f"), "x");  // a variant
}

TEST(ShownSpec, LetsFewMarksCombine) {
  EXPECT_EQ(shown("e\u0301\u0302\u0303\u0304"), "e\u0301\u0302");
  EXPECT_EQ(shown("\u0301e"), "e");  // nothing to combine with
}

TEST(ShownSpec, WritesAsciiWhereThereIsNothingElse) {
  EXPECT_EQ(shown("−0.42 µs · 1 円 → 日 €", false), "-0.42 us . 1  yen > ? EUR");
}

TEST(LineSpec, CutsWithAMark) {
  EXPECT_EQ(Line{true}.add("日経平均 up").cut(6).spans().front().text, "日経…");
  EXPECT_EQ(Line{false}.add("rejected").cut(5).spans().front().text, "reje~");
  EXPECT_TRUE(Line{true}.add("x").cut(0).spans().empty());
}

TEST(LineSpec, AlignsCellsByColumns) {
  Line line{true};
  line.cell("日経", 6).right("7", 3).to(12).add("|");
  std::string text;
  for (const auto& span : line.spans()) text += span.text;
  EXPECT_EQ(text, "日経    7   |");
  EXPECT_EQ(line.width(), 13);
}

TEST(WrapSpec, BreaksBetweenWordsOrWideCharacters) {
  EXPECT_EQ(wrapped("one two three", 8, 9), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("日経平均は初めて", 5, 9), (std::vector<std::string>{"日経", "平均", "は初", "めて"}));
  EXPECT_EQ(wrapped("abcdefgh", 3, 9), (std::vector<std::string>{"abc", "def", "gh"}));
  EXPECT_EQ(wrapped("one two three", 8, 1), (std::vector<std::string>{"one two…"}));
}

}  // namespace
}  // namespace yagura::console::terminal
