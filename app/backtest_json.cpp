#include "app/backtest_json.hpp"

#include "alerts/alert_writer.hpp"
#include "alerts/numbers.hpp"
#include "core/json_writer.hpp"

namespace yagura::app {
namespace {

constexpr int kDecimals = 4;

// count * factor / whole; null when there is nothing to divide by.
void write_rate(JsonWriter& json, std::string_view key, std::uint64_t count, std::uint64_t whole, int factor) {
  json.key(key);
  if (whole == 0)
    json.null();
  else
    json.raw(
        alerts::fixed_ratio(static_cast<std::int64_t>(count), static_cast<std::int64_t>(whole), factor, kDecimals));
}

void write_events(JsonWriter& json, const RuleStatistics& statistics) {
  json.key("by_event").begin_array();
  for (const auto& [what, times] : statistics.by_event()) {
    json.begin_object().field("event", name_of(what.first)).field("severity", name_of(what.second));
    json.field("alerts", times).end_object();
  }
  json.end_array();
}

void write_peaks(JsonWriter& json, const RuleStatistics& statistics) {
  const auto day = statistics.busiest_day();
  const auto& hour = statistics.worst_hour();
  json.key("busiest_day").begin_object().field("trading_date", to_string(day.date)).field("alerts", day.alerts);
  json.end_object();
  json.key("worst_hour").begin_object().field("from_ns", to_ns(hour.from)).field("alerts", hour.alerts).end_object();
}

void write_largest(JsonWriter& json, const BacktestReport& report, const RuleStatistics::Largest& largest) {
  alerts::AlertWriter writer{report.catalog(), {.backtest = true}};
  json.key("largest").raw(writer.write(largest.seq, largest.signal, largest.levels));
}

void write_rule(JsonWriter& json, const BacktestReport& report, const BacktestReport::Rule& rule) {
  const auto& statistics = rule.statistics;
  const auto& instrument = report.catalog().instruments[index_of(rule.instrument)];
  const auto days = report.trading_days(rule.instrument);
  json.begin_object().field("rule", rule.id);
  json.field("kind", name_of(report.catalog().rules[index_of(rule.index)].kind));
  json.field("instrument", instrument.symbol).field("alerts", statistics.alerts()).field("trading_days", days);
  json.field("days_with_alerts", statistics.days_with_alerts());
  write_rate(json, "per_day", statistics.alerts(), days, 1);
  write_rate(json, "high_per_week", statistics.urgent(), days, days_of_week(instrument.calendar));
  write_events(json, statistics);
  json.field("judged", statistics.judged()).field("reversed", statistics.reversed());
  write_rate(json, "reversed_pct", statistics.reversed(), statistics.judged(), 100);
  if (statistics.alerts() != 0) {
    write_peaks(json, statistics);
    write_largest(json, report, *statistics.largest());
  }
  json.end_object();
}

}  // namespace

std::string summary_json(std::span<const BacktestReport> reports, std::uint64_t ticks) {
  std::string out;
  JsonWriter json{out};
  json.begin_object().field("v", 1).field("ticks", ticks).key("configs").begin_array();
  for (const auto& report : reports) {
    json.begin_object().field("label", report.label()).field("config", report.config());
    json.key("rules").begin_array();
    for (const auto& rule : report.rules()) write_rule(json, report, rule);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return out += '\n';
}

}  // namespace yagura::app
