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

}  // namespace
}  // namespace yagura::feeds
