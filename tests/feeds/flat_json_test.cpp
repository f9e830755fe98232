// The reader of plain frames against the full parser: what it takes, the other takes with the same values.
#include "feeds/flat_json.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace yagura::feeds {
namespace {

struct Members {
  JsonScalar type, symbol, ts_ns, price, bid, message;
  std::array<JsonField, 6> fields{{{"type", &type},
                                   {"symbol", &symbol},
                                   {"ts_ns", &ts_ns},
                                   {"price", &price},
                                   {"bid", &bid},
                                   {"message", &message}}};
};

// True when the plain reader took it.
bool expect_agreement(JsonFrame& frame, const std::string& text) {
  Members flat;
  Members full;
  if (!read_flat_json(text, flat.fields)) return false;
  EXPECT_EQ(frame.read_in_full(text, full.fields), nullptr) << text;
  for (std::size_t i = 0; i < flat.fields.size(); ++i) {
    EXPECT_EQ(flat.fields[i].value->kind, full.fields[i].value->kind) << text;
    EXPECT_EQ(flat.fields[i].value->text, full.fields[i].value->text) << text;
  }
  return true;
}

const std::vector<std::string> kPlain = {
    R"({"type":"tick","symbol":"NI225","ts_ns":1770595200123456789,"price":"57001.23","seq":42})",
    R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":157.123})",
    R"({"symbol":"USD_JPY","ask":"157.123","bid":"157.120","timestamp":"2026-02-09T00:00:00.123Z","status":"OPEN"})",
    R"({"type":"pricing","message":"CgVKUFk9WBXhehxDGJDsstDwZioDQ0NZMA44AWDgnfX8ZtgBBA=="})",
    " {\t\"price\" : -0.5e+10 ,\r\n \"bid\": null , \"type\":true,\"symbol\":false } \n",
    R"({"price":0,"price":1,"price":1.5E-3})",
    R"({})",
    R"({"":""})",
};

TEST(FlatJson, TakesPlainFrames) {
  JsonFrame frame;
  for (const auto& text : kPlain) EXPECT_TRUE(expect_agreement(frame, text)) << text;
}

TEST(FlatJson, LeavesTheUnusualToTheFullParser) {
  Members in;
  for (const std::string text : {R"({"type":"a\nb"})",
                                 R"({"type":{}})",
                                 R"({"type":[1]})",
                                 "{\"type\":\"\xE5\x86\x86\"}",
                                 "{\"type\":\"\xFF\"}",
                                 "{\"type\":\"a\x01\"}",
                                 R"({"price":01})",
                                 R"({"price":1.})",
                                 R"({"price":+1})",
                                 R"({"price":.5})",
                                 R"({"price":1e})",
                                 R"({"price":-})",
                                 R"({"price":1 2})",
                                 R"({"price":nul})",
                                 R"({"price":nulls})",
                                 R"({"price":1,})",
                                 R"({"price" 1})",
                                 R"({,})",
                                 R"({"price":1}})",
                                 R"({"price":1)",
                                 R"([])",
                                 R"("")",
                                 "",
                                 "{",
                                 R"({"type":"tick)",
                                 R"({"type)",
                                 "\xEF\xBB\xBF{}"})
    EXPECT_FALSE(read_flat_json(text, in.fields)) << text;
}

// Where a text ends, eight bytes at a time or one by one, at every place of the word.
TEST(FlatJson, FindsTheEndOfATextOfAnyLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string name(size, '~');
    const auto text = R"({"type":")" + name + "\"}";
    Members in;
    ASSERT_TRUE(read_flat_json(text, in.fields)) << text;
    EXPECT_EQ(in.type.text, name);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char bad : {'\\', '\x1f', '\0', '\x80', '\xff'}) {
        auto spoilt = text;
        spoilt[9 + at] = bad;
        EXPECT_FALSE(read_flat_json(spoilt, in.fields)) << at;
      }
    }
  }
}

TEST(FlatJson, AgreesWithTheFullParserOnMutatedFrames) {
  constexpr std::string_view kBytes = "{}[]\",:\\ \n\t0123456789.+-eEtruefalsn\x01\x7f\x80\xc3\xa9";
  std::mt19937_64 random{20260209};
  JsonFrame frame;
  std::size_t taken = 0;
  for (int i = 0; i < 60'000; ++i) {
    auto text = kPlain[random() % kPlain.size()];
    for (auto changes = 1 + random() % 3; changes != 0; --changes) {
      if (text.empty()) break;
      const auto at = random() % text.size();
      const char byte = kBytes[random() % kBytes.size()];
      switch (random() % 3) {
        case 0: text[at] = byte; break;
        case 1: text.insert(at, 1, byte); break;
        default: text.erase(at, 1);
      }
    }
    if (expect_agreement(frame, text)) ++taken;
  }
  EXPECT_GT(taken, 10'000U) << "most mutations should still be plain, or this compares nothing";
}

}  // namespace
}  // namespace yagura::feeds
