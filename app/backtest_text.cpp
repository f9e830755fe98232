#include "app/backtest_text.hpp"

#include <algorithm>

#include "alerts/alert_writer.hpp"
#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"
#include "app/backtest_figures.hpp"
#include "app/start_up.hpp"
#include "app/text_table.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kLabelWidth = 13;

std::string plural(std::uint64_t count, const std::string& what) {
  return grouped(count) + " " + what + (count == 1 ? "" : "s");
}

std::string moment_text(Timestamp t, CalendarKind calendar) {
  return to_string(alerts::local_date(t, calendar)) + " " + alerts::local_time_text(t, calendar);
}

// "  largest       text", continued under the text.
void append_field(std::string& out, const std::string& name, const std::string& text) {
  std::string label = "  " + name + std::string(kLabelWidth - std::min(kLabelWidth, name.size()), ' ');
  for (const auto& line : wrapped(text, kPageWidth - label.size())) {
    out += label + line + '\n';
    label.assign(label.size(), ' ');
  }
}

void append_largest(std::string& out, const BacktestReport& report, const RuleStatistics& statistics) {
  const auto& largest = *statistics.largest();
  alerts::AlertWriter writer{report.catalog()};
  (void)writer.write(largest.seq, largest.signal, largest.levels);
  const auto words = writer.words();
  const auto calendar = report.catalog().instrument(largest.signal).calendar;
  append_field(out, "largest",
               moment_text(largest.signal.ts_event, calendar) + "  " + alerts::printable(words.title) + " (" +
                   std::string{name_of(largest.signal.severity)} + ")");
  append_field(out, "", alerts::printable(words.text));
}

void append_details(std::string& out, const BacktestReport& report, const BacktestReport::Rule& rule) {
  const auto& statistics = rule.statistics;
  const auto& instrument = report.catalog().instruments[index_of(rule.instrument)];
  out += "\n" + rule.id + ": " + instrument.symbol + ", on " + grouped(statistics.days_with_alerts()) + " of " +
         plural(report.trading_days(rule.instrument), "trading day") + "\n";
  append_field(out, "events", events_text(statistics));
  const auto day = statistics.busiest_day();
  const auto& hour = statistics.worst_hour();
  append_field(out, "busiest day", to_string(day.date) + ": " + plural(day.alerts, "alert"));
  append_field(out, "worst hour",
               "from " + moment_text(hour.from, instrument.calendar) + ": " + plural(hour.alerts, "alert"));
  append_largest(out, report, statistics);
}

// Bold or not at all: what a mark says, it says in text.
std::string emphasised(const std::string& text, bool colour) { return colour ? "\x1b[1m" + text + "\x1b[0m" : text; }

std::string difference_text(const BacktestReport::Rule& rule, const BacktestReport::Rule* first) {
  if (first == nullptr) return "new";
  const auto now = static_cast<std::int64_t>(rule.statistics.alerts());
  const auto before = static_cast<std::int64_t>(first->statistics.alerts());
  if (now > before) return "+" + grouped(static_cast<std::uint64_t>(now - before));
  if (now < before) return "-" + grouped(static_cast<std::uint64_t>(before - now));
  return rule.statistics.digest() == first->statistics.digest() ? "reversed" : "other alerts";
}

// Names of all rules, those of the first configuration first.
std::vector<std::string> all_rules(std::span<const BacktestReport> reports) {
  std::vector<std::string> ids;
  for (const auto& report : reports) {
    for (const auto& rule : report.rules()) {
      if (std::ranges::find(ids, rule.id) == ids.end()) ids.push_back(rule.id);
    }
  }
  return ids;
}

void append_comparison(TextTable& table, const std::string& id, std::span<const BacktestReport> reports) {
  table.line(id);
  const auto* first = reports.front().find(id);
  for (const auto& report : reports) {
    const auto* rule = report.find(id);
    const auto& label = report.label();
    if (rule == nullptr) {
      table.row({"  " + label, "", "", "", "", "", "no such rule"});
      continue;
    }
    const auto& statistics = rule->statistics;
    const bool differs = first == nullptr || statistics.digest() != first->statistics.digest() ||
                         statistics.reversed() != first->statistics.reversed() ||
                         statistics.judged() != first->statistics.judged();
    table.row({(differs ? "* " : "  ") + label, grouped(statistics.alerts()), per_day_text(report, *rule),
               urgent_per_week_text(report, *rule), grouped(statistics.worst_hour().alerts), reversed_text(statistics),
               differs ? difference_text(*rule, first) : ""});
  }
}

}  // namespace

std::string summary_text(const BacktestReport& report, bool colour) {
  TextTable table{
      {{"rule", Align::kLeft}, {"alerts"}, {"per day"}, {"high/week"}, {"busiest day"}, {"worst hour"}, {"reversed"}}};
  std::string details;
  for (const auto& rule : report.rules()) {
    const auto& statistics = rule.statistics;
    table.row({rule.id, grouped(statistics.alerts()), per_day_text(report, rule), urgent_per_week_text(report, rule),
               grouped(statistics.busiest_day().alerts), grouped(statistics.worst_hour().alerts),
               reversed_text(statistics)});
    if (statistics.alerts() != 0) append_details(details, report, rule);
  }
  return table.text(colour) + details;
}

std::string comparison_text(std::span<const BacktestReport> reports, bool colour) {
  std::string out;
  for (const auto& report : reports) {
    out += emphasised(report.label(), colour) + " = " + alerts::printable(report.config()) + '\n';
  }
  out += '\n';
  TextTable table{{{"rule", Align::kLeft},
                   {"alerts"},
                   {"per day"},
                   {"high/week"},
                   {"worst hour"},
                   {"reversed"},
                   {"difference", Align::kLeft}}};
  for (const auto& id : all_rules(reports)) append_comparison(table, id, reports);
  out += table.text(colour);
  out += "* differs from " + reports.front().label() + '\n';
  return out;
}

}  // namespace yagura::app
