#include "console/metrics_text.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace yagura::console {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class MetricsTextSpec : public ::testing::Test {
 protected:
  std::string page;
  MetricsText out{page};
};

TEST_F(MetricsTextSpec, AFamilyHasHelpTypeAndSamples) {
  out.counter("yagura_gaps_total", "Holes.");
  out.sample(std::uint64_t{18'446'744'073'709'551'615U}, {{"instrument", "NI225"}});
  out.gauge("yagura_queue_depth", "Ticks waiting.");
  out.sample(std::uint64_t{0});
  EXPECT_EQ(page,
            "# HELP yagura_gaps_total Holes.\n# TYPE yagura_gaps_total counter\n"
            "yagura_gaps_total{instrument=\"NI225\"} 18446744073709551615\n"
            "# HELP yagura_queue_depth Ticks waiting.\n# TYPE yagura_queue_depth gauge\nyagura_queue_depth 0\n");
}

TEST_F(MetricsTextSpec, LabelsAreEscaped) {
  out.gauge("g", "A \\ and\na \"line\".");
  out.sample(std::uint64_t{1}, {{"feed", "a\"b\\c\nd"}, {"state", "LIVE"}});
  EXPECT_EQ(page, "# HELP g A \\\\ and\\na \"line\".\n# TYPE g gauge\ng{feed=\"a\\\"b\\\\c\\nd\",state=\"LIVE\"} 1\n");
}

TEST_F(MetricsTextSpec, NumbersReadBack) {
  out.gauge("g", "G.");
  out.sample(0.1);
  out.sample(1770595320.25);
  out.sample(std::numeric_limits<double>::quiet_NaN());
  out.sample(std::numeric_limits<double>::infinity());
  out.sample(-std::numeric_limits<double>::infinity());
  EXPECT_THAT(page, EndsWith("g 0.1\ng 1770595320.25\ng NaN\ng +Inf\ng -Inf\n"));
}

TEST_F(MetricsTextSpec, AHistogramCountsUpwardsAndEndsWithAll) {
  LatencyHistogram values;
  values.record(1us);
  values.record(40us);
  values.record(2s);
  out.histogram("yagura_tick_to_alert_seconds", "T.");
  out.sample(values, latency_bounds(), {{"stage", "tick"}});
  EXPECT_THAT(page, HasSubstr("_bucket{stage=\"tick\",le=\"2.5e-06\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("_bucket{stage=\"tick\",le=\"2.5e-05\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("_bucket{stage=\"tick\",le=\"5e-05\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("_bucket{stage=\"tick\",le=\"1\"} 2\n"));
  EXPECT_THAT(page, EndsWith("_bucket{stage=\"tick\",le=\"+Inf\"} 3\n"
                             "yagura_tick_to_alert_seconds_sum{stage=\"tick\"} 2.000041\n"
                             "yagura_tick_to_alert_seconds_count{stage=\"tick\"} 3\n"));
}

TEST_F(MetricsTextSpec, ASummaryIsASumAndACount) {
  out.summary("yagura_journal_commit_seconds", "Commits.");
  out.sample(1500ms, 3);
  EXPECT_THAT(page, EndsWith("yagura_journal_commit_seconds_sum 1.5\nyagura_journal_commit_seconds_count 3\n"));
}

TEST(MetricsBounds, Ascend) {
  for (const auto bounds : {latency_bounds(), delivery_bounds()}) EXPECT_TRUE(std::ranges::is_sorted(bounds));
  EXPECT_EQ(latency_bounds().front(), 1us);
  EXPECT_EQ(latency_bounds().back(), 1s);
}

}  // namespace
}  // namespace yagura::console
