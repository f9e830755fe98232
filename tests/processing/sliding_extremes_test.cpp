// Extremes of many windows at once, against a scan of all ticks. SEMANTICS 7.
#include "processing/sliding_extremes.hpp"

#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

using Point = SlidingExtremes::Point;

// Looks at every tick, as the definition reads.
class Scan {
 public:
  explicit Scan(Duration anchor_age) : anchor_age_(anchor_age) {}
  void push(Timestamp t, Price price) { ticks_.push_back({price, t}); }
  void clear() { ticks_.clear(); }
  [[nodiscard]] SlidingExtremes::Extremes over(Duration length) const {
    const Timestamp now = ticks_.back().time;
    SlidingExtremes::Extremes found{ticks_.back(), ticks_.back()};
    const auto consider = [&](const Point& tick) {  // newest first, so that ties keep the newest
      if (tick.price < found.low.price) found.low = tick;
      if (tick.price > found.high.price) found.high = tick;
    };
    for (auto tick = ticks_.rbegin(); tick != ticks_.rend(); ++tick) {
      if (tick->time > now - length) {
        consider(*tick);
        continue;
      }
      if (now - tick->time <= length + anchor_age_) consider(*tick);
      break;
    }
    return found;
  }

 private:
  Duration anchor_age_;
  std::vector<Point> ticks_;
};

class SlidingExtremesSpec : public ::testing::TestWithParam<std::uint32_t> {};

void expect_same(const Point& got, const Point& expected) {
  ASSERT_EQ(got.price, expected.price);
  ASSERT_EQ(got.time, expected.time);
}

TEST_P(SlidingExtremesSpec, AgreeWithAScanOfAllTicks) {
  SCOPED_TRACE(GetParam());
  std::mt19937 random{GetParam()};
  const std::vector<Duration> lengths = {1s, 2s, 5s, 30s, 60s, 300s, 900s, 1h, 6h, 24h};
  const Duration anchor_age = GetParam() % 2 == 0 ? 15s : 30s;
  SlidingExtremes extremes{anchor_age};
  Scan scan{anchor_age};
  std::vector<std::pair<Duration, std::size_t>> windows;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (random() % 3 != 0 || i + 1 == lengths.size()) windows.emplace_back(lengths[i], extremes.add_window(lengths[i]));
  }
  std::ranges::shuffle(windows, random);
  const auto steps = 1 + random() % 40;      // few distinct prices: many ties
  const auto pace = 1 + random() % 100'000;  // mean milliseconds between ticks
  Timestamp t = utc("2026-02-09 00:00:00");
  std::int64_t price = 150'000;
  for (int i = 0; i < 3'000; ++i) {
    if (random() % 4 != 0) t += std::chrono::milliseconds{random() % pace};
    if (random() % 8 == 0) t = std::chrono::ceil<std::chrono::seconds>(t);  // exactly on edges of windows
    if (random() % 500 == 0) t += std::chrono::hours{random() % 20};
    price += static_cast<std::int64_t>(random() % (2 * steps + 1)) - static_cast<std::int64_t>(steps);
    if (random() % 900 == 0) {
      extremes.clear();
      scan.clear();
    }
    extremes.push(t, Price::from_raw(price));
    scan.push(t, Price::from_raw(price));
    if (random() % 5 == 0) continue;  // a window need not be asked at every tick
    for (const auto& [length, handle] : windows) {
      SCOPED_TRACE(::testing::Message() << "tick " << i << ", window " << format_duration(length));
      const auto got = extremes.at(handle);
      const auto expected = scan.over(length);
      ASSERT_NO_FATAL_FAILURE(expect_same(got.low, expected.low));
      ASSERT_NO_FATAL_FAILURE(expect_same(got.high, expected.high));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SlidingExtremesSpec, ::testing::Range(1U, 25U));

// A run that only rises fills the memory for lows, one that falls that for highs.
TEST(SlidingExtremes, GrowWithAMonotoneRunLongerThanTheirMemory) {
  SlidingExtremes extremes{15s};
  Scan scan{15s};
  const auto window = extremes.add_window(24h);
  Timestamp t = utc("2026-02-09 00:00:00");
  for (int i = 0; i < 12'000; ++i) {
    const auto price = Price::from_raw(i < 10'000 ? 100'000 + i : 120'000 - i);
    extremes.push(t += 1s, price);
    scan.push(t, price);
  }
  EXPECT_EQ(extremes.at(window).low.price, Price::from_raw(100'000));
  EXPECT_EQ(extremes.at(window).high.price, Price::from_raw(110'000));
  EXPECT_EQ(extremes.at(window).high.time, scan.over(24h).high.time);
}

TEST(SlidingExtremes, ShareAHandleForEqualLengths) {
  SlidingExtremes extremes{15s};
  const auto minute = extremes.add_window(60s);
  EXPECT_EQ(extremes.add_window(60s), minute);
  EXPECT_NE(extremes.add_window(61s), minute);
}

TEST(SlidingExtremes, KeepTheNewestOfEqualPrices) {
  SlidingExtremes extremes{15s};
  const auto window = extremes.add_window(60s);
  const auto start = utc("2026-02-09 00:00:00");
  for (const auto offset : {0s, 10s, 20s}) extremes.push(start + offset, 100_pts);
  EXPECT_EQ(extremes.at(window).low.time, start + 20s);
  EXPECT_EQ(extremes.at(window).high.time, start + 20s);
}

TEST(SlidingExtremes, ReadBackAsTheyWereSaved) {
  SlidingExtremes saved{15s};
  SlidingExtremes loaded{15s};
  for (auto* extremes : {&saved, &loaded}) {
    (void)extremes->add_window(60s);
    (void)extremes->add_window(1h);
  }
  std::mt19937 random{7};
  Timestamp t = utc("2026-02-09 00:00:00");
  for (int i = 0; i < 1'000; ++i) {
    saved.push(t += 7s, Price::from_raw(1'000 + static_cast<std::int64_t>(random() % 100)));
    (void)saved.at(0);
  }
  std::string bytes;
  auto out = StateIo::writer(bytes);
  saved.state(out);
  auto in = StateIo::reader(bytes);
  loaded.state(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  for (int i = 0; i < 1'000; ++i) {
    const auto price = Price::from_raw(1'000 + static_cast<std::int64_t>(random() % 100));
    saved.push(t += 7s, price);
    loaded.push(t, price);
    for (const std::size_t window : {std::size_t{0}, std::size_t{1}}) {
      ASSERT_NO_FATAL_FAILURE(expect_same(loaded.at(window).low, saved.at(window).low));
      ASSERT_NO_FATAL_FAILURE(expect_same(loaded.at(window).high, saved.at(window).high));
    }
  }
}

}  // namespace
}  // namespace yagura::processing
