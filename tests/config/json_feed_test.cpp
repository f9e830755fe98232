// The `json` table of a [[feed]].
#include "config_fixture.hpp"
#include "feeds/json_format.hpp"

namespace yagura::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string feed(const std::string& keys, const std::string& json) {
  return "[[feed]]\nname = \"f\"\nvendor = \"json\"\nurl = \"wss://feed.example/ws\"\n"
         "symbols = { NI225 = \"N\", USDJPY = \"Y\" }\n" +
         keys + "\n[feed.json]\n" + json;
}
const std::string kGood = "symbol = \"/s\"\nprice = \"/p\"\n";

TEST(JsonFeedSpec, IsReadWhole) {
  const auto settings = settings_of(feed("token_env = \"PATH\"", kGood + R"(
subscribe = '{"sub":"{symbol}","key":"{token}"}'
unsubscribe = ['{"unsub":{symbols}}', "bye"]
heartbeat = "ping"
heartbeat_every = "20s"
list = ""
time = "/t"
time_unit = "s"
)"));
  const auto& format = *settings.feeds.at(0).json;
  EXPECT_THAT(format.subscribe, ElementsAre(R"({"sub":"{symbol}","key":"{token}"})"));
  EXPECT_THAT(format.unsubscribe, ElementsAre(R"({"unsub":{symbols}})", "bye"));
  EXPECT_EQ(format.heartbeat, "ping");
  EXPECT_EQ(format.heartbeat_every, std::chrono::seconds{20});
  EXPECT_TRUE(format.list && format.symbol && format.price && format.time);
  EXPECT_FALSE(format.bid || format.seq || format.error);
  EXPECT_EQ(format.time_unit, feeds::JsonTimeUnit::kSeconds);
}

TEST(JsonFeedSpec, ProblemsAreNamed) {
  const auto expect = [](const std::string& text, const char* key, const char* words) {
    EXPECT_THAT(problems_of(text), Contains(AllOf(HasSubstr(key), HasSubstr(words)))) << text;
  };
  expect(feed("", "price = \"/p\""), ".json.symbol", "more than one symbol");
  expect(feed("", "symbol = \"/s\""), ".json.price", "'bid' and 'ask'");
  expect(feed("", "symbol = \"/s\"\nbid = \"/b\""), ".json.price", "'bid' and 'ask'");
  expect(feed("", kGood + "time = \"t\""), ".json.time", "begins with /");
  expect(feed("", kGood + "time_unit = \"min\""), ".json.time_unit", "\"iso8601\"");
  expect(feed("", kGood + "header = \"Bearer\""), ".json.header", "one line");
  expect(feed("", kGood + "header = \"A: b\\r\\nC: d\""), ".json.header", "one line");
  expect(feed("", kGood + "subscribe = \"{token}\""), ".token_env", "{token}");
  expect(feed("token_env = \"PATH\"", kGood), ".json", "{token}");
  expect("[[feed]]\nname = \"f\"\nvendor = \"json\"\nurl = \"ws://x\"\nsymbols = { NI225 = \"N\" }", ".json",
         "is missing");
  expect("[[feed]]\nname = \"f\"\nvendor = \"gmo\"\nsymbols = { USDJPY = \"Y\" }\n[feed.json]\nprice = \"/p\"", ".json",
         "gmo");
  EXPECT_THAT(problems_of(feed("token_env = \"PATH\"", kGood + "header = \"Authorization: Bearer {token}\"")),
              IsEmpty());
}

TEST(JsonFeedSpec, OneSymbolNeedsNoPointer) {
  const auto settings = settings_of(
      "[[feed]]\nname = \"f\"\nvendor = \"json\"\nurl = \"ws://x\"\nsymbols = { NI225 = \"N\" }\n[feed.json]\n"
      "bid = \"/b\"\nask = \"/a\"");
  EXPECT_EQ(settings.feeds.at(0).json->only_symbol, "N");
}

}  // namespace
}  // namespace yagura::config
