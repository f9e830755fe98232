#include "alerts/json.hpp"

#include <cstdint>

#include "alerts/numbers.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

void write_id(JsonWriter& json, std::string_view key, Id128 id) {
  const auto hex = to_hex(id);
  json.field(key, std::string_view{hex.data(), hex.size()});
}

// part * factor / whole as a number with that many decimals; null when `whole` is zero.
void write_ratio(JsonWriter& json, std::string_view key, std::int64_t part, std::int64_t whole, std::int64_t factor,
                 int decimals) {
  json.key(key);
  if (whole == 0)
    json.null();
  else
    json.raw(fixed_ratio(part, whole, factor, decimals));
}

void write_levels(JsonWriter& json, const Alert& alert, const Catalog& catalog) {
  const auto& signal = alert.signal;
  json.key("levels").begin_array();
  for (const Price level : alert.levels) json.value(level);
  json.end_array();
  json.field("level", signal.levels.level);
  if (signal.kind == RuleKind::kMilestone) {
    json.field("first_ever", signal.levels.first_ever);
    if (signal.event == Event::kClosedAbove) json.field("first_close_ever", signal.levels.first_close_ever);
  } else if (const auto* note = catalog.note(signal)) {
    json.field("note", std::string_view{*note});
  }
}

void write_record(JsonWriter& json, const Signal& signal) {
  json.key("horizons").begin_array();
  for (std::size_t i = 0; i < kHorizonNames; ++i) {
    const auto horizon = static_cast<Horizon>(i);
    if (signal.record.horizons.contains(horizon)) json.value(name_of(horizon));
  }
  json.end_array();
  json.field("record_before", signal.record.record_before);
  json.field("margin", signal.record.margin);
  json.field("basis", name_of(signal.record.basis));
}

void write_move(JsonWriter& json, const Signal& signal) {
  const auto& move = signal.move;
  json.field("window_ms", std::chrono::duration_cast<std::chrono::milliseconds>(move.window).count());
  json.field("change", move.change);
  write_ratio(json, "change_pct", move.change.raw(), move.reference.raw(), 100, 4);
  json.field("threshold", move.threshold);
  json.field("reference", move.reference);
  write_ratio(json, "multiple", move.change.abs().raw(), move.threshold.raw(), 1, 2);
}

void write_kind_fields(JsonWriter& json, const Alert& alert, const Catalog& catalog) {
  switch (alert.signal.kind) {
    case RuleKind::kRecord: return write_record(json, alert.signal);
    case RuleKind::kMove: return write_move(json, alert.signal);
    default: return write_levels(json, alert, catalog);
  }
}

void write_times(JsonWriter& json, const Signal& signal, EncodeOptions options) {
  json.field("ts_event_ns", to_ns(signal.ts_event));
  json.field("ts_recv_ns", to_ns(options.backtest ? signal.ts_event : signal.ts_recv));
  if (!options.backtest) json.field("ts_decided_ns", to_ns(decided_at(signal)));
}

void write_kind_evidence(JsonWriter& json, const Signal& signal) {
  switch (signal.kind) {
    case RuleKind::kRecord:
      if (signal.record.record_date != Date{}) json.field("record_date", to_string(signal.record.record_date));
      json.field("count_today", signal.record.count_today);
      return;
    case RuleKind::kMove:
      json.field("reference_ts_ns", to_ns(signal.move.reference_ts));
      if (signal.move.threshold_pct.units() != 0) {
        json.key("threshold_pct").raw(fixed_ratio(signal.move.threshold_pct.units(), 1'000'000, 1, 6));
      }
      return;
    default:
      json.field("distance", signal.price - signal.levels.level);
      if (signal.levels.gone) json.field("last_of_level", true);
  }
}

void write_evidence(JsonWriter& json, const Signal& signal) {
  json.key("evidence").begin_object();
  if (signal.has_previous_close) {
    const PriceDelta change = signal.price - signal.previous_close;
    json.field("previous_close", signal.previous_close);
    json.field("change_on_day", change);
    write_ratio(json, "change_on_day_pct", change.raw(), signal.previous_close.raw(), 100, 4);
  }
  if (to_ns(signal.previous_ts) != 0) json.field("previous_ts_ns", to_ns(signal.previous_ts));
  write_kind_evidence(json, signal);
  json.field("after_gap", signal.after_gap);
  json.field("confirmed", signal.confirmed);
  json.end_object();
}

}  // namespace

Timestamp decided_at(const Signal& signal) {
  return signal.ts_recv + std::chrono::duration_cast<Duration>(signal.mono_decided - signal.mono_recv);
}

void encode(const Alert& alert, const Catalog& catalog, EncodeOptions options, std::string& out) {
  const auto& signal = alert.signal;
  JsonWriter json{out};
  json.begin_object().field("v", 1);
  write_id(json, "id", signal.id);
  json.field("seq", alert.seq).field("rule", catalog.rule(signal).id);
  json.field("kind", name_of(signal.kind)).field("event", name_of(signal.event));
  json.field("instrument", catalog.instrument(signal).symbol);
  json.field("severity", name_of(signal.severity)).field("direction", name_of(signal.direction));
  json.field("price", signal.price);
  if (signal.has_previous) json.field("previous", signal.previous);
  write_kind_fields(json, alert, catalog);
  json.field("gap", signal.gap);
  if (signal.while_down) json.field("while_down", true);
  write_times(json, signal, options);
  json.field("trading_date", to_string(signal.trading_date)).field("episode", signal.episode);
  if (!signal.parent.empty()) write_id(json, "parent", signal.parent);
  json.field("title", alert.title).field("text", alert.text);
  write_evidence(json, signal);
  json.end_object();
}

}  // namespace yagura::alerts
