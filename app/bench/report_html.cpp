#include "app/bench/report_html.hpp"

#include <fmt/format.h>

#include "alerts/plain_text.hpp"
#include "app/bench/chart.hpp"
#include "app/bench/page_style.hpp"
#include "app/bench/ratios.hpp"
#include "app/bench/report_charts.hpp"
#include "app/bench/report_text.hpp"
#include "app/start_up.hpp"

namespace yagura::app::bench {

using alerts::html_escaped;

namespace {

std::string number(double us) { return us < 100 ? fmt::format("{:.1f}", us) : fmt::format("{:.0f}", us); }

std::string cell(const Summary& summary, bool with_range) {
  if (!with_range) return "<td>" + number(summary.median) + "</td>";
  return "<td>" + number(summary.median) + "<br><small>" + number(summary.min) + "–" + number(summary.max) +
         "</small></td>";
}

std::string latency_rows(const std::string& name, const std::vector<const Run*>& runs, const Pick& pick) {
  std::uint64_t count = 0;
  std::uint64_t late = 0;
  for (const auto* run : runs) {
    count += pick(*run)->count();
    late += run->sent_late;
  }
  auto row = fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td>", html_escaped(name), grouped(count), grouped(late));
  for (const auto& percentile : kPercentiles) row += cell(summary_of(runs, pick, percentile), runs.size() > 1);
  return row + "</tr>\n";
}

std::string latency_table(const Report& report, const std::string& rate) {
  std::string text = "<div class=\"scroll\"><table><thead><tr><th>us</th><th>alerts</th><th>sent late</th>";
  for (const auto& percentile : kPercentiles) text += fmt::format("<th>{}</th>", percentile.head);
  text += "</tr></thead><tbody>\n";
  for (const auto& path : report.plan.paths) {
    const auto runs = report.runs_of(path.name, rate);
    if (runs.empty()) continue;
    const bool alone = report.plan.paths.size() == 1;
    text += latency_rows(alone ? "response" : path.name, runs, response_of);
    if (alone) text += latency_rows("service", runs, service_of);
  }
  return text + "</tbody></table></div>\n";
}

std::string ratio_table(const Report& report) {
  std::string rows;
  const auto add = [&rows](const std::string& path, const std::string& where, const std::vector<Ratio>& ratios) {
    for (const auto& ratio : ratios)
      rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.2f}<br><small>{:.2f}–{:.2f}</small></td></tr>\n",
                          html_escaped(path), html_escaped(where), html_escaped(ratio.name), ratio.value.median,
                          ratio.value.min, ratio.value.max);
  };
  for (const auto& path : report.plan.paths) {
    if (!path.monitor() || report.plan.paths.size() == 1) continue;
    for (const auto& rate : report.rates()) add(path.name, rate + " ticks/s", latency_ratios(report, path, rate));
    add(path.name, "saturation", saturation_ratios(report, path));
  }
  if (rows.empty()) return {};
  return "<h2>Ratios</h2><p class=\"dim\">Each taken inside a round, where both ran back to back; the median of "
         "those.</p>"
         "<div "
         "class=\"scroll\"><table><thead><tr><th>path</th><th>at</th><th>ratio</th><th>median</th></tr></"
         "thead><tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string saturation_table(const Report& report) {
  std::string rows;
  for (const auto& path : report.plan.paths) {
    const auto all = summary_of(report.saturations_of(path.name));
    if (all.median == 0) continue;
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", html_escaped(path.name),
                        grouped(static_cast<std::uint64_t>(all.median)), grouped(static_cast<std::uint64_t>(all.min)),
                        grouped(static_cast<std::uint64_t>(all.max)));
  }
  if (rows.empty()) return {};
  return "<h2>Saturation</h2><p class=\"dim\">Ticks a second, sent as fast as the socket takes them.</p>"
         "<div "
         "class=\"scroll\"><table><thead><tr><th>path</th><th>median</th><th>least</th><th>most</th></tr></"
         "thead><tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string fact(const std::string& name, const std::string& value) {
  return "<tr><td>" + html_escaped(name) + "</td><td>" + html_escaped(value) + "</td></tr>\n";
}

std::string hiccups(const Hiccups& all) {
  const auto us = [](Duration d) { return static_cast<double>(d.count()) / 1000.0; };
  return fmt::format("{} in {:.1f} s, p99 {:.0f} us, max {:.0f} us, {:.3f} % of the time", grouped(all.count()),
                     std::chrono::duration<double>(all.watched()).count(), us(all.p99()), us(all.max()),
                     all.lost_percent());
}

std::string conditions(const Report& report) {
  const auto& system = report.system;
  std::string text = "<h2>Conditions</h2><div class=\"scroll\"><table class=\"facts\"><tbody>\n";
  text += fact("CPU", fmt::format("{}, {} cores{}", system.cpu, system.cores, system.hypervisor ? ", virtual" : ""));
  text += fact("kernel, governor, clock",
               system.kernel + ", " + system.governor.value_or("governor unknown") + ", " + system.clocksource);
  text += fact("build", system.compiler + ", " + system.build + " (" + system.flags + "), commit " + system.commit);
  text += fact("load before", fmt::format("{:.2f} {:.2f} {:.2f}", system.load[0], system.load[1], system.load[2]));
  text += fact("input", fmt::format("{}, {} ticks{}", report.source, grouped(report.source_ticks),
                                    report.seed ? fmt::format(", seed {}", *report.seed) : ""));
  text += fact("input, SHA-256", report.sha256);
  text += fact("an alert", fmt::format("{} bytes", report.alert_bytes));
  text += fact("pinning", report.pinning);
  text += fact("hiccups beyond 50 us, idle", hiccups(report.idle));
  text += fact("hiccups beyond 50 us, during", hiccups(report.during));
  for (const auto& [path, why] : report.skipped) text += fact(path + " left out", why);
  return text + "</tbody></table></div>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string text =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>Yagura: tick to alert</title>\n<style>";
  text += kPageStyle;
  text += "</style></head><body>\n<h1>Tick to alert</h1>\n";
  text += "<p>" + html_escaped(input_line(report)) + "</p>\n<p class=\"dim\">" +
          html_escaped(machine_line(report.system)) + "; " + html_escaped(report.system.date) + "</p>\n";
  for (const auto& rate : report.rates()) {
    const auto where = report.plan.pace == Pace::kConstant ? rate + " ticks/s" : rate;
    text += "<h2>Latency, " + html_escaped(where) + "</h2>\n" + latency_table(report, rate) +
            percentile_figure(report, rate);
    text += "<h2>Over time, " + html_escaped(where) + "</h2>\n" + series_figure(report, rate);
    if (const auto stages = stages_figure(report, rate); !stages.empty())
      text += "<h2>By stage, " + html_escaped(where) + "</h2>\n" + stages;
  }
  text += saturation_table(report) + ratio_table(report) + conditions(report);
  return text +
         "<p class=\"dim\">Made by yagura bench. Response counts from the moment a tick was to be sent, whatever "
         "delayed it; a stall is charged to every tick it held back.</p>\n</body></html>\n";
}

}  // namespace yagura::app::bench
