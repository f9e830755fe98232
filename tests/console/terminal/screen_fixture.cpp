#include "tests/console/terminal/screen_fixture.hpp"

#include <cmath>
#include <fstream>

#include "console/state_json.hpp"
#include "core/json_writer.hpp"

namespace yagura::console::terminal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Price price(std::string_view text) { return *parse_price(text); }

void near(InstrumentSnapshot& it, std::string_view kind, std::string_view name, std::string_view at, double sigma) {
  const auto distance = price(at) - *it.price;
  const double percent = 100.0 * static_cast<double>(distance.raw()) / static_cast<double>(it.price->raw());
  it.distances.push_back({std::string{kind}, {}, std::string{name}, price(at), distance, percent, sigma, false});
}

void set_price(InstrumentSnapshot& it, std::string_view now, std::string_view close) {
  it.price = price(now);
  it.previous_close = price(close);
  it.change = *it.price - *it.previous_close;
  it.change_pct = 100.0 * static_cast<double>(it.change->raw()) / static_cast<double>(it.previous_close->raw());
  it.ts_event = kMarketNow - std::chrono::milliseconds{400};
}

InstrumentSnapshot nikkei() {
  InstrumentSnapshot it;
  it.symbol = "NI225";
  it.name = "Nikkei 225";
  it.name_ja = "日経平均";
  it.decimals = 2;
  it.tick = *parse_price_delta("0.01");
  it.pip = *parse_price_delta("0.1");
  it.calendar = "tse";
  it.segment = "afternoon";
  it.trading_date = "2026-02-12";
  set_price(it, "57639.84", "57650.54");
  it.open = price("57864.74");
  it.high = price("58015.08");
  it.low = price("57554.49");
  it.age_ms = 400;
  it.source = "demo";
  near(it, "milestone", "", "59000", 6.81);
  near(it, "record", "all_time", "58015.08", 1.88);
  near(it, "milestone", "", "58000", 1.80);
  near(it, "level", "take profit", "57800", 0.80);
  near(it, "record", "session", "57554.49", 0.43);
  near(it, "milestone", "", "57000", 3.20);
  near(it, "record", "week", "55018.57", 13.1);
  it.sigma_pct = 0.347;
  it.session = {true, kMarketNow, kMarketNow + minutes{54} + std::chrono::seconds{19}, "close", {}, {}, {}};
  it.feed = {"LIVE", "", 400,
             30'000, 1,  {{"demo", "LIVE", "", 400, true}, {"spare", "CONNECTING", "refused", {}, false}}};
  it.accepted = 11'709;
  it.rejected = {{"duplicate", 0}, {"late", 2}, {"outlier", 3}};
  return it;
}

InstrumentSnapshot yen() {
  InstrumentSnapshot it;
  it.symbol = "USDJPY";
  it.name = "USD/JPY";
  it.name_ja = "ドル円";
  it.decimals = 3;
  it.tick = *parse_price_delta("0.001");
  it.pip = *parse_price_delta("0.01");
  it.calendar = "fx";
  it.segment = "week";
  it.trading_date = "2026-02-12";
  set_price(it, "153.2725", "153.236");
  it.bid = price("153.271");
  it.ask = price("153.274");
  it.high = price("153.443");
  it.low = price("152.259");
  it.age_ms = 15;
  it.source = "demo";
  near(it, "level", "stop", "158.5", 25.3);
  near(it, "milestone", "", "154", 3.52);
  near(it, "record", "session", "153.443", 0.82);
  near(it, "milestone", "", "153", 1.31);
  near(it, "record", "since_start", "152.259", 4.90);
  near(it, "level", "", "152", 6.15);
  it.sigma_pct = 0.135;
  it.session = {true, kMarketNow, kMarketNow + hours{39} + minutes{29}, {}, {}, {}, {"thin"}};
  it.feed = {"LIVE", "", 15, 50'796, 0, {{"demo", "LIVE", "", 15, true}}};
  it.accepted = 112'017;
  return it;
}

}  // namespace

StateSnapshot busy_state() {
  StateSnapshot state;
  state.version = "0.1.0";
  state.epoch = 3;
  state.started = timestamp_from_ns(1'795'410'458'000'000'000);
  state.now = timestamp_from_ns(1'795'410'502'000'000'000);
  state.demo = true;
  state.note = "synthetic prices";
  state.instruments = {nikkei(), yen()};
  auto& demo = state.feeds.emplace_back();
  demo.name = "demo";
  demo.vendor = "native";
  demo.state = "LIVE";
  demo.since_ms = 44'024;
  demo.speaks = {"NI225", "USDJPY"};
  demo.attempts = 1;
  demo.last_rx_age_ms = 15;
  demo.ticks = 123'726;
  demo.gaps = 2;
  auto& spare = state.feeds.emplace_back();
  spare.name = "spare";
  spare.vendor = "native";
  spare.state = "BACKOFF";
  spare.reason = "refused";
  spare.why = "connection refused";
  spare.next_attempt_ms = 2'300;
  spare.attempts = spare.reconnects = 4;
  state.pairs.push_back({"nikkei-yen", "NI225", "USDJPY", "usual", kMarketNow - std::chrono::seconds{41}, 1.24, 0.61,
                         0.68, -0.42, -0.11, -0.07, -0.09, 900'000});
  auto& watch = state.interventions.emplace_back();
  watch.rule = "yen-intervention";
  watch.instrument = "USDJPY";
  watch.stage = "watch";
  watch.direction = "down";
  watch.score = 4;
  watch.watch_at = 4;
  watch.suspected_at = 6;
  watch.strong_at = 8;
  watch.items = {{"size_15m", 2}, {"size_60m", 0},  {"speed", 1}, {"one_sided", 0}, {"level", 0},
                 {"thin", 1},     {"yen_alone", 0}, {"news", 0},  {"repeat", 0}};
  watch.start = price("154.654");
  watch.extreme = price("153.652");
  watch.since = kMarketNow - minutes{5};
  state.latency = {{"decode", 123'726, 0.84, 2.19, 8.77, 38.4, 367.94},
                   {"queue", 123'726, 13.5, 323.58, 1310.2, 4797.3, 59087.6},
                   {"detect", 123'726, 1.2, 3.89, 15.68, 47.62, 2046.19},
                   {"tick", 123'726, 16.64, 325.6, 1310.2, 4797.3, 59113.8},
                   {"tick_to_alert", 111, 19.71, 323.58, 351.7, 413.4, 413.4},
                   {"hand_over", 111, 88.06, 142.3, 280.6, 294.3, 294.3}};
  state.alert_count = 115;
  state.delivered = 112;
  state.held = {{"absorbed", 3}};
  state.queue_capacity = 65'536;
  return state;
}

std::string state_message(std::string_view type, const StateSnapshot& state, std::uint64_t last_seq) {
  std::string json;
  append_state_message(json, type, state, {.last_seq = last_seq, .clients = 1});
  return json;
}

const std::vector<std::string>& demo_alerts() {
  static const auto alerts = [] {
    std::vector<std::string> lines;
    std::ifstream file{YAGURA_TERMINAL_DATA "/data/alerts.jsonl"};
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }();
  return alerts;
}

std::string tick_message(std::string_view symbol, std::string_view at, Timestamp when) {
  std::string json;
  LiveTick tick;
  tick.price = tick.low = tick.high = price(at);
  tick.ts_event = when;
  tick.source = "demo";
  append_tick_message(json, symbol, tick);
  return json;
}

void ScreenSpec::open_demo() {
  model.link_up(now);
  receive(state_message("hello", busy_state(), 115));
  // Two hours that rise, fall and rise again, as candles.
  for (const auto& [symbol, middle, width] : {std::tuple{"NI225", 57'700.0, 160.0}, std::tuple{"USDJPY", 153.1, 0.5}}) {
    std::string json;
    JsonWriter answer{json};
    answer.begin_object().field("instrument", symbol).key("candles").begin_array();
    for (int i = 120; i > 0; --i) {
      const auto raw = std::llround((middle + width * std::sin(i * 0.09) + width / 7 * std::sin(i * 0.7)) * 1e9);
      answer.begin_object()
          .field("from_ns", to_ns(kMarketNow - minutes{i}))
          .field("close", Price::from_raw(raw))
          .end_object();
    }
    answer.end_array().end_object();
    ASSERT_TRUE(model.receive_answer(json).has_value());
  }
  for (const auto& alert : demo_alerts()) receive(alert);
}

}  // namespace yagura::console::terminal
