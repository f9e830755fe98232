#include "console/state_json.hpp"

#include <cmath>

#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

template <class T>
void optional_field(JsonWriter& json, std::string_view name, const std::optional<T>& value) {
  json.key(name);
  if (value)
    json.value(*value);
  else
    json.null();
}

void text_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
  json.key(name);
  if (text.empty())
    json.null();
  else
    json.value(std::string_view{text});
}

// Hundredths of a microsecond are below what the clock resolves; more digits only cost bytes.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

void write_level(JsonWriter& json, std::string_view name, const std::optional<NextLevels::Level>& level) {
  json.key(name);
  if (!level) {
    json.null();
    return;
  }
  json.begin_object().field("price", level->price).field("distance", level->distance).end_object();
}

void write_levels(JsonWriter& json, const std::vector<NextLevels>& rows) {
  json.key("levels").begin_array();
  for (const auto& row : rows) {
    json.begin_object().field("rule", row.rule).field("kind", row.kind);
    write_level(json, "above", row.above);
    write_level(json, "below", row.below);
    json.end_object();
  }
  json.end_array();
}

void write_records(JsonWriter& json, const std::vector<RecordRow>& rows) {
  json.key("records").begin_array();
  for (const auto& row : rows) {
    json.begin_object().field("horizon", row.horizon);
    optional_field(json, "high", row.high);
    text_or_null(json, "high_date", row.high_date);
    optional_field(json, "low", row.low);
    text_or_null(json, "low_date", row.low_date);
    json.end_object();
  }
  json.end_array();
}

void write_prices(JsonWriter& json, const InstrumentSnapshot& it) {
  optional_field(json, "price", it.price);
  optional_field(json, "bid", it.bid);
  optional_field(json, "ask", it.ask);
  json.key("ts_event_ns");
  if (it.price)
    json.value(to_ns(it.ts_event));
  else
    json.null();
  optional_field(json, "age_ms", it.age_ms);
  text_or_null(json, "source", it.source);
  optional_field(json, "previous_close", it.previous_close);
  optional_field(json, "open", it.open);
  optional_field(json, "high", it.high);
  optional_field(json, "low", it.low);
  optional_field(json, "change", it.change);
  json.key("change_pct");
  if (it.change_pct)
    json.value(rounded(*it.change_pct, 1e4));
  else
    json.null();
}

void write_condition(JsonWriter& json, const FeedCondition& feed) {
  json.key("feed").begin_object().field("state", feed.state);
  text_or_null(json, "reason", feed.reason);
  json.field("silence_ms", feed.silence_ms).field("stale_after_ms", feed.stale_after_ms);
  json.field("failovers", feed.failovers).key("sources").begin_array();
  for (const auto& source : feed.sources) {
    json.begin_object().field("feed", source.feed).field("state", source.state);
    text_or_null(json, "reason", source.reason);
    optional_field(json, "silence_ms", source.silence_ms);
    json.field("speaks", source.speaks).end_object();
  }
  json.end_array().end_object();
}

void optional_number(JsonWriter& json, std::string_view name, const std::optional<double>& value, double steps) {
  json.key(name);
  if (value)
    json.value(rounded(*value, steps));
  else
    json.null();
}

void optional_time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  json.key(name);
  if (time)
    json.value(to_ns(*time));
  else
    json.null();
}

void write_distance(JsonWriter& json, const DistanceRow& row) {
  json.begin_object().field("kind", row.kind);
  text_or_null(json, "rule", row.rule);
  text_or_null(json, "name", row.name);
  json.field("price", row.price).field("distance", row.distance);
  json.field("distance_pct", rounded(row.distance_pct, 1e4));
  optional_number(json, "sigma", row.sigma, 1e2);
  json.field("configured", row.configured).end_object();
}

