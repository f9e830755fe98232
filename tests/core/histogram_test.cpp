#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "core/latency_histogram.hpp"

namespace yagura {
namespace {

using namespace std::chrono_literals;

LatencyHistogram of(const std::vector<Duration>& values) {
  LatencyHistogram histogram;
  for (const auto value : values) histogram.record(value);
  return histogram;
}

TEST(LatencyHistogramSpec, IsEmptyAtFirst) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.min(), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.percentile(50), 0ns);
}

TEST(LatencyHistogramSpec, GivesASingleValueAtEveryPercentile) {
  for (const Duration value :
       {Duration{0ns}, Duration{1ns}, Duration{127ns}, Duration{128ns}, Duration{1234567ns}, Duration{90s}}) {
    const auto histogram = of({value});
    for (const double percent : {0.0, 50.0, 99.9, 100.0}) EXPECT_EQ(histogram.percentile(percent), value);
    EXPECT_EQ(histogram.min(), value);
    EXPECT_EQ(histogram.max(), value);
  }
}

TEST(LatencyHistogramSpec, IsExactBelow128Nanoseconds) {
  LatencyHistogram histogram;
  for (int ns = 1; ns <= 100; ++ns) histogram.record(Duration{ns});
  for (int percent = 1; percent <= 100; ++percent) EXPECT_EQ(histogram.percentile(percent), Duration{percent});
}

TEST(LatencyHistogramSpec, CountsANegativeDurationAsZero) {
  const auto histogram = of({-5ns, 10ns});
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.min(), 0ns);
  EXPECT_EQ(histogram.percentile(50), 0ns);
}

// Whatever the distribution: no percentile is below the true one, and none more than 1 % above.
TEST(LatencyHistogramSpec, PercentilesAreAtMostOnePercentAboveTheSortedValues) {
  std::mt19937_64 random{20260209};
  for (int round = 0; round < 40; ++round) {
    std::lognormal_distribution<double> draw{2.0 + round % 20, 0.1 * (1 + round % 25)};
    std::vector<Duration> values(1 + random() % 5000);
    for (auto& value : values) value = Duration{static_cast<std::int64_t>(std::min(draw(random), 1e11))};
    const auto histogram = of(values);
    std::ranges::sort(values);
    for (const std::size_t hundredths :
         {0U, 100U, 700U, 1000U, 5000U, 9000U, 9900U, 9990U, 9999U, 10000U}) {  // of a percent
      const double percent = static_cast<double>(hundredths) / 100.0;
      const auto rank = std::max<std::size_t>(1, (hundredths * values.size() + 9999) / 10000);
      const auto truth = values[rank - 1];
      const auto reported = histogram.percentile(percent);
      ASSERT_GE(reported, truth) << "round " << round << ", p" << percent;
      ASSERT_LE(static_cast<double>(reported.count()), 1.01 * static_cast<double>(truth.count()) + 1)
          << "round " << round << ", p" << percent;
    }
    ASSERT_EQ(histogram.min(), values.front());
    ASSERT_EQ(histogram.max(), values.back());
    ASSERT_EQ(histogram.percentile(100), values.back());
  }
}

TEST(LatencyHistogramSpec, EveryPowerOfTwoAndItsNeighboursStayWithinTheBound) {
  for (int bit = 0; bit < 37; ++bit) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      const auto ns = std::max<std::int64_t>(0, (std::int64_t{1} << bit) + offset);
      auto histogram = of({Duration{ns}, 130s});  // the longest keeps `max` from hiding the bucket's end
      ASSERT_GE(histogram.percentile(50).count(), ns);
      ASSERT_LE(static_cast<double>(histogram.percentile(50).count()), 1.01 * static_cast<double>(ns)) << ns;
    }
  }
}

TEST(LatencyHistogramSpec, KeepsTheMaximumExactBeyondItsRange) {
  const auto histogram = of({1us, 1h});
  EXPECT_EQ(histogram.max(), 1h);
  EXPECT_GE(histogram.percentile(100), 137s);
  EXPECT_LE(histogram.percentile(100), 1h);
  EXPECT_LE(histogram.percentile(50), 1010ns);
}

TEST(LatencyHistogramSpec, TreatsPercentilesOutsideZeroToHundredAsTheEnds) {
  const auto histogram = of({1ns, 2ns, 3ns});
  EXPECT_EQ(histogram.percentile(-1), 1ns);
  EXPECT_EQ(histogram.percentile(101), 3ns);
}

TEST(LatencyHistogramSpec, MergingIsRecordingBoth) {
  std::mt19937_64 random{5};
  std::vector<Duration> all(4000);
  for (auto& value : all) value = Duration{static_cast<std::int64_t>(random() % 10'000'000)};
  auto merged = of({all.begin(), all.begin() + 1500});
  merged.merge(of({all.begin() + 1500, all.end()}));
  const auto whole = of(all);
  EXPECT_EQ(merged.count(), whole.count());
  EXPECT_EQ(merged.min(), whole.min());
  EXPECT_EQ(merged.max(), whole.max());
  for (int percent = 0; percent <= 100; ++percent) EXPECT_EQ(merged.percentile(percent), whole.percentile(percent));
}

