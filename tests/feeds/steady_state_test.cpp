// No allocation per frame once a codec has warmed up.
#include <gtest/gtest.h>

#include "feeds/base64.hpp"
#include "feeds/codec.hpp"
#include "tests/feeds/yahoo_message.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

std::size_t allocations_of(std::string_view vendor, const std::string& frame) {
  const auto codec = find_vendor(vendor)->make_codec();
  Decoded out;
  codec->decode({frame}, out);
  EXPECT_EQ(out.ticks.size(), 1U);
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) codec->decode({frame}, out);
  return test::allocations() - before;
}

TEST(SteadyStateSpec, DecodesWithoutAllocating) {
  std::string bare;
  append_base64(bare, YahooMessage{}.id("^N225-with-a-long-name").price(57337.07F).time_ms(1).quote_type(9).bytes());
  EXPECT_EQ(
      allocations_of(
          "gmo",
          R"({"symbol":"USD_JPY","ask":"157.004","bid":"157.001","timestamp":"2026-02-09T00:00:00.123987Z","status":"OPEN"})"),
      0U);
  EXPECT_EQ(
      allocations_of(
          "native",
          R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":157.123,"seq":42})"),
      0U);
  EXPECT_EQ(allocations_of("yahoo", R"({"type":"pricing","message":")" + bare + "\"}"), 0U);
  EXPECT_EQ(allocations_of("yahoo", bare), 0U);
}

}  // namespace
}  // namespace yagura::feeds
