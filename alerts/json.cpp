#include "alerts/json.hpp"

#include <cstdint>

#include "alerts/kind_json.hpp"
#include "alerts/numbers.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

void write_id(JsonWriter& json, std::string_view key, Id128 id) {
  const auto hex = to_hex(id);
  json.field(key, std::string_view{hex.data(), hex.size()});
}

void write_kind_fields(JsonWriter& json, const Alert& alert, const Catalog& catalog) {
  switch (alert.signal.kind) {
    case RuleKind::kRecord: return write_record(json, alert.signal);
    case RuleKind::kMove: return write_move(json, alert.signal);
    case RuleKind::kCusum: return write_cusum(json, alert.signal);
    case RuleKind::kStale: return write_stale(json, alert.signal);
    case RuleKind::kIntervention: return write_intervention(json, alert.signal);
    case RuleKind::kPeriod: return write_period(json, alert.signal);
    case RuleKind::kDivergence: return write_divergence(json, alert.signal, catalog);
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
    case RuleKind::kRecord: return write_record_evidence(json, signal);
    case RuleKind::kMove: return write_move_evidence(json, signal);
    case RuleKind::kCusum: return write_cusum_evidence(json, signal);
    case RuleKind::kStale: return write_stale_evidence(json, signal);
    case RuleKind::kIntervention: return write_intervention_evidence(json, signal);
    case RuleKind::kPeriod: return write_period_evidence(json, signal);
    case RuleKind::kDivergence: return write_divergence_evidence(json, signal);
    default: return write_levels_evidence(json, signal);
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
  if (signal.feed_gap > Duration{0})
    json.field("feed_gap_ms", std::chrono::duration_cast<std::chrono::milliseconds>(signal.feed_gap).count());
  json.field("confirmed", signal.confirmed);
  json.end_object();
}

}  // namespace

void write_ratio(JsonWriter& json, std::string_view key, std::int64_t part, std::int64_t whole, std::int64_t factor,
                 int decimals) {
  json.key(key);
  if (whole == 0)
    json.null();
  else
    json.raw(fixed_ratio(part, whole, factor, decimals));
}

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
  // A feed that never spoke has no last price.
  if (signal.kind != RuleKind::kStale || signal.price.raw() != 0) json.field("price", signal.price);
  if (signal.has_previous) json.field("previous", signal.previous);
  write_kind_fields(json, alert, catalog);
  json.field("gap", signal.gap);
  if (signal.while_down) json.field("while_down", true);
  write_times(json, signal, options);
  json.field("trading_date", to_string(signal.trading_date)).field("episode", signal.episode);
  if (!signal.parent.empty()) write_id(json, "parent", signal.parent);
  json.field("title", alert.title).field("text", alert.text);
  json.field("title_ja", alert.title_ja).field("text_ja", alert.text_ja);
  write_evidence(json, signal);
  json.end_object();
}

}  // namespace yagura::alerts
