#include "app/bench/report_json.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "app/bench/ratios.hpp"
#include "app/bench/stages.hpp"
#include "core/json_writer.hpp"

namespace yagura::app::bench {
namespace {

// Thousandths are enough.
double rounded(double value) { return std::round(value * 1000) / 1000; }
double us_of(Duration duration) { return rounded(static_cast<double>(duration.count()) / 1000.0); }

void range(JsonWriter& json, const Summary& summary) {
  json.begin_array().value(rounded(summary.min)).value(rounded(summary.max)).end_array();
}

void write_host(JsonWriter& json, const SystemInfo& system) {
  json.key("host").begin_object();
  json.field("cpu", system.cpu).field("cores", system.cores).field("kernel", system.kernel).key("governor");
  if (system.governor)
    json.value(*system.governor);
  else
    json.null();
  json.field("clocksource", system.clocksource).field("hypervisor", system.hypervisor);
  json.field("compiler", system.compiler).field("build", system.build).field("flags", system.flags);
  json.key("load").begin_array();
  for (const double load : system.load) json.value(rounded(load));
  json.end_array().end_object();
}

void write_input(JsonWriter& json, const Report& report) {
  const auto& plan = report.plan;
  json.key("input").begin_object();
  json.field("source", report.source).field("sha256", report.sha256).field("ticks", report.source_ticks);
  json.key("seed");
  if (report.seed)
    json.value(*report.seed);
  else
    json.null();
  json.field("rules", plan.paths.front().rules == Rules::kShipped ? "shipped" : "same_work");
  json.key("rates").begin_array();
  for (const auto& rate : report.rates()) json.value(rate);
  json.end_array();
  json.field("seconds", std::chrono::duration<double>(plan.length).count()).field("alert_every", plan.probe_every);
  json.field("alert_bytes", report.alert_bytes).field("pinning", report.pinning);
  json.field("levels", plan.levels).field("clients", plan.clients).key("burst");
  if (plan.burst) {
    const double length = std::chrono::duration<double>(plan.length).count() * kBurstShare;
    json.begin_object().field("seconds", length).field("scale", length / kBurstSeconds);
    json.field("density", kBurstDensity).field("move_percent", kBurstMove * 100).end_object();
  } else {
    json.null();
  }
  json.end_object();
}

// {"p50":…,"count":…,"ranges":{…}} over the runs.
void write_over_runs(JsonWriter& json, const std::vector<const Run*>& runs, const Pick& pick, bool with_late) {
  std::uint64_t count = 0;
  std::uint64_t late = 0;
  for (const auto* run : runs) {
    if (const auto* histogram = pick(*run)) count += histogram->count();
    late += run->sent_late;
  }
  json.begin_object();
  for (const auto& percentile : kPercentiles)
    json.field(percentile.key, rounded(summary_of(runs, pick, percentile).median));
  json.field("count", count);
  if (with_late) json.field("sent_late", late);
  json.key("ranges").begin_object();
  for (const auto& percentile : kPercentiles) range(json.key(percentile.key), summary_of(runs, pick, percentile));
  json.end_object().end_object();
}

void write_by_rate(JsonWriter& json, const Report& report, const std::string& path, const Pick& pick) {
  json.begin_object();
  for (const auto& rate : report.rates()) {
    const auto runs = report.runs_of(path, rate);
    if (!runs.empty()) write_over_runs(json.key(rate), runs, pick, true);
  }
  json.end_object();
}

void write_stages(JsonWriter& json, const Report& report, const std::string& path) {
  json.key("stages_us").begin_object();
  for (const auto& rate : report.rates()) {
    const auto runs = report.runs_of(path, rate);
    if (runs.empty()) continue;
    std::set<std::string> names;
    for (const auto* run : runs) {
      for (const auto& [name, histogram] : run->stages) names.insert(name);
    }
    json.key(rate).begin_object();
    for (const auto& name : names) write_over_runs(json.key(name), runs, stage_of(name), false);
    json.end_object();
  }
  json.end_object();
}

void write_path(JsonWriter& json, const Report& report, const Path& path) {
  json.key(path.name).begin_object();
  if (const auto skipped = report.skipped.find(path.name); skipped != report.skipped.end()) {
    json.field("skipped", skipped->second).end_object();
    return;
  }
  json.field("wait", path.wait.value_or("shipped")).key("workers");
  if (path.workers)
    json.value(*path.workers);
  else
    json.null();
  if (path.monitor()) json.field("rules", path.rules == Rules::kShipped ? "shipped" : "same_work");
  write_by_rate(json.key("latency_us"), report, path.name, response_of);
  write_by_rate(json.key("service_us"), report, path.name, service_of);
  if (path.monitor()) write_stages(json, report, path.name);
  if (const auto all = summary_of(report.saturations_of(path.name)); all.median > 0) {
    json.field("saturation_per_s", std::round(all.median));
    range(json.key("saturation_range"), all);
    const auto cpu = report.cpu_per_tick_of(path.name);
    if (!cpu.empty()) json.field("cpu_ns_per_tick", std::round(summary_of(cpu).median));
  }
  json.key("highest_rate_per_s");
  if (const auto highest = report.highest_rate.find(path.name); highest != report.highest_rate.end())
    json.value(highest->second);
  else
    json.null();
  json.end_object();
}

void write_hiccups(JsonWriter& json, const Hiccups& hiccups) {
  json.begin_object().field("seconds", rounded(std::chrono::duration<double>(hiccups.watched()).count()));
  json.field("count", hiccups.count()).field("p99_us", us_of(hiccups.p99())).field("max_us", us_of(hiccups.max()));
  json.field("lost_percent", rounded(hiccups.lost_percent())).key("gaps").begin_array();
  for (const auto& gap : hiccups.gaps())
    json.begin_array().value(us_of(gap.at) / 1000).value(us_of(gap.length)).end_array();
  json.end_array().end_object();
}

void write_figures(JsonWriter& json, const LatencyHistogram& histogram) {
  json.begin_object();
  for (const auto& percentile : kPercentiles) json.field(percentile.key, rounded(value_of(histogram, percentile)));
  json.field("count", histogram.count()).end_object();
}

void write_rounds(JsonWriter& json, const Report& report) {
  json.key("rounds").begin_array();
  for (const auto& run : report.runs) {
    json.begin_object().field("round", run.round).field("path", run.path).field("rate", run.rate);
    write_figures(json.key("latency_us"), run.response);
    write_figures(json.key("service_us"), run.service);
    json.key("stages_us").begin_object();
    for (const auto& [name, histogram] : run.stages) write_figures(json.key(name), histogram);
    json.end_object();
    json.field("sent", run.sent).field("sent_late", run.sent_late).field("other_alerts", run.other_alerts);
    json.end_object();
  }
  for (const auto& one : report.saturations) {
    json.begin_object().field("round", one.round).field("path", one.path);
    json.field("saturation_per_s", std::round(one.per_s)).end_object();
  }
  json.end_array();
}

}  // namespace

std::string report_json(const Report& report) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("v", 1).field("tool", "yagura bench").field("commit", report.system.commit);
  json.field("date", report.system.date);
  write_host(json, report.system);
  write_input(json, report);
  json.field("runs", report.plan.runs).key("paths").begin_object();
  for (const auto& path : report.plan.paths) write_path(json, report, path);
  json.end_object();
  write_ratios(json, report);
  json.key("hiccups").begin_object().field("bound_us", us_of(kHiccup));
  write_hiccups(json.key("idle"), report.idle);
  write_hiccups(json.key("during"), report.during);
  json.end_object();
  write_rounds(json, report);
  json.end_object();
  return text + "\n";
}

}  // namespace yagura::app::bench
