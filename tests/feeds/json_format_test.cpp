// Feeds whose frames the settings explain.
#include "feeds/json_format.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "feeds/capture.hpp"
#include "feeds/decode_line.hpp"
#include "feeds/source.hpp"
#include "tests/feeds/session_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

JsonPointer pointer(std::string_view text) { return *JsonPointer::parse(text); }

std::string found(std::string_view json, std::string_view path) {
  JsonTree tree;
  EXPECT_EQ(tree.read(json), nullptr);
  return std::string{pointer(path).find(tree.root()).text()};
}

TEST(JsonPointerSpec, LeadsThroughObjectsAndLists) {
  constexpr auto kJson = R"({"a":{"b":[{"c":"1"},"2"]},"":"3","x/y":"4","x~y":"5","7":"6"})";
  EXPECT_EQ(found(kJson, "/a/b/0/c"), "1");
  EXPECT_EQ(found(kJson, "/a/b/1"), "2");
  EXPECT_EQ(found(kJson, "/"), "3");
  EXPECT_EQ(found(kJson, "/x~1y"), "4");
  EXPECT_EQ(found(kJson, "/x~0y"), "5");
  EXPECT_EQ(found(kJson, "/7"), "6");
  for (const auto* nowhere : {"/a/c", "/a/b/2", "/a/b/-", "/a/b/01", "/a/b/x", "/x~0y/z"})
    EXPECT_EQ(found(kJson, nowhere), "") << nowhere;
}

TEST(JsonPointerSpec, SaysWhatIsWrong) {
  for (const auto* text : {"data", "a/b", "/a~", "/a~2"}) {
    const auto parsed = JsonPointer::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message, AllOf(HasSubstr(text), HasSubstr("/data/0/price")));
  }
}

TEST(JsonFormatSpec, FillsTexts) {
  const std::vector<std::string> symbols{"USD/JPY", "N\"225"};
  EXPECT_THAT(fill_texts({R"({"auth":"{token}"})", R"({"sub":"{symbol}"})", R"({"all":{symbols}})"}, symbols, "k\"1"),
              ElementsAre(R"({"auth":"k\"1"})", R"({"sub":"USD/JPY"})", R"({"sub":"N\"225"})",
                          R"({"all":["USD/JPY","N\"225"]})"));
  EXPECT_THAT(fill_texts({}, symbols, ""), IsEmpty());
}

class JsonFeedSpec : public SessionSpec {
 protected:
  JsonFeedSpec() {
    format.list = pointer("/data");
    format.symbol = pointer("/s");
    format.price = pointer("/p");
    format.bid = pointer("/q/bid");
    format.ask = pointer("/q/ask");
    format.time = pointer("/t");
    format.error = pointer("/error/message");
  }
  std::unique_ptr<Codec> codec() {
    return find_vendor("json")->make_codec(
        {{.token = "k 1", .user = {}, .password = {}, .account = {}}, std::make_shared<JsonFormat>(format)});
  }
  std::string read(std::string_view frame) { return decode_line(*codec(), frame); }
  JsonFormat format;
};

TEST_F(JsonFeedSpec, ReadsEveryEventOfAList) {
  EXPECT_EQ(
      read(
          R"({"data":[{"s":"USDJPY","q":{"bid":"157.1","ask":157.2},"t":1790000100123},{"s":"N","p":57001,"t":null}]})"),
      R"({"ticks":[{"symbol":"USDJPY","bid":"157.1","ask":"157.2","ts_ms":1790000100123},)"
      R"({"symbol":"N","price":"57001","ts_ms":null}],"error":null})");
  for (const auto* nothing : {R"({"type":"ack"})", R"({"data":[]})", R"({"data":[{"s":"N","p":0}]})",
                              R"({"data":[{"s":"N"}]})", R"({"error":{"message":""}})", R"({"error":null})"})
    EXPECT_EQ(read(nothing), R"({"ticks":[],"error":null})") << nothing;
  EXPECT_EQ(read(R"({"data":{"s":"N","p":1}})"), R"({"ticks":[{"symbol":"N","price":"1","ts_ms":null}],"error":null})");
}

