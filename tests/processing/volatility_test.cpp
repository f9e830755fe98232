// What the volatility makes of walks whose true volatility is known.
#include "processing/volatility.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::Lt;

struct Quote {
  Timestamp t;
  Price price;
};

// A walk of the logarithm with `sigma` per root of a second, one quote a second.
class Walk {
 public:
  Walk(double start, double sigma, std::uint64_t seed) : log_(std::log(start)), sigma_(sigma), random_(seed) {}

  // Quotes of `length` from `from` on; `scale(seconds since from)` multiplies the volatility.
  template <class Scale>
  std::vector<Quote> quotes(Timestamp from, Duration length, Scale&& scale) {
    std::vector<Quote> all;
    const auto seconds = length / 1s;
    for (std::int64_t s = 0; s < seconds; ++s) {
      log_ += sigma_ * scale(s) * normal_(random_);
      all.push_back({from + std::chrono::seconds{s}, price()});
    }
    return all;
  }
  std::vector<Quote> quotes(Timestamp from, Duration length) {
    return quotes(from, length, [](std::int64_t) { return 1.0; });
  }
  void jump(double log) { log_ += log; }
  [[nodiscard]] Price price() const { return Price::from_raw(std::llround(std::exp(log_) * 1e9)); }

 private:
  double log_;
  double sigma_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

// One quote in `every` seconds.
std::vector<Quote> every(std::int64_t seconds, const std::vector<Quote>& quotes) {
  std::vector<Quote> some;
  for (std::size_t i = 0; i < quotes.size(); i += static_cast<std::size_t>(seconds)) some.push_back(quotes[i]);
  return some;
}

// What a file of bars gives: open, the nearer extreme, the other and close, a quarter of a bar apart.
std::vector<Quote> bars(std::int64_t seconds, const std::vector<Quote>& quotes) {
  std::vector<Quote> corners;
  const auto size = static_cast<std::size_t>(seconds);
  for (std::size_t i = 0; i + size <= quotes.size(); i += size) {
    const auto begin = quotes.begin() + static_cast<std::ptrdiff_t>(i);
    const auto [low, high] =
        std::minmax_element(begin, begin + seconds, [](const Quote& a, const Quote& b) { return a.price < b.price; });
    const Price open = quotes[i].price;
    const Price close = quotes[i + size - 1].price;
    const bool rises = close >= open;
    const std::array<Price, 4> path = {open, rises ? low->price : high->price, rises ? high->price : low->price, close};
    for (std::size_t k = 0; k < 4; ++k)
      corners.push_back({quotes[i].t + std::chrono::seconds{seconds} / 4 * static_cast<int>(k), path[k]});
  }
  return corners;
}

void feed(Volatility& volatility, const std::vector<Quote>& quotes) {
  for (const auto& quote : quotes) volatility.push(quote.t, quote.price);
}

// Mean of what it says once a minute, per root of a second.
double mean_sigma(Volatility& volatility, const std::vector<Quote>& quotes) {
  double sum = 0;
  int count = 0;
  Timestamp next = quotes.front().t + 1h;
  for (const auto& quote : quotes) {
    volatility.push(quote.t, quote.price);
    if (quote.t < next) continue;
    next += 1min;
    sum += volatility.over(quote.t, 1s).value().sigma;
    ++count;
  }
  return sum / count;
}

constexpr double kYen = 3e-5;     // 14 % a year
constexpr double kNikkei = 9e-5;  // 20 % a year, per root of a second
const Timestamp kTuesday = utc("2026-02-10 00:00:00");

std::string saved(Volatility& volatility) {
  std::string bytes;
  auto io = StateIo::writer(bytes);
  volatility.state(io);
  return bytes;
}

TEST(VolatilitySpec, FindsTheVolatilityOfNormalReturns) {
  Walk walk{150, kYen, 1};
  Volatility volatility{yen()};
  EXPECT_NEAR(mean_sigma(volatility, walk.quotes(kTuesday, 20h)), kYen, 0.03 * kYen);
}

TEST(VolatilitySpec, GrowsWithTheRootOfTheWindow) {
  Walk walk{150, kYen, 2};
  Volatility volatility{yen()};
  feed(volatility, walk.quotes(kTuesday, 2h));
  const auto second = volatility.over(kTuesday + 2h, 1s).value().sigma;
  EXPECT_NEAR(volatility.over(kTuesday + 2h, 15min).value().sigma, 30 * second, 1e-9);
  EXPECT_NEAR(volatility.over(kTuesday + 2h, 24h).value().sigma, second * std::sqrt(86'400.0), 1e-9);
}

// Whatever the ticks are, the unit is the same.
TEST(VolatilitySpec, SaysTheSameOfQuotesPrintsAndBars) {
  const auto quotes = Walk{150, kYen, 3}.quotes(kTuesday, 22h);
  const auto of = [](const std::vector<Quote>& some) {
    Volatility volatility{yen()};
    return mean_sigma(volatility, some) / kYen;
  };
  EXPECT_NEAR(of(quotes), 1, 0.03);
  EXPECT_NEAR(of(every(5, quotes)), 1, 0.05);
  EXPECT_NEAR(of(every(75, quotes)), 1, 0.1);
  EXPECT_NEAR(of(bars(60, quotes)), 1, 0.16);
  EXPECT_NEAR(of(bars(300, quotes)), 1, 0.2);
}

TEST(VolatilitySpec, LeavesALoneJumpOut) {
  for (const std::int64_t spacing : {1, 75}) {
    const auto run = [&](double jump) {
      Walk walk{150, kYen, 4};
      Volatility volatility{yen()};
      feed(volatility, every(spacing, walk.quotes(kTuesday, 3h)));
      walk.jump(jump);
      feed(volatility, every(spacing, walk.quotes(kTuesday + 3h, 30min)));
      return volatility.over(kTuesday + 210min, 1s).value().sigma;
    };
    EXPECT_NEAR(run(0.02), run(0), 0.1 * kYen) << spacing;
  }
}

// Nothing is measured with itself: a return counts only after the next.
TEST(VolatilitySpec, LeavesTheNewestReturnOut) {
  Walk walk{150, kYen, 5};
  Volatility volatility{yen()};
  feed(volatility, walk.quotes(kTuesday, 1h));
  const auto before = volatility.over(kTuesday + 1h, 5min).value().sigma;
  Volatility calm = volatility;
  calm.push(kTuesday + 1h, walk.price());
  volatility.push(kTuesday + 1h, Price::from_raw(walk.price().raw() + (0.01_pts).raw));
  EXPECT_EQ(volatility.over(kTuesday + 1h, 5min).value().sigma, calm.over(kTuesday + 1h, 5min).value().sigma);
  EXPECT_NEAR(calm.over(kTuesday + 1h, 5min).value().sigma, before, 0.01 * before);
}

// 20 usual minutes' worth of way in each minute, for half an hour.
TEST(VolatilitySpec, StandsStillForAQuarterOfAnHourOfARun) {
  for (const std::int64_t spacing : {1, 15}) {
    Walk walk{150, kYen, 6};
    Volatility volatility{yen()};
    feed(volatility, every(spacing, walk.quotes(kTuesday, 2h)));
    const auto calm = volatility.over(kTuesday + 2h, 5min).value().sigma;
    Timestamp t = kTuesday + 2h;
    std::vector<double> said;
    for (int minute = 0; minute < 30; ++minute) {
      for (int s = 0; s < 60; s += static_cast<int>(spacing)) {
        walk.jump(-20 * kYen * std::sqrt(60.0) * static_cast<double>(spacing) / 60);
        feed(volatility, {{t + std::chrono::seconds{s}, walk.price()}});
      }
      t += 1min;
      said.push_back(volatility.over(t, 5min).value().sigma);
    }
    EXPECT_NEAR(said[14], calm, 0.05 * calm) << spacing;
    EXPECT_EQ(said[14], said[1]) << spacing;
    EXPECT_GT(said[29], 1.3 * calm) << spacing;
  }
}

TEST(VolatilitySpec, TakesNoReturnAcrossAGapOrASegment) {
  Walk walk{50'000, kNikkei, 7};
  Volatility volatility{nikkei()};
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 09:00"), 1h)));
  const auto before = saved(volatility);
  walk.jump(0.03);
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 10:11"), 5s)));
  Volatility copy{nikkei()};
  auto io = StateIo::reader(before);
  copy.state(io);
  const auto t = jst("2026-02-09 10:11");
  EXPECT_EQ(volatility.over(t, 1min).value().sigma, copy.over(t, 1min).value().sigma);
  volatility.on_segment_start();
  walk.jump(0.03);
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 10:15"), 1min)));
  EXPECT_NEAR(volatility.over(t, 1min).value().sigma, copy.over(t, 1min).value().sigma, 1e-12);
}

TEST(VolatilitySpec, SaysNothingUntilItKnows) {
  Walk walk{150, kYen, 8};
  Volatility volatility{yen()};
  EXPECT_FALSE(volatility.over(kTuesday, 1min));
  feed(volatility, walk.quotes(kTuesday, 4min));
  EXPECT_FALSE(volatility.over(kTuesday + 4min, 1min));
  feed(volatility, walk.quotes(kTuesday + 4min, 2min));
  ASSERT_TRUE(volatility.over(kTuesday + 6min, 1min));
  EXPECT_FALSE(volatility.over(kTuesday + 6min, 1min)->seeded);
  volatility.forget();
  EXPECT_FALSE(volatility.over(kTuesday + 6min, 1min));
  // Bars of a minute: 24 returns.
  Volatility coarse{yen()};
  feed(coarse, bars(60, walk.quotes(kTuesday, 6min)));
  EXPECT_FALSE(coarse.over(kTuesday + 6min, 1min));
  feed(coarse, bars(60, walk.quotes(kTuesday + 6min, 2min)));
  EXPECT_TRUE(coarse.over(kTuesday + 8min, 1min));
}

TEST(VolatilitySpec, StartsASegmentWithTheLevelOfBefore) {
  Walk walk{50'000, kNikkei, 9};
  Volatility volatility{nikkei()};
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 09:00"), 150min)));
  const auto morning = volatility.over(jst("2026-02-09 11:30"), 1min).value().sigma;
  volatility.on_segment_start();
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 12:30"), 1min)));
  auto said = volatility.over(jst("2026-02-09 12:31"), 1min).value();
  EXPECT_TRUE(said.seeded);
  EXPECT_DOUBLE_EQ(said.sigma, morning);
  feed(volatility, every(5, walk.quotes(jst("2026-02-09 12:31"), 179min)));
  EXPECT_FALSE(volatility.over(jst("2026-02-09 15:29"), 1min)->seeded);
  volatility.on_segment_start();
  feed(volatility, every(5, walk.quotes(jst("2026-02-10 09:00"), 10s)));
  said = volatility.over(jst("2026-02-10 09:00:10"), 1s).value();
  EXPECT_TRUE(said.seeded);
  EXPECT_NEAR(said.sigma, kNikkei, 0.05 * kNikkei);
}

TEST(VolatilitySpec, IsNeverBelowFivePercentAYearOrHalfATick) {
  const auto flat = [](Volatility& volatility, Timestamp from, Price price) {
    for (int i = 0; i < 3'600; ++i) volatility.push(from + std::chrono::seconds{i}, price);
    return volatility.over(from + 1h, 1s).value().sigma;
  };
  Volatility fine{yen()};
  EXPECT_NEAR(flat(fine, kTuesday, 150_pts) * std::sqrt(260 * 86'400.0), 0.05, 1e-6);
  auto info = yen();
  info.tick = 0.5_pts;
  Volatility coarse{info};
  EXPECT_NEAR(flat(coarse, kTuesday, 150_pts) * std::sqrt(5), 0.25 / 150, 1e-9);
}

// Lively at the open and at the end, quiet around noon.
class UShapeSpec : public ::testing::Test {
 protected:
  static double shape(std::int64_t minute) {
    return 0.7 + 1.4 * std::pow((static_cast<double>(minute) - 165) / 165, 2);
  }

  static void trade(Volatility& volatility, Walk& walk, int sessions) {
    for (int session = 0; session < sessions; ++session) {
      const auto open = jst("2026-02-09 09:00") + std::chrono::days{session};
      // One session in four is three times as wild as the others.
      const double level = session % 4 == 3 ? 3 : 1;
      volatility.on_segment_start();
      feed(volatility, every(5, walk.quotes(open, 150min, [=](auto s) { return level * shape(s / 60); })));
      volatility.on_segment_start();
      feed(volatility,
           every(5, walk.quotes(open + 210min, 180min, [=](auto s) { return level * shape(150 + s / 60); })));
    }
  }
  // Volatility expected of five minutes that end so long after the open, over that of 10:55.
  static double said(Volatility& volatility, int minute) {
    const auto open = jst("2026-05-01 09:00");
    const auto of = [&](int m) { return volatility.over(open + std::chrono::minutes{m}, 5min).value().sigma; };
    return of(minute) / of(115);
  }
};

TEST_F(UShapeSpec, LearnsTheTimeOfTheDay) {
  Walk walk{50'000, kNikkei, 10};
  Volatility volatility{nikkei()};
  EXPECT_LT(saved(volatility).size(), 4'096U);
  trade(volatility, walk, 1);
  EXPECT_NEAR(said(volatility, 5), 1, 0.01);  // a session is no session before it is over
  trade(volatility, walk, 40);
  EXPECT_NEAR(said(volatility, 5), 0.9 * shape(2) / shape(112), 0.2);  // after so few, a little less is believed
  EXPECT_NEAR(said(volatility, 60), shape(57) / shape(112), 0.15);
  EXPECT_NEAR(said(volatility, 385), 0.9 * shape(322) / shape(112), 0.2);
}

TEST_F(UShapeSpec, DoubtsAShapeOfFewSessions) {
  Walk walk{50'000, kNikkei, 11};
  Volatility volatility{nikkei()};
  trade(volatility, walk, 2);
  const auto true_ratio = shape(2) / shape(112);
  EXPECT_THAT(said(volatility, 5), AllOf(Gt(1), Lt(1 + 0.4 * (true_ratio - 1))));
}

TEST_F(UShapeSpec, GoesOnAfterARestartToTheBit) {
  Walk walk{50'000, kNikkei, 12};
  Volatility whole{nikkei()};
  trade(whole, walk, 3);
  const auto open = jst("2026-02-12 09:00");
  whole.on_segment_start();
  const auto day = every(5, walk.quotes(open, 150min, [](auto s) { return s > 5'000 && s < 5'020 ? 40 : 1; }));
  for (const std::size_t cut : {1U, 2U, 3U, 30U, 700U, 1'001U, 1'003U}) {
    Volatility first = whole;
    const auto middle = day.begin() + static_cast<std::ptrdiff_t>(cut);
    feed(first, {day.begin(), middle});
    const auto bytes = saved(first);
    Volatility second{nikkei()};
    auto io = StateIo::reader(bytes);
    second.state(io);
    ASSERT_TRUE(io.ok() && io.at_end());
    for (auto at = middle; at != day.end(); ++at) {
      first.push(at->t, at->price);
      second.push(at->t, at->price);
      ASSERT_EQ(first.over(at->t, 5min).value().sigma, second.over(at->t, 5min).value().sigma) << cut;
    }
    EXPECT_EQ(saved(first), saved(second)) << cut;
  }
}

TEST(VolatilitySpec, RefusesAStateThatMakesNoSense) {
  Walk walk{150, kYen, 13};
  Volatility volatility{yen()};
  feed(volatility, walk.quotes(kTuesday, 1h));
  auto bytes = saved(volatility);
  const double wrong = std::nan("");
  std::memcpy(bytes.data() + 3'168, &wrong, sizeof wrong);  // after the shape
  auto io = StateIo::reader(bytes);
  volatility.state(io);
  EXPECT_FALSE(io.ok());
}

// The New York day: bucket 0 is 17:00 there, in summer and in winter.
TEST(VolatilitySpec, KeepsTheHoursOfNewYorkOverItsClockChanges) {
  const auto run = [](std::string_view five_pm, std::string_view later) {
    Walk walk{150, kYen, 14};
    Volatility volatility{yen()};
    for (int d = 0; d < 8; ++d) {
      feed(volatility, every(5, walk.quotes(utc(five_pm) + std::chrono::days{d}, 20h,
                                            [](auto s) { return s < 3'600 ? 3.0 : 1.0; })));
    }
    const auto at = [&](Duration after) { return volatility.over(utc(later) + after, 5min).value().sigma; };
    return at(5min) / at(70min);
  };
  EXPECT_GT(run("2026-01-04 22:00", "2026-02-02 22:00"), 1.8);
  EXPECT_GT(run("2026-01-04 22:00", "2026-04-06 21:00"), 1.8);
  EXPECT_LT(run("2026-01-04 22:00", "2026-04-06 22:00"), 1.2);
}

// What a session has shown so far, and what was known before it, both count.
TEST(VolatilitySpec, ComesAwayFromTheLevelOfBeforeWithinTheHour) {
  Volatility volatility{nikkei()};
  Walk calm{50'000, kNikkei, 15};
  feed(volatility, every(5, calm.quotes(jst("2026-02-09 09:00"), 150min)));
  volatility.on_segment_start();
  Walk wild{50'000, 2 * kNikkei, 16};
  feed(volatility, every(5, wild.quotes(jst("2026-02-09 12:30"), 10min)));
  EXPECT_THAT(volatility.over(jst("2026-02-09 12:40"), 1s)->sigma, AllOf(Gt(1.1 * kNikkei), Lt(1.8 * kNikkei)));
  feed(volatility, every(5, wild.quotes(jst("2026-02-09 12:40"), 80min)));
  EXPECT_NEAR(volatility.over(jst("2026-02-09 14:00"), 1s)->sigma, 2 * kNikkei, 0.25 * kNikkei);
}

}  // namespace
}  // namespace yagura::processing
