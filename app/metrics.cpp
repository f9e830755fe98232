#include "app/metrics.hpp"

#include "app/version.hpp"
#include "console/metrics_text.hpp"
#include "processing/feed_liveness.hpp"
#include "processing/signal.hpp"

namespace yagura::app {
namespace {

using console::delivery_bounds;
using console::latency_bounds;
using console::MetricsText;

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

double unix_seconds(Timestamp t) { return in_seconds(t.time_since_epoch()); }

// A moment of the steady clock on the wall; 0 for never.
double unix_seconds(const Figures& f, MonoTime at) {
  return at == MonoTime{} ? 0.0 : unix_seconds(f.state->now - (f.mono - at));
}

std::uint64_t flag(bool value) { return value ? 1 : 0; }

void write_build(const Figures& f, MetricsText& out) {
  out.gauge("yagura_build_info", "Which build this is; always 1.");
  out.sample(std::uint64_t{1},
             {{"version", kVersion}, {"commit", kCommit}, {"compiler", kCompiler}, {"build_type", kBuildType}});
  out.gauge("yagura_start_timestamp_seconds", "When the monitor started.");
  out.sample(unix_seconds(f.state->started));
  out.gauge("yagura_config_last_reload_successful", "Whether the configuration file was valid when last read.");
  out.sample(flag(f.config_ok));
  out.gauge("yagura_config_last_reload_success_timestamp_seconds", "When the settings in force were read.");
  out.sample(unix_seconds(f.config_loaded));
  out.gauge("yagura_thread_stuck", "1 while a thread that must move stands still.");
  for (const auto& thread : f.threads) out.sample(flag(thread.stuck), {{"thread", thread.name}});
}

void write_queue(const Figures& f, MetricsText& out) {
  out.counter("yagura_ticks_total", "Ticks taken through the detectors.");
  out.sample(f.ticks);
  out.counter("yagura_ticks_folded_total", "Ticks folded into others while the queue was full.");
  out.sample(f.state->queue_folded);
  out.gauge("yagura_queue_depth", "Ticks waiting between feeds and detectors.");
  out.sample(f.state->queue_depth);
  out.gauge("yagura_queue_capacity", "Ticks that may wait there.");
  out.sample(f.state->queue_capacity);
}

void write_instruments(const Figures& f, MetricsText& out) {
  const auto& instruments = f.state->instruments;
  out.counter("yagura_instrument_ticks_accepted_total", "Ticks that passed the integrity checks.");
  for (const auto& row : instruments) out.sample(row.accepted, {{"instrument", row.symbol}});
  out.counter("yagura_ticks_rejected_total", "Ticks that did not, by reason.");
  for (const auto& row : instruments) {
    for (const auto& [reason, count] : row.rejected)
      out.sample(count, {{"instrument", row.symbol}, {"reason", reason}});
  }
  out.counter("yagura_gaps_total", "Holes in the sequence of ticks.");
  for (std::size_t i = 0; i < instruments.size() && i < f.gaps.size(); ++i)
    out.sample(f.gaps[i], {{"instrument", instruments[i].symbol}});
  out.counter("yagura_instrument_failovers_total", "How often another feed took over or handed back.");
  for (const auto& row : instruments) out.sample(row.feed.failovers, {{"instrument", row.symbol}});
  out.gauge("yagura_instrument_last_tick_timestamp_seconds", "When its last tick was received; 0 before the first.");
  for (const auto& row : instruments) {
    const auto age = std::chrono::milliseconds{row.age_ms.value_or(0)};
    out.sample(row.age_ms ? unix_seconds(f.state->now - age) : 0.0, {{"instrument", row.symbol}});
  }
  out.gauge("yagura_instrument_state", "1 for the state its data is in.");
  for (const auto& row : instruments) {
    for (auto state = processing::Liveness::kClosed; state <= processing::Liveness::kSuspect;
         state = static_cast<processing::Liveness>(static_cast<int>(state) + 1))
      out.sample(flag(row.feed.state == name_of(state)), {{"instrument", row.symbol}, {"state", name_of(state)}});
  }
}

void write_feeds(const Figures& f, MetricsText& out) {
  using feeds::FeedState;
  const auto each = [&](auto value) {
    for (const auto& feed : f.feeds) out.sample(value(feed), {{"feed", feed.name}});
  };
  out.gauge("yagura_feed_state", "1 for the state its connection is in.");
  for (const auto& feed : f.feeds) {
    for (auto state = FeedState::kStopped; state <= FeedState::kBackoff;
         state = static_cast<FeedState>(static_cast<int>(state) + 1))
      out.sample(flag(feed.state == state), {{"feed", feed.name}, {"state", to_string(state)}});
  }
  out.counter("yagura_feed_ticks_total", "Ticks read from it.");
  each([](const auto& feed) { return feed.ticks; });
  out.counter("yagura_feed_connection_attempts_total", "Connections tried.");
  each([](const auto& feed) { return feed.attempts; });
  out.counter("yagura_feed_reconnects_total", "Connections opened after the first.");
  each([](const auto& feed) { return feed.connects > 0 ? feed.connects - 1 : std::uint64_t{0}; });
  out.counter("yagura_feed_errors_total", "Frames that could not be read, and errors the vendor reported.");
  for (const auto& feed : f.feeds) {
    out.sample(feed.decode_errors, {{"feed", feed.name}, {"kind", "decode"}});
    out.sample(feed.vendor_errors, {{"feed", feed.name}, {"kind", "vendor"}});
  }
  out.counter("yagura_feed_unknown_symbols_total", "Ticks of symbols nobody asked for.");
  each([](const auto& feed) { return feed.unknown_symbols; });
  out.gauge("yagura_feed_last_received_timestamp_seconds", "When anything last came from it; 0 for never.");
  each([&](const auto& feed) { return unix_seconds(f, feed.last_rx); });
  out.gauge("yagura_feed_last_tick_timestamp_seconds", "When its last tick came; 0 for never.");
  each([&](const auto& feed) { return unix_seconds(f, feed.last_tick); });
}

void write_latency(const Figures& f, MetricsText& out) {
  out.histogram("yagura_tick_to_alert_seconds", "Frame complete to alert decided, of ticks that fire.");
  out.sample(f.latency->of(LatencyStages::kAlert), latency_bounds());
  out.histogram("yagura_stage_seconds", "Where the time of a tick goes; stage tick is frame complete to decided.");
  for (const auto stage : {LatencyStages::kDecode, LatencyStages::kQueue, LatencyStages::kDetect, LatencyStages::kTick,
                           LatencyStages::kHandOver, LatencyStages::kSettle})
    out.sample(f.latency->of(stage), latency_bounds(), {{"stage", LatencyStages::kNames[stage]}});
}

void write_alerts(const Figures& f, MetricsText& out) {
  out.counter("yagura_alerts_total", "Alerts decided.");
  for (const auto& [rule, counts] : f.alerts) {
    for (std::size_t i = 0; i < kSeverities; ++i)
      out.sample(counts[i], {{"rule", rule}, {"severity", name_of(static_cast<Severity>(i))}});
  }
  out.counter("yagura_alerts_released_total", "Alerts meant for people: held for no reason.");
  out.sample(f.state->delivered);
  out.counter("yagura_alerts_held_total", "Alerts that were not, by reason.");
  for (const auto& [reason, count] : f.state->held) out.sample(count, {{"reason", reason}});
}

void write_sinks(const Figures& f, MetricsText& out) {
  const auto each = [&](auto value) {
    for (const auto& sink : f.sinks) out.sample(value(sink), {{"sink", sink.name}});
  };
  out.counter("yagura_deliveries_total", "Attempts to deliver, by result; refused ones are not repeated.");
  for (const auto& sink : f.sinks) {
    out.sample(sink.delivered, {{"sink", sink.name}, {"result", "delivered"}});
    out.sample(sink.failed, {{"sink", sink.name}, {"result", "failed"}});
    out.sample(sink.refused, {{"sink", sink.name}, {"result", "refused"}});
  }
  out.histogram("yagura_delivery_seconds", "Alert decided to delivered.");
  for (const auto& sink : f.sinks) out.sample(sink.delivery, delivery_bounds(), {{"sink", sink.name}});
  out.gauge("yagura_outbox_alerts", "Alerts on their way.");
  each([](const auto& sink) { return sink.pending; });
  out.gauge("yagura_outbox_oldest_age_seconds", "Age of the oldest of them.");
  each([](const auto& sink) { return sink.oldest_age_s; });
  out.gauge("yagura_dead_letters", "Alerts that could not be delivered and wait for a person.");
  each([](const auto& sink) { return sink.dead; });
  out.gauge("yagura_sink_off", "1 while the receiver has switched the sink off.");
  each([](const auto& sink) { return flag(sink.off); });
}

void write_console(const Figures& f, MetricsText& out) {
  const auto& server = f.console.server;
  out.gauge("yagura_console_clients", "WebSocket clients.");
  out.sample(std::uint64_t{f.console.clients});
  out.gauge("yagura_console_queued_bytes", "Bytes that wait for slow clients.");
  out.sample(std::uint64_t{f.console.queued_bytes});
  out.counter("yagura_console_connections_total", "TCP connections accepted.");
  out.sample(server.accepted);
  out.counter("yagura_console_accept_errors_total", "Connections that could not be: no descriptors and the like.");
  out.sample(server.accept_errors);
  out.counter("yagura_console_clients_cut_total", "Clients cut off, by reason.");
  out.sample(server.cut_slow, {{"reason", "slow"}});
  out.sample(server.cut_silent, {{"reason", "silent"}});
  out.sample(server.cut_handshake, {{"reason", "handshake"}});
  out.sample(server.cut_policy, {{"reason", "messages"}});
  out.counter("yagura_console_frames_skipped_total", "Prices and states left out for slow clients.");
  out.sample(server.skipped);
  out.counter("yagura_console_refused_total", "Requests and connections refused, by reason.");
  out.sample(f.console.access.bad_host, {{"reason", "host"}});
  out.sample(f.console.access.bad_origin, {{"reason", "origin"}});
  out.sample(f.console.access.no_token, {{"reason", "token"}});
  out.sample(f.console.access.throttled, {{"reason", "throttled"}});
  out.sample(server.refused, {{"reason", "connections"}});
}

void write_storage(const Figures& f, MetricsText& out) {
  out.gauge("yagura_storage_ok", "1 while the journal takes what it is given.");
  out.sample(flag(f.storage.ok));
  out.summary("yagura_journal_commit_seconds", "Time of a commit, fsync included.");
  out.sample(f.storage.commit_total, f.storage.commits);
  out.gauge("yagura_journal_commit_max_seconds", "The longest since the start.");
  out.sample(in_seconds(f.storage.commit_max));
  out.counter("yagura_journal_alerts_committed_total", "Alerts stored.");
  out.sample(f.storage.committed);
  out.counter("yagura_journal_alerts_refused_total", "Alerts shown and sent, but not stored: too many waited.");
  out.sample(f.storage.refused);
  out.gauge("yagura_journal_queued_alerts", "Alerts on their way to the disk.");
  out.sample(f.storage.queued);
}

void write_clock_and_log(const Figures& f, MetricsText& out) {
  out.gauge("yagura_clock_unsynchronised", "1 while the kernel says that its clock is not synchronised.");
  out.sample(flag(!f.clock.synchronised));
  out.gauge("yagura_clock_offset_seconds", "What the kernel still has to work off.");
  out.sample(in_seconds(f.clock.offset));
  out.counter("yagura_clock_steps_total", "Jumps of the wall clock by more than 100 ms.");
  out.sample(f.clock.steps);
  out.counter("yagura_log_lines_total", "Lines written to stderr.");
  out.sample(f.log.written);
  out.counter("yagura_log_lines_dropped_total", "Lines that stderr did not take.");
  out.sample(f.log.dropped);
  out.counter("yagura_log_lines_repeated_total", "Lines held back because they said the same again.");
  out.sample(f.log.repeated);
}

}  // namespace

std::string metrics_page(const Figures& figures) {
  std::string page;
  MetricsText out{page};
  for (const auto write : {write_build, write_queue, write_instruments, write_feeds, write_latency, write_alerts,
                           write_sinks, write_console, write_storage, write_clock_and_log})
    write(figures, out);
  return page;
}

}  // namespace yagura::app
