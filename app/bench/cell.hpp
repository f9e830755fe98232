// One measurement: a fresh process of one path, fed by one schedule.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/bench/frames.hpp"
#include "app/bench/hiccups.hpp"
#include "app/bench/marks.hpp"
#include "app/bench/schedule.hpp"
#include "app/bench/subject.hpp"
#include "app/bench/workload.hpp"
#include "core/latency_histogram.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

struct CellOptions {
  Path path;
  SubjectOptions subject;
  Duration patience = std::chrono::seconds{2};  // for alerts behind the last tick
  std::size_t clients = 0;                      // further ones that read along
  std::filesystem::path dir;                    // of the process's files
};

struct CellResult {
  LatencyHistogram response;  // intended -> received
  LatencyHistogram service;   // sent -> received
  std::map<std::string, LatencyHistogram> stages;
  std::vector<Mark> marks;
  Hiccups hiccups;
  std::uint64_t sent = 0;
  std::uint64_t sent_late = 0;
  std::uint64_t missing = 0;       // alerts that never came: the figures are void
  std::uint64_t other_alerts = 0;  // of the source's own ticks
  std::size_t alert_bytes = 0;
  MonoTime start{};
  std::optional<Duration> processor_time;  // of all its threads while the schedule was played
  double ticks_per_s = 0;                  // first byte sent to the last probe's alert
};

// What every cell of a schedule sends: made ready once, given its times in each.
struct Load {
  Schedule warm;  // 0.3 s at 10,000 ticks/s before anything counts
  Schedule schedule;
  FrameBuffer warm_frames;
  FrameBuffer frames;
};
[[nodiscard]] Load make_load(const Workload& workload, Schedule schedule, std::size_t probe_every);

// Starts the path, plays the load, ends the path. The error is one line.
[[nodiscard]] Result<CellResult> run_cell(const CellOptions& options, Load& load);

}  // namespace yagura::app::bench
