#include "core/net/retry_after.hpp"

#include <gtest/gtest.h>

namespace yagura::net {
namespace {

using namespace std::chrono_literals;

Timestamp at(std::string_view text) { return *parse_iso8601(text); }

TEST(RetryAfter, ReadsSecondsAndFractions) {
  const Timestamp now{};
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after("0", now), 0s);
  EXPECT_EQ(parse_retry_after("1.337", now), 1337ms);
  EXPECT_EQ(parse_retry_after("99999999999999999999", now), 24h) << "nobody is sent away for ever";
}

TEST(RetryAfter, ReadsDates) {
  const auto now = at("1994-11-06T08:49:00Z");
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 37s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:48:00 GMT", now), 0s) << "it has passed";
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", now), 24h);
}

TEST(RetryAfter, TakesNothingElse) {
  for (const auto* text :
       {"", "soon", "-1", "1e3", "nan", "inf", "0x10", "12 s", " 12", "Sun, 06 Nov 1994 08:49:37 JST",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:-1:37 GMT",
        "Sun, 06 Nov 9999 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_retry_after(text, Timestamp{}), std::nullopt) << text;
}

}  // namespace
}  // namespace yagura::net
