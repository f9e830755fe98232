// Text from outside (notes, names, another monitor's words) is shown as text, wherever it is shown: it
// commands no terminal, begins no header and no line, and turns no text around.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>

#include "alerts/compose.hpp"
#include "alerts/terminal_line.hpp"
#include "core/json_writer.hpp"
#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

struct Hostile {
  std::string_view what;
  std::string text;
  std::string_view shown;  // what of it must be readable; empty: nothing in particular
};

std::vector<Hostile> hostile_texts() {
  std::string controls;
  for (char c = 1; c < 32; ++c) controls += c;
  const std::string nul{"a\0b", 3};
  return {
      {"ESC", "\x1b[2J\x1b]0;owned\x07 red", "red"},
      {"C0 and DEL", "x" + controls + "\x7fy", ""},
      {"NUL", nul, "ab"},
      {"C1: CSI and NEL",
       "a\xc2\x9b"
       "2Jb\xc2\x85"
       "c",
       "a2Jbc"},
      {"a header", "stop\r\nBcc: everyone@example.com\r\n\r\n<html>", "stop"},
      {"line and paragraph marks",
       "a\xe2\x80\xa8"
       "b\xe2\x80\xa9"
       "c",
       "a b c"},
      {"bidi overrides",
       "\xe2\x80\xae"
       "txt.exe\xe2\x80\xac\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c",
       "txt.exe"},
      {"HTML", "<img src=x onerror=alert(1)>&amp;\"'", "<img src=x onerror=alert(1)>&amp;\"'"},
      {"mustache", "{{id}}{{#link}}x{{/link}}{{>y}}", "{{id}}{{#link}}x{{/link}}{{>y}}"},
      {"markdown", "@everyone *b* _i_ [a](https://example.com) <@U1> `c`", "@everyone *b*"},
      {"emoji", "🚀 介入 👩‍💻", "🚀 介入 👩‍💻"},
      {"not UTF-8", "a\xff\xc3(\xe2\x82\xf0\x9f", "a"},
      {"half a surrogate", "\xed\xa0\x80x", "x"},
      {"100 KB", std::string(100'000, 'A'), "AAAA"},
      {"100 KB of one line end", std::string(100'000, '\n'), ""},
  };
}

// By the bytes of UTF-8, apart from the code under test.
void expect_clean(std::string_view text, bool lines, std::string_view what) {
  EXPECT_TRUE(simdjson::validate_utf8(text)) << what;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    EXPECT_FALSE((c < 0x20 && !(lines && c == '\n')) || c == 0x7f) << what << ": byte " << int{c} << " at " << i;
  }
  for (const std::string_view mark :
       {"\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7",
        "\xe2\x81\xa8", "\xe2\x81\xa9"}) {
    EXPECT_EQ(text.find(mark), std::string_view::npos) << what;
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

void expect_clean_letters(const Facts& facts, const Hostile& hostile) {
  for (const auto language : {Language::kEnglish, Language::kJapanese}) {
    for (const std::string_view form : {"", "{{title}} | {{text}}"}) {
      const auto letter = compose(facts, Letter::Purpose::kReminder,
                                  {.language = language, .title_template = form, .text_template = form});
      expect_clean(letter.title, false, hostile.what);
      expect_clean(letter.text, true, hostile.what);
      EXPECT_LE(characters(letter.title), 301U) << hostile.what;
      EXPECT_LE(characters(letter.text), 4001U) << hostile.what;
      EXPECT_NE(letter.text.find(hostile.shown), std::string::npos) << hostile.what << " in\n" << letter.text;
    }
  }
}

TEST(HostileText, ANoteAndANameInLineJsonAndLetter) {
  for (const auto& hostile : hostile_texts()) {
    auto all = catalog();
    all.rules[kLevelRule].notes = {hostile.text};
    all.instruments[index_of(kYen)].name = all.instruments[index_of(kYen)].name_ja = "yen " + hostile.text;
    const auto sample = yen_level(Event::kReached, Direction::kUp, "160.012", "160", 0);
    const auto alert = said(sample.signal, sample.levels, all);

    const auto line = plain_line(sample.signal, alert.title, all, false);
    expect_clean(line, false, hostile.what);
    EXPECT_LT(line.size(), 1000U) << hostile.what;

    const auto& json = alert.json;
    EXPECT_LT(json.size(), 8000U) << hostile.what;
    expect_clean(json, false, hostile.what);
    const auto facts = read_facts(json);
    ASSERT_TRUE(facts) << hostile.what << ": " << facts.error().message;
    EXPECT_EQ(facts->title, alert.title);
    EXPECT_EQ(facts->text_ja, alert.text_ja);
    expect_clean_letters(*facts, hostile);
  }
}

// As it may come out of a stream that others write to.
TEST(HostileText, WordsOfAnotherMonitor) {
  for (const auto& hostile : hostile_texts()) {
    std::string json;
    JsonWriter writer{json};
    writer.begin_object().field("id", "0123456789abcdeffedcba9876543210").field("kind", hostile.text.substr(0, 100));
    writer.field("rule", hostile.text.substr(0, 100)).field("severity", "low").field("ts_event_ns", 1);
    writer.field("title", "t" + hostile.text).field("text", hostile.text).end_object();
    const auto facts = read_facts(json);
    ASSERT_TRUE(facts) << hostile.what << ": " << facts.error().message;
    expect_clean(facts->rule, false, hostile.what);
    for (const std::string_view form : {"", "{{rule}} {{kind}} {{title}}"}) {
      const auto letter = compose(*facts, Letter::Purpose::kAlert, {.title_template = form});
      expect_clean(letter.title, false, hostile.what);
      expect_clean(letter.text, true, hostile.what);
      expect_clean(letter.kind, false, hostile.what);
      EXPECT_LE(characters(letter.title), 301U) << hostile.what;
    }
  }
}

TEST(HostileText, LineEndsStayInATextAndNowhereElse) {
  Facts facts;
  facts.title = facts.text = "one\r\ntwo\rthree\nfour";
  const auto letter = compose(facts, Letter::Purpose::kAlert, {});
  EXPECT_EQ(letter.title, "one  two three four");
  EXPECT_EQ(letter.text, "one\ntwo three\nfour");
}

}  // namespace
}  // namespace yagura::alerts