void write_session(JsonWriter& json, const SessionClock& session) {
  json.key("session").begin_object().field("open", session.open);
  json.field("market_now_ns", to_ns(session.market_now));
  optional_time(json, "until_ns", session.until);
  text_or_null(json, "next", session.next);
  optional_time(json, "opens_ns", session.opens);
  text_or_null(json, "closed_reason", session.closed_reason);
  json.key("tags").begin_array();
  for (const auto& tag : session.tags) json.value(tag);
  json.end_array().end_object();
}

void write_pair(JsonWriter& json, const PairSnapshot& pair) {
  json.begin_object().field("rule", pair.rule).field("instrument", pair.instrument).field("other", pair.other);
  json.field("state", pair.state).key("as_of_ns");
  if (pair.as_of == Timestamp{})
    json.null();
  else
    json.value(to_ns(pair.as_of));
  optional_number(json, "beta", pair.beta, 1e4);
  optional_number(json, "rho", pair.rho, 1e4);
  optional_number(json, "rho_long", pair.rho_long, 1e4);
  optional_number(json, "residual_z", pair.residual_z, 1e2);
  optional_number(json, "own_change_pct", pair.own_change_pct, 1e4);
  optional_number(json, "other_change_pct", pair.other_change_pct, 1e4);
  optional_number(json, "expected_pct", pair.expected_pct, 1e4);
  json.field("window_ms", pair.window_ms).end_object();
}

void write_intervention(JsonWriter& json, const InterventionSnapshot& it) {
  json.begin_object().field("rule", it.rule).field("instrument", it.instrument).field("stage", it.stage);
  text_or_null(json, "direction", it.direction);
  json.field("score", it.score).field("watch_at", it.watch_at).field("suspected_at", it.suspected_at);
  json.field("strong_at", it.strong_at).key("items").begin_array();
  for (const auto& item : it.items)
    json.begin_object().field("name", item.name).field("points", item.points).end_object();
  json.end_array();
  optional_field(json, "start", it.start);
  optional_field(json, "extreme", it.extreme);
  optional_time(json, "since_ns", it.since);
  json.end_object();
}

void write_instrument(JsonWriter& json, const InstrumentSnapshot& it) {
  json.begin_object().field("symbol", it.symbol).field("name", it.name);
  text_or_null(json, "name_ja", it.name_ja);
  json.field("decimals", it.decimals).field("tick", it.tick).field("pip", it.pip);
  json.field("calendar", it.calendar).field("segment", it.segment);
  text_or_null(json, "trading_date", it.trading_date);
  write_prices(json, it);
  write_levels(json, it.levels);
  write_records(json, it.records);
  json.key("distances").begin_array();
  for (const auto& row : it.distances) write_distance(json, row);
  json.end_array();
  optional_number(json, "sigma_pct", it.sigma_pct, 1e4);
  write_session(json, it.session);
  write_condition(json, it.feed);
  json.field("accepted", it.accepted).key("rejected").begin_object();
  for (const auto& [reason, count] : it.rejected) json.field(reason, count);
  json.end_object().end_object();
}

void write_feed(JsonWriter& json, const FeedSnapshot& feed) {
  json.begin_object().field("name", feed.name).field("vendor", feed.vendor).field("url", feed.url);
  json.field("state", feed.state);
  text_or_null(json, "reason", feed.reason);
  text_or_null(json, "why", feed.why);
  optional_field(json, "since_ms", feed.since_ms);
  optional_field(json, "next_attempt_ms", feed.next_attempt_ms);
  json.key("speaks").begin_array();
  for (const auto& symbol : feed.speaks) json.value(symbol);
  json.end_array().field("attempts", feed.attempts);
  optional_field(json, "last_rx_age_ms", feed.last_rx_age_ms);
  json.field("ticks", feed.ticks).field("reconnects", feed.reconnects).field("errors", feed.errors);
  json.field("gaps", feed.gaps).field("folded", feed.folded);
  json.field("one_sided", feed.one_sided).field("unknown_symbols", feed.unknown_symbols);
  text_or_null(json, "last_error", feed.last_error);
  json.end_object();
}

