#include "console/terminal/state_reader.hpp"

#include <algorithm>

namespace yagura::console::terminal {
namespace {

constexpr std::size_t kMostMarkets = 64;
constexpr std::size_t kMostRows = 200;

std::vector<ReasonCount> read_counts(const Object& in, std::string_view key) {
  std::vector<ReasonCount> counts;
  const auto rows = object(in, key);
  if (!rows) return counts;
  for (const auto [reason, value] : *rows) {
    std::uint64_t number = 0;
    if (counts.size() == kMostRows) break;
    if (value.get(number) == simdjson::SUCCESS) counts.push_back({std::string{reason.substr(0, kShortText)}, number});
  }
  return counts;
}

std::vector<std::string> read_texts(const Object& in, std::string_view key) {
  std::vector<std::string> texts;
  simdjson::dom::array rows;
  if (in[key].get(rows) != simdjson::SUCCESS) return texts;
  for (const auto row : rows) {
    std::string_view value;
    if (texts.size() == kMostRows) break;
    if (row.get(value) == simdjson::SUCCESS) texts.emplace_back(value.substr(0, kShortText));
  }
  return texts;
}

std::optional<NextLevels::Level> read_level(const Object& in, std::string_view key) {
  const auto level = object(in, key);
  if (!level) return std::nullopt;
  const auto at = price(*level, "price");
  const auto distance = delta(*level, "distance");
  if (!at || !distance) return std::nullopt;
  return NextLevels::Level{*at, *distance};
}

void read_levels(const Object& in, InstrumentSnapshot& it) {
  for_each(in, "levels", kMostRows, [&](const Object& row) {
    it.levels.push_back({text(row, "rule"), text(row, "kind"), read_level(row, "above"), read_level(row, "below")});
  });
}

void read_records(const Object& in, InstrumentSnapshot& it) {
  for_each(in, "records", kMostRows, [&](const Object& row) {
    it.records.push_back(
        {text(row, "horizon"), price(row, "high"), price(row, "low"), text(row, "high_date"), text(row, "low_date")});
  });
}

void read_distances(const Object& in, InstrumentSnapshot& it) {
  for_each(in, "distances", kMostRows, [&](const Object& row) {
    const auto at = price(row, "price");
    const auto distance = delta(row, "distance");
    if (!at || !distance) return;
    it.distances.push_back({text(row, "kind"), text(row, "rule"), text(row, "name"), *at, *distance,
                            real(row, "distance_pct").value_or(0), real(row, "sigma"), flag(row, "configured")});
  });
}

void read_prices(const Object& in, InstrumentSnapshot& it) {
  it.price = price(in, "price");
  it.bid = price(in, "bid");
  it.ask = price(in, "ask");
  it.ts_event = time(in, "ts_event_ns").value_or(Timestamp{});
  it.age_ms = milliseconds(in, "age_ms");
  it.source = text(in, "source");
  it.previous_close = price(in, "previous_close");
  it.open = price(in, "open");
  it.high = price(in, "high");
  it.low = price(in, "low");
  it.change = delta(in, "change");
  it.change_pct = real(in, "change_pct");
}

SessionClock read_session(const Object& in) {
  SessionClock session;
  session.open = flag(in, "open");
  session.market_now = time(in, "market_now_ns").value_or(Timestamp{});
  session.until = time(in, "until_ns");
  session.next = text(in, "next");
  session.opens = time(in, "opens_ns");
  session.closed_reason = text(in, "closed_reason");
  session.tags = read_texts(in, "tags");
  return session;
}

FeedCondition read_condition(const Object& in) {
  FeedCondition feed;
  feed.state = text(in, "state");
  feed.reason = text(in, "reason");
  feed.silence_ms = milliseconds(in, "silence_ms").value_or(0);
  feed.stale_after_ms = milliseconds(in, "stale_after_ms").value_or(0);
  feed.failovers = count(in, "failovers");
  for_each(in, "sources", kMostMarkets, [&](const Object& row) {
    feed.sources.push_back({text(row, "feed"), text(row, "state"), text(row, "reason"), milliseconds(row, "silence_ms"),
                            flag(row, "speaks")});
  });
  return feed;
}

InstrumentSnapshot read_instrument(const Object& in) {
  InstrumentSnapshot it;
  it.symbol = text(in, "symbol");
  it.name = text(in, "name");
  it.name_ja = text(in, "name_ja");
  it.decimals = static_cast<int>(std::clamp<std::int64_t>(integer(in, "decimals").value_or(2), 0, 9));
  it.tick = delta(in, "tick").value_or(PriceDelta{});
  it.pip = delta(in, "pip").value_or(PriceDelta{});
  it.calendar = text(in, "calendar");
  it.segment = text(in, "segment");
  it.trading_date = text(in, "trading_date");
  read_prices(in, it);
  read_levels(in, it);
  read_records(in, it);
  read_distances(in, it);
  it.sigma_pct = real(in, "sigma_pct");
  if (const auto session = object(in, "session")) it.session = read_session(*session);
  if (const auto feed = object(in, "feed")) it.feed = read_condition(*feed);
  it.accepted = count(in, "accepted");
  it.rejected = read_counts(in, "rejected");
  return it;
}

FeedSnapshot read_feed(const Object& in) {
  FeedSnapshot feed;
  feed.name = text(in, "name");
  feed.vendor = text(in, "vendor");
  feed.url = text(in, "url", 400);
  feed.state = text(in, "state");
  feed.reason = text(in, "reason");
  feed.why = text(in, "why", 400);
  feed.since_ms = milliseconds(in, "since_ms");
  feed.next_attempt_ms = milliseconds(in, "next_attempt_ms");
  feed.speaks = read_texts(in, "speaks");
  feed.attempts = count(in, "attempts");
  feed.last_rx_age_ms = milliseconds(in, "last_rx_age_ms");
  feed.ticks = count(in, "ticks");
  feed.reconnects = count(in, "reconnects");
  feed.errors = count(in, "errors");
  feed.gaps = count(in, "gaps");
  feed.folded = count(in, "folded");
  feed.one_sided = count(in, "one_sided");
  feed.unknown_symbols = count(in, "unknown_symbols");
  feed.last_error = text(in, "last_error", 400);
  return feed;
}

PairSnapshot read_pair(const Object& in) {
  PairSnapshot pair;
  pair.rule = text(in, "rule");
  pair.instrument = text(in, "instrument");
  pair.other = text(in, "other");
  pair.state = text(in, "state");
  pair.as_of = time(in, "as_of_ns").value_or(Timestamp{});
  pair.beta = real(in, "beta");
  pair.rho = real(in, "rho");
  pair.rho_long = real(in, "rho_long");
  pair.residual_z = real(in, "residual_z");
  pair.own_change_pct = real(in, "own_change_pct");
  pair.other_change_pct = real(in, "other_change_pct");
  pair.expected_pct = real(in, "expected_pct");
  pair.window_ms = milliseconds(in, "window_ms").value_or(0);
  return pair;
}

// Points and thresholds: small numbers.
int points(const Object& in, std::string_view key) {
  return static_cast<int>(std::clamp<std::int64_t>(integer(in, key).value_or(0), -999, 999));
}

InterventionSnapshot read_intervention(const Object& in) {
  InterventionSnapshot it;
  it.rule = text(in, "rule");
  it.instrument = text(in, "instrument");
  it.stage = text(in, "stage");
  it.direction = text(in, "direction");
  it.score = points(in, "score");
  it.watch_at = points(in, "watch_at");
  it.suspected_at = points(in, "suspected_at");
  it.strong_at = points(in, "strong_at");
  for_each(in, "items", kMostRows, [&](const Object& row) {
    it.items.push_back({text(row, "name"), points(row, "points")});
  });
  it.start = price(in, "start");
  it.extreme = price(in, "extreme");
  it.since = time(in, "since_ns");
  return it;
}

void read_latency(const Object& in, StateSnapshot& state) {
  for_each(in, "latency_us", kMostRows, [&](const Object& row) {
    const auto us = [&](std::string_view key) { return real(row, key).value_or(0); };
    state.latency.push_back(
        {text(row, "stage"), count(row, "count"), us("p50"), us("p90"), us("p99"), us("p999"), us("max")});
  });
}

void read_monitor(const Object& in, StateSnapshot& state) {
  if (const auto alerts = object(in, "alerts")) {
    state.alert_count = count(*alerts, "count");
    state.delivered = count(*alerts, "delivered");
    state.held = read_counts(*alerts, "held");
  }
  if (const auto queue = object(in, "queue")) {
    state.queue_depth = count(*queue, "depth");
    state.queue_capacity = count(*queue, "capacity");
    state.queue_folded = count(*queue, "folded");
  }
  if (const auto storage = object(in, "storage")) {
    state.storage_ok = flag(*storage, "ok");
    state.storage_reason = text(*storage, "reason", 400);
  }
  if (const auto clock = object(in, "clock")) state.clock_reason = text(*clock, "reason", 400);
}

}  // namespace

StateSnapshot read_state(const Object& in) {
  StateSnapshot state;
  state.version = text(in, "version");
  state.epoch = integer(in, "epoch").value_or(0);
  state.started = time(in, "started_ns").value_or(Timestamp{});
  state.now = time(in, "now_ns").value_or(Timestamp{});
  state.demo = flag(in, "demo");
  state.note = text(in, "note", 400);
  for_each(in, "instruments", kMostMarkets,
           [&](const Object& row) { state.instruments.push_back(read_instrument(row)); });
  for_each(in, "feeds", kMostMarkets, [&](const Object& row) { state.feeds.push_back(read_feed(row)); });
  for_each(in, "pairs", kMostMarkets, [&](const Object& row) { state.pairs.push_back(read_pair(row)); });
  for_each(in, "interventions", kMostMarkets,
           [&](const Object& row) { state.interventions.push_back(read_intervention(row)); });
  read_latency(in, state);
  read_monitor(in, state);
  return state;
}

}  // namespace yagura::console::terminal
