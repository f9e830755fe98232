#include "core/json_writer.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace yagura {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// What a JSON parser makes of `json`, a string in quotes.
std::string parsed(const std::string& json) {
  simdjson::dom::parser parser;
  std::string_view text;
  const auto error = parser.parse(simdjson::padded_string{json}).get(text);
  EXPECT_EQ(error, simdjson::SUCCESS) << json;
  return std::string{text};
}

TEST(JsonStringSpec, EscapesWhatJsonRequires) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("USD/JPY"), R"("USD/JPY")");
  EXPECT_EQ(json_string("say \"hi\" \\ bye"), R"("say \"hi\" \\ bye")");
  EXPECT_EQ(json_string("a\nb\rc\td"), R"("a\nb\rc\td")");
  EXPECT_EQ(json_string(std::string_view{"\0\x01\x1f\x7f", 4}), R"("\u0000\u0001\u001f\u007f")");
}

TEST(JsonStringSpec, LeavesUtf8Alone) {
  for (const char* text : {"日経平均", "é", "櫓", "\U0001F4C8", "\uFFFD", "\u00A0", "\u07FF", "\u0800", "\uFFFF",
                           "\U00010000", "\U0010FFFF"}) {
    EXPECT_EQ(json_string(text), '"' + std::string{text} + '"');
  }
}

// JSON goes to terminals as well.
TEST(JsonStringSpec, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(json_string("a\u009B2J"), R"("a\u009b2J")");
  EXPECT_EQ(json_string("\u0085\u061C\u200E\u200F"), R"("\u0085\u061c\u200e\u200f")");
  EXPECT_EQ(json_string("\u2028\u202E\u2066\u2069"), R"("\u2028\u202e\u2066\u2069")");
  for (const char* text : {"\u009F", "\u00A0", "\u200D", "\u2027", "\u202F", "\u2065", "\u206A", "\u0610"}) {
    EXPECT_EQ(parsed(json_string(text)), text);
    EXPECT_EQ(json_string(text).find("\\u") != std::string::npos, std::string_view{text} == "\u009F") << text;
  }
}

TEST(JsonStringSpec, ReplacesEachByteThatIsNoUtf8) {
  const std::string mark = "\uFFFD";
  EXPECT_EQ(parsed(json_string("\xff")), mark);
  EXPECT_EQ(parsed(json_string("a\x80z")), "a" + mark + "z");                     // continuation without a lead
  EXPECT_EQ(parsed(json_string("\xC0\xAF")), mark + mark);                        // overlong
  EXPECT_EQ(parsed(json_string("\xE0\x80\x80")), mark + mark + mark);             // overlong
  EXPECT_EQ(parsed(json_string("\xED\xA0\x80")), mark + mark + mark);             // a surrogate
  EXPECT_EQ(parsed(json_string("\xF4\x90\x80\x80")), mark + mark + mark + mark);  // above U+10FFFF
  EXPECT_EQ(parsed(json_string("\xE6\x97")), mark + mark);                        // cut at the end
  EXPECT_EQ(parsed(json_string("\xE6\x97\"")), mark + mark + "\"");               // cut by a quote, which stays escaped
  EXPECT_EQ(parsed(json_string("\xF0\x9F\x93")), mark + mark + mark);
}

TEST(JsonStringSpec, AnyBytesBecomeAStringThatParses) {
  std::mt19937 random{9};
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() % 128 : random());
    (void)parsed(json_string(bytes));
  }
}

TEST(JsonStringSpec, ValidTextReadsBackUnchanged) {
  std::mt19937 random{10};
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (auto n = random() % 20; n > 0; --n) {
      static constexpr const char* kPieces[] = {"a", "\"", "\\",         "\n", "\t", "\x01", "\x7f",
                                                "é", "櫓", "\U0001F4C8", "/",  "<",  "&"};
      text += kPieces[random() % std::size(kPieces)];
    }
    ASSERT_EQ(parsed(json_string(text)), text);
  }
}

class JsonWriterSpec : public testing::Test {
 protected:
  std::string out;
  JsonWriter json{out};
};

TEST_F(JsonWriterSpec, PutsCommasWhereTheyBelong) {
  json.begin_object()
      .field("a", 1)
      .key("list")
      .begin_array()
      .value(1)
      .value("x")
      .begin_object()
      .end_object()
      .null()
      .end_array()
      .field("b", true)
      .end_object();
  EXPECT_EQ(out, R"({"a":1,"list":[1,"x",{},null],"b":true})");
}

TEST_F(JsonWriterSpec, WritesEmptyContainers) {
  json.begin_array().begin_array().end_array().begin_object().end_object().end_array();
  EXPECT_EQ(out, "[[],{}]");
}

TEST_F(JsonWriterSpec, WritesPricesAsStrings) {
  json.begin_array()
      .value(*parse_price("57000"))
      .value(*parse_price("157.12350"))
      .value(*parse_price("1") - *parse_price("1.25"))
      .end_array();
  EXPECT_EQ(out, R"(["57000","157.1235","-0.25"])");
}

TEST_F(JsonWriterSpec, WritesIntegersInFull) {
  json.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(std::int8_t{-1})
      .value(std::uint8_t{255})
      .end_array();
  EXPECT_EQ(out, "[-9223372036854775808,18446744073709551615,-1,255]");
}

TEST_F(JsonWriterSpec, WritesDoublesThatReadBack) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 400) - 250);
    out.clear();
    JsonWriter{out}.value(number);
    ASSERT_EQ(std::strtod(out.c_str(), nullptr), number) << out;
  }
}

TEST_F(JsonWriterSpec, WritesNullForWhatJsonCannotSay) {
  json.begin_array()
      .value(std::nan(""))
      .value(std::numeric_limits<double>::infinity())
      .value(-std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(out, "[null,null,null]");
}

TEST_F(JsonWriterSpec, TakesJsonThatIsReady) {
  json.begin_object().key("alert").raw(R"({"seq":1})").field("after", 2).end_object();
  EXPECT_EQ(out, R"({"alert":{"seq":1},"after":2})");
}

TEST_F(JsonWriterSpec, EscapesKeysToo) {
  json.begin_object().field("a\"b", 1).end_object();
  EXPECT_EQ(out, R"({"a\"b":1})");
}

TEST_F(JsonWriterSpec, AppendsToWhatIsThere) {
  out = "data: ";
  JsonWriter{out}.value(1);
  EXPECT_EQ(out, "data: 1");
}

TEST_F(JsonWriterSpec, WhatItWritesParsesBack) {
  json.begin_object()
      .field("title", "Nikkei 225 \"57,000\"\n")
      .field("price", *parse_price("57337.07"))
      .field("ts_ns", std::int64_t{1'770'595'200'123'456'789})
      .field("z", -1.5);
  json.key("levels").begin_array().value(*parse_price("55000")).value(*parse_price("56000")).end_array().end_object();

  simdjson::dom::parser parser;
  const simdjson::dom::element document = parser.parse(simdjson::padded_string{out});
  EXPECT_EQ(std::string_view{document["title"]}, "Nikkei 225 \"57,000\"\n");
  EXPECT_EQ(std::string_view{document["price"]}, "57337.07");
  EXPECT_EQ(std::int64_t{document["ts_ns"]}, 1'770'595'200'123'456'789);
  EXPECT_EQ(double{document["z"]}, -1.5);
  EXPECT_EQ(std::string_view{document["levels"].at(1)}, "56000");
}

}  // namespace
}  // namespace yagura
