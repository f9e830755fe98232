#include "app/bench/report_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "app/bench/ratios.hpp"
#include "app/bench/stages.hpp"
#include "app/start_up.hpp"
#include "app/text_table.hpp"

namespace yagura::app::bench {
namespace {

// Three digits that mean something, whatever the size.
std::string us(double value) {
  if (value >= 100) return grouped(static_cast<std::uint64_t>(std::llround(value)));
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

TextTable latency_table() {
  std::vector<TextTable::Column> columns{{"us", Align::kLeft}, {"count"}, {"late"}};
  for (const auto& percentile : kPercentiles) columns.push_back({std::string{percentile.head}});
  return TextTable{std::move(columns)};
}

// A row of medians over the runs; with several of them a second one with their range.
void add_row(TextTable& table, const std::string& name, const std::vector<const Run*>& runs, const Pick& pick,
             bool with_late) {
  std::uint64_t count = 0;
  std::uint64_t late = 0;
  for (const auto* run : runs) {
    if (const auto* histogram = pick(*run)) count += histogram->count();
    late += run->sent_late;
  }
  if (count == 0) return;
  std::vector<std::string> cells{name, grouped(count), with_late ? grouped(late) : ""};
  std::vector<std::string> ranges{"", "", ""};
  for (const auto& percentile : kPercentiles) {
    const auto summary = summary_of(runs, pick, percentile);
    cells.push_back(us(summary.median));
    ranges.push_back(us(summary.min) + "-" + us(summary.max));
  }
  table.row(std::move(cells));
  if (runs.size() > 1) table.row(std::move(ranges));
}

std::string saturation_lines(const Report& report) {
  std::string text;
  for (const auto& path : report.plan.paths) {
    const auto all = summary_of(report.saturations_of(path.name));
    if (all.median == 0) continue;
    text += fmt::format("  {:<20} {:>12} ticks/s", path.name, grouped(static_cast<std::uint64_t>(all.median)));
    if (const auto cpu = report.cpu_per_tick_of(path.name); !cpu.empty())
      text += fmt::format(", {:.0f} ns of processor time a tick", summary_of(cpu).median);
    if (report.plan.runs > 1)
      text += fmt::format("  ({} to {})", grouped(static_cast<std::uint64_t>(all.min)),
                          grouped(static_cast<std::uint64_t>(all.max)));
    text += "\n";
  }
  return text.empty() ? text : "\nSaturation, sent as fast as the socket takes it:\n" + text;
}

std::string ratio_lines(const Report& report) {
  std::string text;
  const auto add = [&text](const std::string& path, const std::string& at, const std::vector<Ratio>& ratios) {
    if (ratios.empty()) return;
    text += fmt::format("  {:<20} {:>10} ", path, at);
    for (const auto& ratio : ratios) text += fmt::format(" {} {:.2f} ", ratio.name, ratio.value.median);
    text.back() = '\n';
  };
  for (const auto& path : report.plan.paths) {
    if (!path.monitor() || report.plan.paths.size() == 1) continue;
    for (const auto& rate : report.rates()) add(path.name, rate + "/s", latency_ratios(report, path, rate));
    add(path.name, "", saturation_ratios(report, path));
  }
  return text.empty() ? text : "\nRatios, medians of the rounds':\n" + text;
}

std::string hiccup_line(const char* name, const Hiccups& hiccups) {
  const auto in_us = [](Duration d) { return us(static_cast<double>(d.count()) / 1000.0); };
  if (hiccups.count() == 0)
    return fmt::format("  {:<18} none in {:.1f} s\n", name, std::chrono::duration<double>(hiccups.watched()).count());
  return fmt::format("  {:<18} {} in {:.1f} s, p99 {} us, max {} us, {:.3f} % of the time lost\n", name,
                     grouped(hiccups.count()), std::chrono::duration<double>(hiccups.watched()).count(),
                     in_us(hiccups.p99()), in_us(hiccups.max()), hiccups.lost_percent());
}

std::string latencies(const Report& report) {
  std::string text;
  for (const auto& rate : report.rates()) {
    auto table = latency_table();
    for (const auto& path : report.plan.paths) {
      const auto runs = report.runs_of(path.name, rate);
      if (runs.empty()) continue;
      const bool alone = report.plan.paths.size() == 1;
      add_row(table, alone ? "response" : path.name, runs, response_of, true);
      add_row(table, alone ? "service" : "  service", runs, service_of, false);
      if (!alone) continue;
      for (const auto& stage : stage_order()) add_row(table, "  " + stage, runs, stage_of(stage), false);
    }
    text += "\n" + (report.plan.rates.size() > 1 ? "At " + rate + " ticks/s:\n" : std::string{}) + table.text(false);
  }
  return text;
}

}  // namespace

std::string input_line(const Report& report) {
  const auto& plan = report.plan;
  const auto seconds = std::chrono::duration<double>(plan.length).count();
  std::string pace;
  for (const double rate : plan.rates)
    pace += (pace.empty() ? "" : ", ") + (plan.pace == Pace::kRecorded
                                              ? fmt::format("{}x", plan.speed)
                                              : grouped(static_cast<std::uint64_t>(rate)) + " ticks/s");
  if (plan.pace == Pace::kFlatOut) pace = "as fast as the socket takes it";
  auto text = fmt::format("{}: {}", report.source, pace);
  if (plan.burst)
    text += fmt::format(" in a burst of {:.3g} s (30 s at scale {:.3g}), a hundredth of it before and after",
                        seconds * kBurstShare, seconds * kBurstShare / kBurstSeconds);
  if (plan.pace != Pace::kFlatOut)
    text += fmt::format(", {:g} s, every {} tick an alert", seconds,
                        plan.probe_every == 1 ? "single" : fmt::format("{}th", plan.probe_every));
  if (plan.runs > 1) text += fmt::format(", medians of {} runs and their range", plan.runs);
  if (plan.paths.size() == 1) {
    const auto& path = plan.paths.front();
    text += fmt::format("; rules: {}, wait: {}, workers: {}", path.rules == Rules::kShipped ? "shipped" : "same work",
                        path.wait.value_or("as shipped"), path.workers ? std::to_string(*path.workers) : "as shipped");
  }
  if (plan.levels != 0) text += ", " + grouped(plan.levels) + " levels";
  if (plan.clients != 0) text += ", " + grouped(plan.clients) + " more clients";
  if (report.pinning != "none") text += "; " + report.pinning;
  return text;
}

std::string machine_line(const SystemInfo& system) {
  return fmt::format("{}, {} cores{}, {}, governor {}, clock {}; {} {} ({}), commit {}; load {:.2f} {:.2f} {:.2f}",
                     system.cpu, system.cores, system.hypervisor ? " (virtual)" : "", system.kernel,
                     system.governor.value_or("unknown"), system.clocksource, system.compiler, system.build,
                     system.flags, system.commit, system.load[0], system.load[1], system.load[2]);
}

std::string report_text(const Report& report) {
  std::string text;
  for (const auto& line : wrapped(input_line(report), kPageWidth)) text += line + "\n";
  for (const auto& line : wrapped(machine_line(report.system), kPageWidth)) text += line + "\n";
  text += latencies(report) + saturation_lines(report) + ratio_lines(report);
  for (const auto& [path, rate] : report.highest_rate)
    text += fmt::format("\nHighest rate with p99 within {}: {} ticks/s ({})\n", format_duration(*report.plan.hold),
                        grouped(static_cast<std::uint64_t>(rate)), path);
  text += fmt::format("\nHiccups of the machine, beyond {} us:\n",
                      std::chrono::duration_cast<std::chrono::microseconds>(kHiccup).count());
  text += hiccup_line("idle, each core", report.idle) + hiccup_line("during the runs", report.during);
  for (const auto& [path, why] : report.skipped) text += path + " left out: " + why + "\n";
  return text;
}

}  // namespace yagura::app::bench
