// What /metrics says, in Prometheus' text form. Every series exists from the start; labels come from the
// settings and from fixed lists, so their number is bounded. docs/operations.md has the list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alerts/journal.hpp"
#include "app/alert_counts.hpp"
#include "app/clock_watch.hpp"
#include "app/latency_stages.hpp"
#include "app/log.hpp"
#include "console/http_api.hpp"
#include "console/snapshot.hpp"
#include "core/latency_histogram.hpp"
#include "core/net/ws_server.hpp"
#include "feeds/feed_status.hpp"

namespace yagura::app {

// How deliveries to one sink go.
struct SinkFigures {
  std::string name;
  std::uint64_t delivered = 0;  // attempts that succeeded
  std::uint64_t failed = 0;     // attempts that will be repeated
  std::uint64_t refused = 0;    // attempts that will not
  std::uint64_t pending = 0;    // alerts on their way
  double oldest_age_s = 0;      // of the oldest of them
  std::uint64_t dead = 0;       // dead letters
  bool off = false;             // switched off by its receiver
  LatencyHistogram delivery;    // decided -> delivered
};

// What the page is made of, as plain values; what is pointed to must live while it is written.
struct Figures {
  const console::StateSnapshot* state = nullptr;
  const LatencyStages* latency = nullptr;
  std::uint64_t ticks = 0;          // taken through the detectors
  std::vector<std::uint64_t> gaps;  // by instrument, in the order of `state`
  std::vector<feeds::FeedStatus> feeds;
  MonoTime mono{};
  AlertCounts alerts;  // of every rule, zeros included
  std::vector<SinkFigures> sinks;
  alerts::Journal::Status storage;

  struct Console {
    std::size_t clients = 0;
    std::size_t queued_bytes = 0;  // waiting for slow clients
    net::WsServerStats server;
    console::AccessStats access;
  } console;

  struct Thread {
    std::string name;
    bool stuck = false;
  };
  std::vector<Thread> threads;
  ClockWatch::Status clock;
  LogCounts log;
  bool config_ok = true;      // the file on disk, when it was last read
  Timestamp config_loaded{};  // when settings were last taken over
};

[[nodiscard]] std::string metrics_page(const Figures& figures);

}  // namespace yagura::app
