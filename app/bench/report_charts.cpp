#include "app/bench/report_charts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "alerts/plain_text.hpp"
#include "app/bench/chart.hpp"
#include "app/bench/stages.hpp"

namespace yagura::app::bench {

using alerts::html_escaped;

namespace {

constexpr int kColours = 10;
constexpr double kNines[] = {0, 50, 90, 99, 99.9, 99.99, 99.999};

double us(Duration duration) { return static_cast<double>(duration.count()) / 1000.0; }

LatencyHistogram all_runs(const std::vector<const Run*>& runs, const Pick& pick) {
  LatencyHistogram all;
  for (const auto* run : runs) {
    if (const auto* histogram = pick(*run)) all.merge(*histogram);
  }
  return all;
}

std::string words(double value) { return value < 10 ? fmt::format("{:.2f}", value) : fmt::format("{:.0f}", value); }

std::string legend_entry(int colour, const std::string& name) {
  return fmt::format("<li class=\"c{}\"><i></i><span>{}</span></li>", colour, html_escaped(name));
}

std::string figure(const std::string& drawing, const std::string& legend, const std::string& caption) {
  return "<figure>\n" + drawing + (legend.empty() ? "" : "<ul class=\"legend\">" + legend + "</ul>") + "<figcaption>" +
         html_escaped(caption) + "</figcaption>\n</figure>\n";
}

// From 1/(1-p) = 1 up to what the count of samples can say.
std::vector<std::pair<double, double>> curve_of(const LatencyHistogram& histogram, double most) {
  std::vector<std::pair<double, double>> points;
  for (double x = 1; x <= most; x *= 1.12) points.emplace_back(x, us(histogram.percentile(100 * (1 - 1 / x))));
  points.emplace_back(most, us(histogram.max()));
  return points;
}

}  // namespace

std::string percentile_figure(const Report& report, const std::string& rate) {
  double most = 10;
  double lowest = 1e9;
  double highest = 1;
  for (const auto& path : report.plan.paths) {
    const auto all = all_runs(report.runs_of(path.name, rate), response_of);
    if (all.count() == 0) continue;
    most = std::max(most, static_cast<double>(all.count()));
    lowest = std::min(lowest, us(all.min()));
    highest = std::max(highest, us(all.max()));
  }
  Axis x{1, most, true, "percentile of all alerts", {}};
  for (const double nine : kNines) {
    if (100 / (100 - nine) <= most) x.marks.emplace_back(100 / (100 - nine), fmt::format("{:g} %", nine));
  }
  Chart chart{x, log_axis("us from the intended moment to the alert", lowest, highest)};
  std::string legend;
  int colour = 0;
  for (const auto& path : report.plan.paths) {
    const auto all = all_runs(report.runs_of(path.name, rate), response_of);
    if (all.count() == 0) continue;
    chart.line(curve_of(all, static_cast<double>(all.count())), colour % kColours, path.name);
    legend += legend_entry(colour++ % kColours, path.name);
  }
  if (report.plan.paths.size() == 1) {
    const auto service = all_runs(report.runs_of(report.plan.paths.front().name, rate), service_of);
    chart.line(curve_of(service, static_cast<double>(service.count())), 1, "service");
    legend = legend_entry(0, "response: from the intended moment") + legend_entry(1, "service: from the actual write");
  }
  return figure(chart.svg("Latency by percentile"), legend, "All runs together; both scales logarithmic.");
}

std::string series_figure(const Report& report, const std::string& rate) {
  const auto runs = report.runs_of(report.plan.paths.front().name, rate);
  if (runs.empty() || runs.back()->series.empty()) return {};
  const auto& run = *runs.back();
  std::vector<std::pair<double, double>> medians;
  std::vector<std::pair<double, double>> worst;
  std::vector<std::pair<double, double>> gaps;
  double lowest = 1e9;
  double highest = 1;
  for (const auto& slot : run.series) {
    medians.emplace_back(slot.at_ms / 1000, slot.median_us);
    worst.emplace_back(slot.at_ms / 1000, slot.max_us);
    lowest = std::min(lowest, slot.median_us);
    highest = std::max(highest, slot.max_us);
  }
  for (const auto& gap : run.gaps) {
    gaps.emplace_back(us(gap.at) / 1e6, us(gap.length));
    highest = std::max(highest, us(gap.length));
  }
  Chart chart{linear_axis("seconds", std::chrono::duration<double>(report.plan.length).count()),
              log_axis("us", lowest, highest)};
  chart.line(worst, 1, "worst alert of the moment");
  chart.line(medians, 0, "median of the moment");
  chart.dots(gaps, 5, "the harness was not running, us:");
  return figure(
      chart.svg("Latency over time"),
      legend_entry(0, "median of each moment") + legend_entry(1, "worst of each moment") +
          legend_entry(5, "the machine's hiccups, seen by the harness"),
      fmt::format("{}, run {}. A worst alert beside a hiccup of its size is the machine's.", run.path, run.round + 1));
}

std::string stages_figure(const Report& report, const std::string& rate) {
  const auto runs = report.runs_of(report.plan.paths.front().name, rate);
  struct Row {
    std::string name;
    double p50, p99;
  };
  std::vector<Row> rows;
  double most = 1;
  for (const auto& stage : stage_order()) {
    const auto all = all_runs(runs, stage_of(stage));
    if (all.count() == 0) continue;
    rows.push_back({stage, us(all.percentile(50)), us(all.percentile(99))});
    most = std::max(most, rows.back().p99);
  }
  if (rows.empty()) return {};
  constexpr double kRow = 26;
  constexpr double kNames = 110;
  constexpr double kRoom = 620;
  std::string svg = fmt::format("<svg viewBox=\"0 0 900 {}\" role=\"img\" aria-label=\"Time by stage\">\n",
                                static_cast<double>(rows.size()) * kRow + 6);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double top = static_cast<double>(i) * kRow + 4;
    const double middle = top + 9;
    svg += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>"
        "<line class=\"whisker\" x1=\"{}\" x2=\"{:.1f}\" y1=\"{}\" y2=\"{}\"/>"
        "<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"18\"/>"
        "<text x=\"{:.1f}\" y=\"{}\">{}, p99 {} us</text>\n",
        kNames - 8, middle + 4, html_escaped(rows[i].name), kNames, kNames + kRoom * rows[i].p99 / most, middle, middle,
        kNames, top, std::max(1.0, kRoom * rows[i].p50 / most), kNames + kRoom * rows[i].p99 / most + 8, middle + 4,
        words(rows[i].p50), words(rows[i].p99));
  }
  return figure(svg + "</svg>\n", "",
                "p50 as a bar, p99 as a line; docs/benchmarking.md says where each begins and ends.");
}

}  // namespace yagura::app::bench
