// Whatever comes in and whatever the size: lines within their columns, and nothing but text.
#include <gmock/gmock.h>

#include <random>

#include "console/terminal/utf8.hpp"
#include "console/terminal/words.hpp"
#include "tests/console/terminal/screen_fixture.hpp"

namespace yagura::console::terminal {
namespace {

class HostileSpec : public ScreenSpec {
 protected:
  // Nothing a terminal would act on, no line too wide, none too many.
  void expect_sane(const Frame& frame, std::string_view what) {
    ASSERT_LE(frame.lines.size(), static_cast<std::size_t>(look.size.rows)) << what;
    for (const auto& line : frame.lines) {
      int width = 0;
      for (const auto& span : line) {
        width += width_of(span.text);
        expect_text(span.text, what);
      }
      ASSERT_LE(width, look.size.columns) << what;
    }
    if (frame.cursor) {
      ASSERT_LT(frame.cursor->column, look.size.columns) << what;
      ASSERT_LT(frame.cursor->row, look.size.rows) << what;
    }
  }
  void expect_text(std::string_view text, std::string_view what) {
    while (!text.empty()) {
      const auto decoded = decode(text);
      ASSERT_TRUE(decoded.valid) << what;
      ASSERT_GE(width_of(decoded.character), 0) << what << ' ' << std::hex << static_cast<unsigned>(decoded.character);
      ASSERT_FALSE(is_format_mark(decoded.character))
          << what << ' ' << std::hex << static_cast<unsigned>(decoded.character);
      ASSERT_TRUE(look.unicode || decoded.character < 0x7f) << what;
      text.remove_prefix(decoded.size);
    }
  }
  int pick(int from, int to) { return std::uniform_int_distribution{from, to}(random); }
  void press_anything() {
    constexpr std::u32string_view kKeys = U"jkefaAus+l-Lz?/ 日x9\x0c\x15";
    if (pick(0, 3) == 0)
      press(static_cast<Key::Code>(pick(1, 14)));
    else
      press(kKeys[static_cast<std::size_t>(pick(0, static_cast<int>(kKeys.size()) - 1))]);
  }
  void draw_somehow(std::string_view what) {
    look.size = {pick(1, 220), pick(1, 70)};
    look.unicode = pick(0, 1) == 0;
    now += std::chrono::milliseconds{pick(0, 3'000)};
    expect_sane(frame(), what);
  }

  std::mt19937 random{20260212};
};

TEST_F(HostileSpec, FitsEverySize) {
  open_demo();
  for (int columns = 1; columns <= 220; columns += columns < 45 || (columns > 75 && columns < 125) ? 1 : 7) {
    for (int rows = 1; rows <= 70; rows += rows < 45 ? 1 : 5) {
      look.size = {columns, rows};
      look.unicode = (columns + rows) % 2 == 0;
      expect_sane(frame(), std::to_string(columns) + "x" + std::to_string(rows));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(HostileSpec, FitsWhateverIsPressed) {
  open_demo();
  for (int i = 0; i < 3'000 && !HasFatalFailure(); ++i) {
    press_anything();
    if (i % 97 == 0) model.link_lost(now, "reset\x1b[2J");
    if (i % 101 == 0) receive(state_message("hello", busy_state(), 115));
    draw_somehow("key " + std::to_string(i));
  }
}

// Bytes of a message changed at random: read or refused, never more.
TEST_F(HostileSpec, SurvivesDamagedMessages) {
  std::vector<std::string> messages = demo_alerts();
  messages.push_back(state_message("hello", busy_state(), 115));
  messages.push_back(state_message("state", busy_state(), 115));
  messages.push_back(tick_message("NI225", "57000.5", kMarketNow));
  const std::string_view pieces[] = {"\x1b[31m",
                                     "\\u001b",
                                     "\\u202e",
                                     "\xff",
                                     "\"",
                                     "{",
                                     "]",
                                     "-9223372036854775808",
                                     "18446744073709551615",
                                     "1e308",
                                     "null",
                                     "\\ud800",
                                     "9999999999999999999999",
                                     ","};
  open_demo();
  int taken = 0;
  for (int i = 0; i < 6'000 && !HasFatalFailure(); ++i) {
    auto text = messages[static_cast<std::size_t>(pick(0, static_cast<int>(messages.size()) - 1))];
    for (int change = pick(1, 4); change > 0; --change) {
      const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(text.size()) - 1));
      const auto& piece = pieces[static_cast<std::size_t>(pick(0, static_cast<int>(std::size(pieces)) - 1))];
      text.replace(at, static_cast<std::size_t>(pick(0, 6)), piece);
    }
    taken += model.receive(text, now).has_value() ? 1 : 0;
    static_cast<void>(model.receive_answer(text));
    draw_somehow(text);
  }
  EXPECT_GT(taken, 500);  // much is still read, with odd values
}

// Values put in place of others, so that what is read is hostile and well-formed.
TEST_F(HostileSpec, SurvivesStrangeValues) {
  const std::string_view values[] = {
      "\"\\u001b]0;x\\u0007\\u202e\\u0000\"",
      "-9223372036854775808",
      "9223372036854775807",
      "18446744073709551615",
      "-1",
      "1e308",
      "-1e308",
      "null",
      "true",
      "[]",
      "{}",
      "\"9223372036.854775807\"",
      "\"-9223372036.854775808\"",
      "\"e\\u0301\\u0301\\u0301\\u0301日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日\"",
      "\"\""};
  const auto whole = state_message("hello", busy_state(), 115);
  std::vector<std::size_t> places;  // where a value begins
  for (auto at = whole.find("\":"); at != std::string::npos; at = whole.find("\":", at + 1)) places.push_back(at + 2);
  for (int i = 0; i < 6'000 && !HasFatalFailure(); ++i) {
    auto text = whole;
    for (int change = pick(1, 5); change > 0; --change) {
      const auto at = places[static_cast<std::size_t>(pick(0, static_cast<int>(places.size()) - 1))];
      const auto end = text.find_first_of(",}]", at);
      if (end == std::string::npos || text[at] == '{' || text[at] == '[') continue;
      text.replace(at, end - at, values[static_cast<std::size_t>(pick(0, static_cast<int>(std::size(values)) - 1))]);
    }
    static_cast<void>(model.receive(text, now));
    receive(tick_message("NI225", "0.000000001", kMarketNow));
    draw_somehow(text);
  }
}

TEST_F(HostileSpec, ShowsVendorsWordsAsText) {
  auto state = busy_state();
  state.demo = false;
  state.note = "\x1b]0;owned\x07 <b>bold</b>";
  state.instruments[0].name = "Nik\x1b[31mkei";
  state.feeds[1].name = "a\u202eb";
  open_demo();
  receive(state_message("state", state, 115));
  EXPECT_THAT(screen(), testing::HasSubstr("\\x1b]0;owned\\x07 <b>bold</b>"));
  EXPECT_THAT(screen(), testing::HasSubstr("Nik\\x1b[31"));
  EXPECT_THAT(screen(), testing::HasSubstr("a\ufffdb BACKOFF"));
  EXPECT_THAT(screen(), testing::Not(testing::HasSubstr("\x1b")));
}

TEST(WordsSpec, AreThereInBothLanguagesAndPlainInEnglish) {
  for (const auto& words : all_words()) {
    EXPECT_FALSE(words.en.empty() || words.ja.empty()) << words.key;
    EXPECT_EQ(shown(words.en, false), words.en) << words.key;
    EXPECT_EQ(shown(words.ja, true), words.ja) << words.key;
    EXPECT_EQ(say(Lang::kEnglish, words.key), words.en) << words.key << " is there twice";
    for (const std::string_view place : {"{0}", "{1}", "{2}", "{3}"})
      EXPECT_EQ(words.en.find(place) == std::string_view::npos, words.ja.find(place) == std::string_view::npos)
          << words.key;
  }
}

}  // namespace
}  // namespace yagura::console::terminal
