#include "feeds/backoff.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;

TEST(BackoffSpec, TriesAtOnceThenDoublesToThirtySecondsWithinTwentyPercent) {
  Backoff backoff{42};
  EXPECT_EQ(backoff.next(), 0ns);
  for (const Duration plain : {250ms, 500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms, 30000ms}) {
    const auto wait = backoff.next();
    EXPECT_GE(wait, plain / 10 * 8);
    EXPECT_LE(wait, plain / 10 * 12);
  }
}

TEST(BackoffSpec, SameSeedSameWaitsOtherSeedOtherWaits) {
  const auto waits = [](std::uint64_t seed) {
    Backoff backoff{seed};
    std::vector<Duration> all;
    for (int i = 0; i < 8; ++i) all.push_back(backoff.next());
    return all;
  };
  EXPECT_EQ(waits(7), waits(7));
  EXPECT_NE(waits(7), waits(8));
  EXPECT_THAT(waits(7), testing::ElementsAre(0ns, testing::Ne(250ms), testing::_, testing::_, testing::_, testing::_,
                                             testing::_, testing::_));
}

TEST(BackoffSpec, StartsOverOnceTheConnectionProvedItself) {
  Backoff backoff{1};
  for (int i = 0; i < 9; ++i) (void)backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.next(), 0ns);
  EXPECT_LE(backoff.next(), 300ms);
}

TEST(ReturnBudgetSpec, TwentyReturnsAtOnceThenOneEveryFiveSeconds) {
  ReturnBudget budget;
  MonoTime now{1h};
  for (int i = 0; i < ReturnBudget::kBurst; ++i) EXPECT_EQ(budget.take(now), 0s);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(budget.take(now), ReturnBudget::kEvery);
    now += ReturnBudget::kEvery;
  }
}

TEST(ReturnBudgetSpec, IsWholeAgainAfterAQuietWhile) {
  ReturnBudget budget;
  MonoTime now{1h};
  for (int i = 0; i < ReturnBudget::kBurst; ++i) (void)budget.take(now);
  now += ReturnBudget::kBurst * ReturnBudget::kEvery;
  for (int i = 0; i < ReturnBudget::kBurst; ++i) EXPECT_EQ(budget.take(now), 0s);
  EXPECT_GT(budget.take(now), 0s);
}

TEST(RetryAfterSpec, ReadsSecondsAndDatesAndCapsBoth) {
  const auto now = timestamp_from_ns(784'111'777'000'000'000);  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after(" 0 ", now), 0s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now), 30s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("4000000000", now), 24h);
  for (const auto* text :
       {"", "soon", "-1", "1.5", "99999999999", "Sun, 31 Feb 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"}) {
    EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace yagura::feeds
