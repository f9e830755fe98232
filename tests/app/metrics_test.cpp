#include "app/metrics.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Timestamp kNow = timestamp_from_ns(1'770'595'320'000'000'000);

// A monitor in trouble: every figure is another number.
class MetricsPageSpec : public ::testing::Test {
 protected:
  MetricsPageSpec() {
    state.started = kNow - 1h;
    state.now = kNow;
    state.instruments.resize(1);
    auto& row = state.instruments.front();
    row.symbol = "NI225";
    row.accepted = 11;
    row.age_ms = 1'500;
    row.feed.state = "STALE";
    row.feed.failovers = 2;
    row.rejected = {{"duplicate", 12}, {"late", 13}};
    state.queue_depth = 14;
    state.queue_capacity = 65'536;
    state.queue_folded = 15;
    state.delivered = 16;
    state.held = {{"muted", 17}};
    figures.state = &state;
    figures.latency = &latency;
    figures.ticks = 18;
    figures.gaps = {19};
    figures.mono = MonoTime{2h};
    feeds::FeedStatus feed;
    feed.name = "desk \"one\"";
    feed.state = feeds::FeedState::kBackoff;
    feed.ticks = 20;
    feed.connects = 4;
    feed.last_tick = figures.mono - 90s;
    figures.feeds = {feed};
    figures.alerts = {{"round-numbers", {0, 1, 2, 3}}, {"quiet", {}}};
    SinkFigures sink;
    sink.name = "pager";
    sink.delivered = 21;
    sink.failed = 22;
    sink.refused = 23;
    sink.pending = 24;
    sink.oldest_age_s = 25.5;
    sink.dead = 26;
    sink.off = true;
    sink.delivery.record(30ms);
    figures.sinks = {sink};
    figures.storage.ok = false;
    figures.storage.commits = 4;
    figures.storage.commit_total = 2s;
    figures.console.clients = 27;
    figures.console.queued_bytes = 28;
    figures.console.server.cut_slow = 29;
    figures.threads = {{"detector", false}, {"storage", true}};
    figures.clock = {.known = true, .synchronised = false, .offset = -250us, .steps = 30, .reason = ""};
    figures.log = {.written = 31, .dropped = 32, .repeated = 33};
    figures.config_ok = false;
    figures.config_loaded = kNow - 1h;
  }

  console::StateSnapshot state;
  LatencyStages latency;
  Figures figures;
};

TEST_F(MetricsPageSpec, TellsEveryFigure) {
  const auto page = metrics_page(figures);
  for (const auto* line : {
           "yagura_build_info{version=\"",
           "yagura_start_timestamp_seconds 1770591720\n",
           "yagura_config_last_reload_successful 0\n",
           "yagura_thread_stuck{thread=\"detector\"} 0\nyagura_thread_stuck{thread=\"storage\"} 1\n",
           "yagura_ticks_total 18\n",
           "yagura_ticks_folded_total 15\n",
           "yagura_queue_depth 14\n",
           "yagura_queue_capacity 65536\n",
           "yagura_instrument_ticks_accepted_total{instrument=\"NI225\"} 11\n",
           "yagura_ticks_rejected_total{instrument=\"NI225\",reason=\"late\"} 13\n",
           "yagura_gaps_total{instrument=\"NI225\"} 19\n",
           "yagura_instrument_last_tick_timestamp_seconds{instrument=\"NI225\"} 1770595318.5\n",
           "yagura_instrument_state{instrument=\"NI225\",state=\"LIVE\"} 0\n",
           "yagura_instrument_state{instrument=\"NI225\",state=\"STALE\"} 1\n",
           "yagura_instrument_state{instrument=\"NI225\",state=\"SUSPECT\"} 0\n",
           "yagura_feed_state{feed=\"desk \\\"one\\\"\",state=\"LIVE\"} 0\n",
           "yagura_feed_state{feed=\"desk \\\"one\\\"\",state=\"BACKOFF\"} 1\n",
           "yagura_feed_reconnects_total{feed=\"desk \\\"one\\\"\"} 3\n",
           "yagura_feed_last_tick_timestamp_seconds{feed=\"desk \\\"one\\\"\"} 1770595230\n",
           "yagura_feed_last_received_timestamp_seconds{feed=\"desk \\\"one\\\"\"} 0\n",
           "yagura_tick_to_alert_seconds_bucket{le=\"+Inf\"} 0\n",
           "yagura_alerts_total{rule=\"round-numbers\",severity=\"critical\"} 3\n",
           "yagura_alerts_total{rule=\"quiet\",severity=\"info\"} 0\n",
           "yagura_alerts_released_total 16\n",
           "yagura_alerts_held_total{reason=\"muted\"} 17\n",
           "yagura_deliveries_total{sink=\"pager\",result=\"delivered\"} 21\n",
           "yagura_deliveries_total{sink=\"pager\",result=\"failed\"} 22\n",
           "yagura_deliveries_total{sink=\"pager\",result=\"refused\"} 23\n",
           "yagura_delivery_seconds_bucket{sink=\"pager\",le=\"0.025\"} 0\n",
           "yagura_delivery_seconds_bucket{sink=\"pager\",le=\"0.05\"} 1\n",
           "yagura_outbox_alerts{sink=\"pager\"} 24\n",
           "yagura_outbox_oldest_age_seconds{sink=\"pager\"} 25.5\n",
           "yagura_dead_letters{sink=\"pager\"} 26\n",
           "yagura_sink_off{sink=\"pager\"} 1\n",
           "yagura_console_clients 27\n",
           "yagura_console_queued_bytes 28\n",
           "yagura_console_clients_cut_total{reason=\"slow\"} 29\n",
           "yagura_storage_ok 0\n",
           "yagura_journal_commit_seconds_sum 2\nyagura_journal_commit_seconds_count 4\n",
           "yagura_clock_unsynchronised 1\n",
           "yagura_clock_offset_seconds -0.00025\n",
           "yagura_clock_steps_total 30\n",
           "yagura_log_lines_dropped_total 32\n",
       })
    EXPECT_THAT(page, HasSubstr(line));
}

TEST_F(MetricsPageSpec, PromtoolHasNothingToSay) {
  const auto base = std::filesystem::temp_directory_path() / ("yagura-metrics-" + std::to_string(::getpid()));
  const auto page = base.string() + ".txt", said = base.string() + ".out";
  std::ofstream{page} << metrics_page(figures);
  const int code = std::system(("promtool check metrics <" + page + " >" + said + " 2>&1").c_str());
  std::ostringstream out;
  out << std::ifstream{said}.rdbuf();
  EXPECT_EQ(code, 0);
  EXPECT_EQ(out.str(), "") << "Debian's package prometheus has promtool";
  std::filesystem::remove(page);
  std::filesystem::remove(said);
}

TEST_F(MetricsPageSpec, WithoutSinksAndConsoleTheFamiliesAreThere) {
  figures.sinks.clear();
  const auto page = metrics_page(figures);
  EXPECT_THAT(page, HasSubstr("# TYPE yagura_dead_letters gauge\n"));
  EXPECT_THAT(page, HasSubstr("# TYPE yagura_delivery_seconds histogram\n"));
}

}  // namespace
}  // namespace yagura::app