TEST_F(JsonFeedSpec, DropsTheBadEventAlone) {
  const auto line = read(R"({"data":[{"s":"A","p":"x"},{"p":1},{"s":"B","p":2,"t":"soon"},{"s":"C","p":3}]})");
  EXPECT_THAT(line, HasSubstr(R"([{"symbol":"C","price":"3","ts_ms":null}])"));
  EXPECT_THAT(read(R"({"data":[{"p":1}]})"), HasSubstr("prices without a symbol"));
  EXPECT_THAT(read(R"({"data":[{"s":"B","p":2,"t":"soon"}]})"), HasSubstr("time"));
  EXPECT_THAT(read(R"({"error":{"message":"no such key"}})"), HasSubstr("vendor error: no such key"));
  EXPECT_THAT(read("{torn"), HasSubstr(R"("ticks":[],"error":")"));
}

TEST_F(JsonFeedSpec, KnowsUnitsOfTime) {
  format = {};
  format.price = pointer("/p");
  format.time = pointer("/t");
  format.only_symbol = "N";
  const auto time_of = [&](JsonTimeUnit unit, const std::string& written) {
    format.time_unit = unit;
    const auto line = read(R"({"p":1,"t":)" + written + "}");
    const auto at = line.find("ts_ms\":");
    return at == std::string::npos ? "error" : line.substr(at + 7, line.find('}') - at - 7);
  };
  EXPECT_EQ(time_of(JsonTimeUnit::kSeconds, "1790000100"), "1790000100000");
  EXPECT_EQ(time_of(JsonTimeUnit::kSeconds, "\"1790000100.1239\""), "1790000100123");
  EXPECT_EQ(time_of(JsonTimeUnit::kMilliseconds, "1790000100123.9"), "1790000100123");
  EXPECT_EQ(time_of(JsonTimeUnit::kMicroseconds, "1790000100123456"), "1790000100123");
  EXPECT_EQ(time_of(JsonTimeUnit::kNanoseconds, "1790000100123456789"), "1790000100123");
  EXPECT_EQ(time_of(JsonTimeUnit::kIso8601, "\"2026-09-21T14:15:00.123Z\""), "1790000100123");
  for (const auto unit : {JsonTimeUnit::kSeconds, JsonTimeUnit::kMilliseconds, JsonTimeUnit::kMicroseconds}) {
    EXPECT_EQ(time_of(unit, "9223372036854775807"), "error");
    EXPECT_EQ(time_of(unit, "true"), "error");
    EXPECT_EQ(time_of(unit, "[]"), "error");
  }
  EXPECT_EQ(time_of(JsonTimeUnit::kIso8601, "1790000100"), "error");
}

TEST_F(JsonFeedSpec, DecodesWithoutAllocating) {
  const auto made = codec();
  const std::string frame =
      R"({"data":[{"s":"a-symbol-with-a-long-name","q":{"bid":"157.1","ask":157.2},"t":1790000100123}]})";
  Decoded out;
  made->decode({frame}, out);
  ASSERT_EQ(out.ticks.size(), 1U);
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) made->decode({frame}, out);
  EXPECT_EQ(test::allocations() - before, 0U);
}

TEST_F(JsonFeedSpec, RunsAsAFeedAndShowsNoKey) {
  ScriptedWsServer server{io};
  server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(R"({"data":[{"s":"USDJPY","q":{"bid":"157.1","ask":"157.2"}}]})");
    peer.send_text(R"({"error":{"message":"bad key k%201"}})");
  };
  format.subscribe = {R"({"sub":{symbols},"key":"{token}"})"};
  format.header = "X-Key: {token}";
  auto made = options(server.url() + "feed?key={token}");
  made.secrets = {"k 1"};
  FeedSession::Context context{io, *client, clock, sources, sink};
  context.tap = &tap;
  session = std::make_unique<FeedSession>(std::move(made), codec(), std::move(context));
  session->start();
  ASSERT_TRUE(until([&] { return session->status().vendor_errors == 1; }));
  EXPECT_THAT(server.peers.at(0)->request, AllOf(HasSubstr("?key=k%201 HTTP"), HasSubstr("X-Key: k 1\r\n")));
  EXPECT_EQ(server.peers.at(0)->texts.at(0), R"({"sub":["NI225","USDJPY"],"key":"k 1"})");
  EXPECT_THAT(tap.out, ElementsAre(R"({"sub":["NI225","USDJPY"],"key":"REDACTED"})"));
  EXPECT_EQ(session->status().last_error, "vendor error: bad key REDACTED");
  EXPECT_EQ(sink.ticks.size(), 1U);
}

TEST_F(JsonFeedSpec, ACaptureIsReadWithTheSettingsOrNotAtAll) {
  const auto file =
      (std::filesystem::temp_directory_path() / ("json-" + std::to_string(::getpid()) + ".ycap")).string();
  CaptureHeader header;
  header.feeds["desk"] = {"json", {{"USDJPY", "USDJPY"}}};
  auto writer = CaptureWriter::create(file, header);
  ASSERT_TRUE(writer);
  (*writer)->write({timestamp_from_ns(1),
                    "desk",
                    "json",
                    FrameDir::kIn,
                    {R"({"data":[{"s":"USDJPY","p":157.1,"t":1790000100123}]})", false}});
  ASSERT_TRUE((*writer)->close());
  SymbolTable symbols;
  symbols.add("USDJPY");
  SourceNames names;
  SourceOptions reading;
  const auto refused = load_source(*parse_source(file), symbols, names, reading);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("\"desk\""), HasSubstr("settings")));
  reading.capture_formats["desk"] = std::make_shared<JsonFormat>(format);
  const auto loaded = load_source(*parse_source(file), symbols, names, reading);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->ticks.size(), 1U);
  EXPECT_EQ(to_string(loaded->ticks[0].price), "157.1");
  std::filesystem::remove(file);
}

TEST(JsonVendorSpec, SaysThatItNeedsSettings) {
  EXPECT_THAT(decode_line(*find_vendor("json")->make_codec(), "{}"), HasSubstr("settings"));
}

}  // namespace
}  // namespace yagura::feeds
