// No allocation per frame once a codec has warmed up.
#include <gtest/gtest.h>

#include "feeds/base64.hpp"
#include "feeds/codec.hpp"
#include "tests/feeds/vendors/frames.hpp"
#include "tests/feeds/yahoo_message.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

std::size_t allocations_of(const VendorFrame& frame) {
  const auto codec = find_vendor(frame.vendor)->make_codec();
  Decoded out;
  codec->decode({frame.payload, frame.binary}, out);
  EXPECT_EQ(out.ticks.size(), 1U) << frame.vendor;
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) codec->decode({frame.payload, frame.binary}, out);
  return test::allocations() - before;
}

TEST(SteadyStateSpec, DecodesWithoutAllocating) {
  std::string bare;
  append_base64(bare, YahooMessage{}.id("^N225-with-a-long-name").price(57337.07F).time_ms(1).quote_type(9).bytes());
  auto frames = good_frames();
  frames.push_back({"yahoo", R"({"type":"pricing","message":")" + bare + "\"}"});
  frames.push_back({"yahoo", bare});
  for (const auto& frame : frames) EXPECT_EQ(allocations_of(frame), 0U) << frame.vendor;
}

// A trade is told from another by its id, so each is new.
TEST(SteadyStateSpec, RemembersTradesWithoutAllocating) {
  std::vector<std::string> frames;
  for (int id = 0; id < 1'000; ++id) {
    frames.push_back(R"({"channel":"trades","data":[{"coin":"xyz:JPY","px":"157.1","time":1770595200123,"tid":)" +
                     std::to_string(id) + "}]}");
  }
  const auto codec = find_vendor("hyperliquid")->make_codec();
  Decoded out;
  codec->decode({frames[0]}, out);
  const auto before = test::allocations();
  for (const auto& frame : frames) codec->decode({frame}, out);
  EXPECT_EQ(out.ticks.size(), 1U);
  EXPECT_EQ(test::allocations(), before);
}

TEST(SteadyStateSpec, VendorsWithAKeyDecodeWithoutAllocating) {
  const std::pair<std::string_view, std::string> frames[] = {
      {"finnhub", R"({"data":[{"c":null,"p":156.353,"s":"OANDA:USD_JPY","t":1790000100123,"v":0}],"type":"trade"})"},
      {"twelvedata",
       R"({"event":"price","symbol":"USD/JPY","timestamp":1790000100,"price":156.353,"bid":156.351,"ask":156.355})"},
      {"massive", R"([{"ev":"C","p":"USD/JPY","x":48,"a":156.355,"b":156.351,"t":1790000100123}])"},
      {"tiingo",
       R"({"messageType":"A","service":"fx","data":["Q","usdjpy","2026-09-21T14:15:00.123456+00:00",1e6,1.1,1.2,1e6,1.3]})"},
      {"eodhd", R"({"s":"USDJPY","a":156.355,"b":156.351,"dc":"0.12","dd":"0.187","ppms":false,"t":1790000100123})"},
      {"capitalcom",
       R"({"status":"OK","destination":"quote","payload":{"epic":"J225","bid":38246.5,"ofr":38253.5,"timestamp":1790000100123}})"},
      {"alltick", R"({"cmd_id":22998,"data":{"code":"USDJPY","tick_time":"1790000100123","price":"156.353"}})"},
      {"tradermade", R"({"symbol":"USDJPY","ts":"1790000100123","bid":156.351,"ask":156.355,"mid":156.353})"}};
  for (const auto& [vendor, frame] : frames) EXPECT_EQ(allocations_of({vendor, frame}), 0U) << vendor;
}

}  // namespace
}  // namespace yagura::feeds