TEST(LatencyHistogramSpec, MergingAnEmptyOneChangesNothing) {
  auto histogram = of({5ns, 7ns});
  histogram.merge(LatencyHistogram{});
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.min(), 5ns);
  EXPECT_EQ(histogram.max(), 7ns);
}

TEST(LatencyHistogramSpec, ForgetsWhenCleared) {
  auto histogram = of({5ns, 7ns});
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(99), 0ns);
}

struct Row {
  double value, percentile;
  unsigned long long count;
};

// The rows of HdrHistogram's text form, as its plotters read them.
std::vector<Row> rows_of(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells{line};
    if (Row row{}; cells >> row.value >> row.percentile >> row.count) rows.push_back(row);
  }
  return rows;
}

TEST(LatencyHistogramSpec, WritesThePercentileDistributionThatPlottersRead) {
  std::mt19937_64 random{6};
  LatencyHistogram histogram;
  for (int i = 0; i < 10'000; ++i) histogram.record(Duration{static_cast<std::int64_t>(1000 + random() % 100'000)});
  std::ostringstream text;
  histogram.write_hgrm(text);

  EXPECT_EQ(text.str().substr(0, text.str().find('\n')), "       Value     Percentile TotalCount 1/(1-Percentile)");
  const auto rows = rows_of(text.str());
  ASSERT_GT(rows.size(), 100U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_GT(rows[i].value, rows[i - 1].value);
    EXPECT_GT(rows[i].percentile, rows[i - 1].percentile);
    EXPECT_GT(rows[i].count, rows[i - 1].count);
  }
  EXPECT_DOUBLE_EQ(rows.back().percentile, 1.0);
  EXPECT_EQ(rows.back().count, 10'000U);
  EXPECT_NEAR(rows.back().value, static_cast<double>(histogram.max().count()) / 1000.0, 0.001);
  EXPECT_NE(text.str().find("#[Mean    ="), std::string::npos);
  EXPECT_NE(text.str().find("#[Max     ="), std::string::npos);
  EXPECT_NE(text.str().find("#[Buckets ="), std::string::npos);
}

TEST(LatencyHistogramSpec, CountsWhatIsAtOrBelowEachBound) {
  using namespace std::chrono_literals;
  LatencyHistogram histogram;
  for (const auto value : {500ns, 990ns, 1'000'000ns, 2'000'000'000ns}) histogram.record(value);
  const Duration bounds[] = {100ns, 1us, 999us, 1s};
  std::uint64_t counts[4];
  histogram.cumulative(bounds, counts);
  EXPECT_EQ((std::vector<std::uint64_t>(counts, counts + 4)), (std::vector<std::uint64_t>{0, 2, 2, 3}));
  EXPECT_EQ(histogram.sum(), 2'001'001'490ns);
  histogram.merge(LatencyHistogram{histogram});
  EXPECT_EQ(histogram.sum(), 2 * 2'001'001'490ns);
}

TEST(LatencyHistogramSpec, IsMadeAnewFromItsBuckets) {
  using namespace std::chrono_literals;
  LatencyHistogram histogram;
  for (const auto value : {0ns, 127ns, 128ns, 990ns, 1'000'000ns, 300'000'000'000ns}) histogram.record(value);
  const auto again =
      LatencyHistogram::from_buckets(histogram.buckets(), histogram.sum(), histogram.min(), histogram.max());
  EXPECT_EQ(again.count(), histogram.count());
  EXPECT_EQ(again.sum(), histogram.sum());
  EXPECT_EQ(again.min(), histogram.min());
  EXPECT_EQ(again.max(), histogram.max());
  for (const double percent : {1.0, 20.0, 50.0, 80.0, 99.0, 100.0})
    EXPECT_EQ(again.percentile(percent), histogram.percentile(percent)) << percent;
  EXPECT_EQ(LatencyHistogram::from_buckets({}, 0ns, 0ns, 0ns).min(), 0ns);
}

TEST(LatencyHistogramSpec, ADifferenceHoldsWhatCameLater) {
  using namespace std::chrono_literals;
  LatencyHistogram histogram;
  histogram.record(5ns);
  histogram.record(1'000'000ns);
  const auto before = histogram;
  histogram.record(1'000ns);
  histogram.record(2'000ns);
  const auto later = histogram.since(before);
  EXPECT_EQ(later.count(), 2U);
  EXPECT_EQ(later.sum(), 3'000ns);
  EXPECT_NEAR(static_cast<double>(later.min().count()), 1'000, 8);
  EXPECT_NEAR(static_cast<double>(later.max().count()), 2'000, 16);
  EXPECT_EQ(histogram.since(histogram).count(), 0U);
  EXPECT_EQ(histogram.since(histogram).max(), 0ns);
}

TEST(LatencyHistogramSpec, WritesAnEmptyDistributionWithoutRowsOrNan) {
  std::ostringstream text;
  LatencyHistogram{}.write_hgrm(text);
  EXPECT_TRUE(rows_of(text.str()).empty());
  EXPECT_EQ(text.str().find("nan"), std::string::npos);
}

}  // namespace
}  // namespace yagura
