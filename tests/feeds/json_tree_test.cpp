// Nested JSON, read whole.
#include "feeds/json_tree.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;

struct JsonTreeSpec : ::testing::Test {
  JsonView read(std::string_view text) {
    EXPECT_EQ(tree.read(text), nullptr) << text;
    return tree.root();
  }
  JsonTree tree;
};

TEST_F(JsonTreeSpec, FindsWhatIsNestedAndKeepsTheDigits) {
  const auto root = read(R"({"a":{"b":[1,{"px":"100.90"},-2.50e1]},"c":null,"d":true})");
  EXPECT_EQ(root["a"]["b"].at(0).text(), "1");
  EXPECT_EQ(root["a"]["b"].at(1)["px"].text(), "100.90");
  EXPECT_EQ(root["a"]["b"].at(2).text(), "-2.50e1");
  EXPECT_TRUE(root["c"].absent());
  EXPECT_FALSE(root["c"].missing());
  EXPECT_EQ(root["d"].kind(), JsonKind::kBool);
}

TEST_F(JsonTreeSpec, WhatIsNotThereIsMissingAllTheWayDown) {
  const auto root = read(R"({"a":[1]})");
  EXPECT_TRUE(root["x"]["y"].at(7)["z"].missing());
  EXPECT_TRUE(root["a"].at(1).missing());
  EXPECT_TRUE(root["a"]["b"].missing());
  EXPECT_TRUE(root.at(0).missing());
  for (const auto element : root["x"]) FAIL() << element.text();
}

TEST_F(JsonTreeSpec, WalksListsAndObjectsInOrder) {
  const auto root = read(R"([{"s":"A"},[],{},{"s":"B","more":[[1],[2,3]]},4])");
  std::vector<JsonKind> kinds;
  std::string symbols;
  for (const auto element : root) {
    kinds.push_back(element.kind());
    symbols.append(element["s"].text());
  }
  EXPECT_THAT(
      kinds, ElementsAre(JsonKind::kObject, JsonKind::kArray, JsonKind::kObject, JsonKind::kObject, JsonKind::kNumber));
  EXPECT_EQ(symbols, "AB");
  std::string keys;
  for (const auto member : root.at(3)) keys.append(member.key()).append(" ");
  EXPECT_EQ(keys, "s more ");
}

TEST_F(JsonTreeSpec, OfAMemberThatOccursTwiceTheLastCounts) {
  EXPECT_EQ(read(R"({"a":1,"b":2,"a":3})")["a"].text(), "3");
}

TEST_F(JsonTreeSpec, UnescapesKeysAndStrings) { EXPECT_EQ(read(R"({"\u0061":"x\n\u65e5"})")["a"].text(), "x\n日"); }

TEST_F(JsonTreeSpec, SaysWhatIsWrongAndIsEmptyThen) {
  for (const auto& [text, problem] : std::vector<std::pair<std::string, std::string>>{
           {"", "empty frame"},
           {"7", "not a JSON object or list"},
           {"\"text\"", "not a JSON object or list"},
           {R"({"a":1} x)", "text after the JSON value"},
           {R"({"a":"x)", "JSON ends early"},
           {R"({"a":1.})", "not valid JSON"},
           {R"({"a":01})", "not valid JSON"},
           {R"({"a":nul})", "not valid JSON"},
           {"{\"a\":\"\xff\"}", "not valid UTF-8"},
           {std::string(10'000, '[') + std::string(10'000, ']'), "JSON nested too deeply"}}) {
    (void)tree.read(R"({"before":1})");
    const char* got = tree.read(text);
    ASSERT_NE(got, nullptr) << text;
    EXPECT_EQ(got, problem) << text.substr(0, 80);
    EXPECT_TRUE(tree.root().missing());
  }
}

TEST_F(JsonTreeSpec, AllocatesNothingOnceTheLargestFrameHasBeenSeen) {
  std::string large = R"({"data":[)";
  for (int i = 0; i < 400; ++i) large += R"({"s":"OANDA:USD_JPY","p":156.353,"t":1790000100123},)";
  large.back() = ']';
  large += '}';
  ASSERT_EQ(tree.read(large), nullptr);
  const auto before = test::allocations();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(tree.read(large), nullptr);
    ASSERT_EQ(tree.read(R"({"a":{"b":"c"}})"), nullptr);
  }
  EXPECT_EQ(test::allocations(), before);
}

}  // namespace
}  // namespace yagura::feeds
