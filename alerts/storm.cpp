#include "alerts/storm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "alerts/numbers.hpp"
#include "alerts/phrases_ja.hpp"
#include "alerts/plain_text.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

std::string title_of(const StormSummary& summary, const InstrumentInfo& instrument) {
  return fmt::format("{}: {} more alert{}", printable(instrument.name.empty() ? instrument.symbol : instrument.name),
                     summary.count(), summary.count() == 1 ? "" : "s");
}

// "yen-move 12 (worst: reversal at 149.400), 149.100 to 150.250; ..."
std::string text_of(const StormSummary& summary, const InstrumentInfo& instrument) {
  std::string text;
  for (const auto& row : summary.rows) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", row.rule, row.count);
    text += fmt::format(" (worst: {} at {})", row.worst_event, price_text(row.worst_price, instrument));
    if (row.lowest != row.highest)
      text += fmt::format(", {} to {}", price_text(row.lowest, instrument), price_text(row.highest, instrument));
  }
  return text;
}

std::string title_ja_of(const StormSummary& summary, const InstrumentInfo& instrument) {
  return fmt::format("{}、ほかに{}件のアラート", InstrumentWords{instrument}.name_ja, summary.count());
}

// "yen-move 12件（最大は149.400円での反転）、149.100円～150.250円。..."
std::string text_ja_of(const StormSummary& summary, const InstrumentInfo& instrument) {
  const InstrumentWords words{instrument};
  const auto price = [&](Price value) { return written([&](TextBuffer& out) { add_price_ja(out, value, words); }); };
  std::string text;
  for (const auto& row : summary.rows) {
    const auto word = event_word_ja(row.worst_event);
    text += fmt::format("{} {}件（最大は{}での{}）", row.rule, row.count, price(row.worst_price),
                        word.empty() ? row.worst_event : word);
    if (row.lowest != row.highest) text += fmt::format("、{}～{}", price(row.lowest), price(row.highest));
    text += "。";
  }
  return text;
}

void write_row(JsonWriter& json, const StormSummary::Row& row) {
  json.begin_object().field("rule", row.rule).field("count", row.count);
  json.field("lowest", row.lowest).field("highest", row.highest).key("worst").begin_object();
  json.field("id", to_string(row.worst)).field("event", row.worst_event);
  json.field("severity", name_of(row.worst_severity)).field("price", row.worst_price).end_object().end_object();
}

}  // namespace

std::uint64_t StormSummary::count() const {
  std::uint64_t sum = 0;
  for (const auto& row : rows) sum += row.count;
  return sum;
}

Severity StormSummary::severity() const {
  const auto worst = std::ranges::max_element(rows, {}, &Row::worst_severity);
  return worst == rows.end() ? Severity::kInfo : worst->worst_severity;
}

Id128 StormSummary::id(const Catalog& catalog) const {
  return Fnv128{}
      .bytes("storm")
      .number(0)
      .bytes(catalog.instruments[index_of(instrument)].symbol)
      .number(0)
      .number(static_cast<std::uint64_t>(to_ns(from)))
      .value();
}

void encode(const StormSummary& summary, const Catalog& catalog, std::string& out) {
  const auto& instrument = catalog.instruments[index_of(summary.instrument)];
  JsonWriter json{out};
  json.begin_object().field("v", 1).field("id", to_string(summary.id(catalog))).field("kind", "storm");
  json.field("instrument", instrument.symbol).field("severity", name_of(summary.severity()));
  json.field("from_ns", to_ns(summary.from)).field("to_ns", to_ns(summary.to)).field("count", summary.count());
  json.key("rules").begin_array();
  for (const auto& row : summary.rows) write_row(json, row);
  json.end_array().field("title", title_of(summary, instrument)).field("text", text_of(summary, instrument));
  json.field("title_ja", title_ja_of(summary, instrument)).field("text_ja", text_ja_of(summary, instrument));
  json.end_object();
}

std::string plain_line(const StormSummary& summary, const Catalog& catalog) {
  const auto& instrument = catalog.instruments[index_of(summary.instrument)];
  return fmt::format("{}  ~~ {} since {}: {}", local_time_text(summary.to, instrument.calendar),
                     title_of(summary, instrument), local_time_text(summary.from, instrument.calendar),
                     text_of(summary, instrument));
}

std::size_t StormGuard::recent(Timestamp t, const StormBudget& budget) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(recent_, [&](Timestamp at) { return at <= t && t - at < budget.within; }));
}

std::optional<StormSummary> StormGuard::subside(Timestamp t, const StormBudget& budget) {
  if (!active_ || 2 * (recent(t, budget) + 1) > budget.alerts) return std::nullopt;
  held_.to = t;
  return stop();
}

bool StormGuard::offer(const Subject& subject, const std::string& rule, const StormBudget& budget) {
  recent_.insert(std::ranges::upper_bound(recent_, subject.at), subject.at);
  if (recent_.size() > budget.alerts + 1)
    recent_.erase(recent_.begin(), recent_.end() - static_cast<std::ptrdiff_t>(budget.alerts) - 1);
  if (!active_) {
    if (recent(subject.at, budget) <= budget.alerts) return true;
    active_ = true;
    until_ = subject.at + budget.within;
    held_ = {.instrument = subject.symbol, .from = subject.at, .to = until_, .rows = {}};
  }
  if (subject.severity == Severity::kCritical) return true;
  add(subject, rule);
  return false;
}

void StormGuard::add(const Subject& subject, const std::string& rule) {
  auto row = std::ranges::find(held_.rows, rule, &StormSummary::Row::rule);
  if (row == held_.rows.end()) {
    held_.rows.emplace_back();
    row = held_.rows.end() - 1;
    row->rule = rule;
    row->lowest = row->highest = subject.price;
  }
  row->lowest = std::min(row->lowest, subject.price);
  row->highest = std::max(row->highest, subject.price);
  const auto known = std::pair{row->worst_severity, row->worst_size};
  if (row->count++ != 0 && std::pair{subject.severity, subject.size} < known) return;
  row->worst = subject.id;
  row->worst_event = name_of(subject.event);
  row->worst_severity = subject.severity;
  row->worst_price = subject.price;
  row->worst_size = subject.size;
}

std::optional<StormSummary> StormGuard::take_due(Timestamp now, const StormBudget& budget) {
  while (active_ && now >= until_) {
    auto due = std::exchange(
        held_, {.instrument = held_.instrument, .from = until_, .to = until_ + budget.within, .rows = {}});
    due.to = until_;
    active_ = 2 * recent(until_, budget) > budget.alerts;
    until_ += budget.within;
    if (!due.rows.empty()) return due;
  }
  return std::nullopt;
}

std::optional<StormSummary> StormGuard::stop() {
  if (!std::exchange(active_, false) || held_.rows.empty()) return std::nullopt;
  return std::exchange(held_, {});
}

void StormGuard::state(processing::StateIo& io) {
  io(recent_, active_, until_, held_.from, held_.to, held_.rows);
  if (!std::ranges::is_sorted(recent_)) io.fail();
}

}  // namespace yagura::alerts