void write_latency(JsonWriter& json, const StageLatency& stage) {
  json.begin_object().field("stage", stage.stage).field("count", stage.count);
  json.field("p50", rounded(stage.p50_us, 100)).field("p90", rounded(stage.p90_us, 100));
  json.field("p99", rounded(stage.p99_us, 100)).field("p999", rounded(stage.p999_us, 100));
  json.field("max", rounded(stage.max_us, 100)).end_object();
}

template <class Rows, class Write>
void write_all(JsonWriter& json, std::string_view name, const Rows& rows, Write write) {
  json.key(name).begin_array();
  for (const auto& row : rows) write(json, row);
  json.end_array();
}

void write_alerts(JsonWriter& json, const StateSnapshot& state, std::uint64_t last_seq) {
  json.key("alerts").begin_object().field("count", state.alert_count).field("last_seq", last_seq);
  json.field("delivered", state.delivered).key("held").begin_object();
  for (const auto& [reason, count] : state.held) json.field(reason, count);
  json.end_object().end_object();
}

void write_state(JsonWriter& json, const StateSnapshot& state, const StateExtras& extras) {
  json.begin_object().field("version", state.version).field("epoch", state.epoch);
  json.field("started_ns", to_ns(state.started)).field("now_ns", to_ns(state.now)).field("demo", state.demo);
  text_or_null(json, "note", state.note);
  write_all(json, "instruments", state.instruments, write_instrument);
  write_all(json, "feeds", state.feeds, write_feed);
  write_all(json, "pairs", state.pairs, write_pair);
  write_all(json, "interventions", state.interventions, write_intervention);
  write_all(json, "latency_us", state.latency, write_latency);
  write_alerts(json, state, extras.last_seq);
  json.key("queue").begin_object().field("depth", state.queue_depth).field("capacity", state.queue_capacity);
  json.field("folded", state.queue_folded).end_object();
  json.key("storage").begin_object().field("ok", state.storage_ok);
  text_or_null(json, "reason", state.storage_reason);
  json.end_object().key("clock").begin_object().field("ok", state.clock_reason.empty());
  text_or_null(json, "reason", state.clock_reason);
  json.end_object().field("clients", extras.clients).end_object();
}

}  // namespace

void append_state(std::string& out, const StateSnapshot& state, const StateExtras& extras) {
  JsonWriter json{out};
  write_state(json, state, extras);
}

void append_state_message(std::string& out, std::string_view type, const StateSnapshot& state,
                          const StateExtras& extras) {
  JsonWriter json{out};
  json.begin_object().field("type", type).key("state");
  write_state(json, state, extras);
  json.end_object();
}

void append_tick_message(std::string& out, std::string_view symbol, const LiveTick& tick) {
  JsonWriter json{out};
  json.begin_object().field("type", "tick").field("symbol", symbol).field("price", tick.price);
  if (tick.bid) json.field("bid", *tick.bid);
  if (tick.ask) json.field("ask", *tick.ask);
  if (tick.low != tick.price) json.field("low", tick.low);
  if (tick.high != tick.price) json.field("high", tick.high);
  json.field("ts_event_ns", to_ns(tick.ts_event)).field("source", tick.source).end_object();
}

bool append_health(std::string& out, const HealthReport& report, bool liveness_only) {
  const auto counts = [&](const HealthPart& part) { return part.liveness || !liveness_only; };
  bool ok = true;
  for (const auto& part : report.parts) ok = ok && (part.ok || !counts(part));
  JsonWriter json{out};
  json.begin_object().field("ok", ok).key("parts").begin_object();
  for (const auto& part : report.parts) {
    if (!counts(part)) continue;
    json.key(part.name).begin_object().field("ok", part.ok).field("reason", part.reason).end_object();
  }
  json.end_object().end_object();
  return ok;
}

std::string error_json(std::string_view message) {
  std::string out;
  JsonWriter{out}.begin_object().field("error", message).end_object();
  return out;
}

std::string error_message(std::string_view message) {
  std::string out;
  JsonWriter{out}.begin_object().field("type", "error").field("message", message).end_object();
  return out;
}

}  // namespace yagura::console
