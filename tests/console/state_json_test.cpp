#include "console/state_json.hpp"

#include <gtest/gtest.h>

namespace yagura::console {
namespace {

TEST(StateJsonSpec, SaysNullForWhatIsUnknown) {
  StateSnapshot state;
  state.version = "0.1.0";
  state.epoch = 3;
  state.now = timestamp_from_ns(1770596520000000000);
  state.alert_count = 9;
  state.delivered = 5;
  state.held = {{"muted", 4}};
  auto& it = state.instruments.emplace_back();
  it.symbol = "NI225";
  it.name = "Nikkei 225";
  it.calendar = "tse";
  it.segment = "closed";
  it.feed.sources = {{"gmo", "LIVE", "", 5, true}};
  auto& feed = state.feeds.emplace_back();
  feed.name = feed.vendor = "gmo";
  feed.url = "wss://x";
  feed.state = "BACKOFF";
  feed.reason = "refused";
  feed.why = "gmo: Connection refused";
  feed.since_ms = 1200;
  feed.next_attempt_ms = 300;
  feed.speaks = {"USDJPY"};
  feed.attempts = 4;
  std::string out;
  append_state(out, state, {.last_seq = 7, .clients = 2});
  EXPECT_EQ(
      out,
      R"({"version":"0.1.0","epoch":3,"started_ns":0,"now_ns":1770596520000000000,"demo":false,"note":null,)"
      R"("instruments":[{"symbol":"NI225","name":"Nikkei 225","name_ja":null,"decimals":2,"tick":"0","pip":"0","calendar":"tse","segment":"closed",)"
      R"("trading_date":null,"price":null,"bid":null,"ask":null,"ts_event_ns":null,"age_ms":null,"source":null,)"
      R"("previous_close":null,"open":null,"high":null,"low":null,"change":null,"change_pct":null,"levels":[],)"
      R"("records":[],"distances":[],"sigma_pct":null,"session":{"open":false,"market_now_ns":0,"until_ns":null,)"
      R"("next":null,"opens_ns":null,"closed_reason":null,"tags":[]},"feed":{"state":"","reason":null,"silence_ms":0,"stale_after_ms":0,"failovers":0,)"
      R"("sources":[{"feed":"gmo","state":"LIVE","reason":null,"silence_ms":5,"speaks":true}]},)"
      R"("accepted":0,"rejected":{}}],)"
      R"("feeds":[{"name":"gmo","vendor":"gmo","url":"wss://x","state":"BACKOFF","reason":"refused",)"
      R"("why":"gmo: Connection refused","since_ms":1200,"next_attempt_ms":300,"speaks":["USDJPY"],"attempts":4,)"
      R"("last_rx_age_ms":null,"ticks":0,"reconnects":0,"errors":0,"gaps":0,"folded":0,)"
      R"("one_sided":0,"unknown_symbols":0,"last_error":null}],"pairs":[],"interventions":[],"latency_us":[],)"
      R"("alerts":{"count":9,"last_seq":7,"delivered":5,"held":{"muted":4}},"queue":{"depth":0,"capacity":0,"folded":0},)"
      R"("storage":{"ok":true,"reason":null},"clock":{"ok":true,"reason":null},"clients":2})");
}

TEST(StateJsonSpec, WritesPricesAsExactStrings) {
  StateSnapshot state;
  auto& it = state.instruments.emplace_back();
  it.price = parse_price("57337.07");
  it.ts_event = timestamp_from_ns(5);
  it.change = parse_price_delta("-0.25");
  it.change_pct = 5.683400123;
  it.levels.push_back(
      {"nikkei", "milestone", NextLevels::Level{*parse_price("58000"), *parse_price_delta("662.93")}, {}});
  it.records.push_back({"52w", parse_price("57337.07"), {}, "2026-02-09", ""});
  it.rejected.push_back({"crossed", 4});
  state.latency.push_back({"decode", 10, 0.123, 1, 2, 3, 4.5678});
  std::string out;
  append_state(out, state, {});
  for (const auto* const part :
       {R"("price":"57337.07")", R"("ts_event_ns":5)", R"("change":"-0.25","change_pct":5.6834)",
        R"("levels":[{"rule":"nikkei","kind":"milestone","above":{"price":"58000","distance":"662.93"},"below":null}])",
        R"("records":[{"horizon":"52w","high":"57337.07","high_date":"2026-02-09","low":null,"low_date":null}])",
        R"("rejected":{"crossed":4})",
        R"({"stage":"decode","count":10,"p50":0.12,"p90":1,"p99":2,"p999":3,"max":4.57})"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << "\nin " << out;
  }
}

TEST(StateJsonSpec, WritesTicksWithTheSidesTheyHave) {
  std::string out;
  append_tick_message(
      out, "USDJPY",
      {1, *parse_price("157.123"), parse_price("157.122"), parse_price("157.124"), timestamp_from_ns(42), "gmo"});
  EXPECT_EQ(
      out,
      R"({"type":"tick","symbol":"USDJPY","price":"157.123","bid":"157.122","ask":"157.124","ts_event_ns":42,"source":"gmo"})");
  out.clear();
  append_tick_message(out, "NI225", {0, *parse_price("57000"), {}, {}, timestamp_from_ns(42), "demo"});
  EXPECT_EQ(out, R"({"type":"tick","symbol":"NI225","price":"57000","ts_event_ns":42,"source":"demo"})");
}

TEST(StateJsonSpec, IsHealthyWhenThePartsThatCountAre) {
  const HealthReport report{{{"threads", true, "", true}, {"storage", false, "disk full"}}};
  std::string out;
  EXPECT_TRUE(append_health(out, report, /*liveness_only=*/true));
  EXPECT_EQ(out, R"({"ok":true,"parts":{"threads":{"ok":true,"reason":""}}})");
  out.clear();
  EXPECT_FALSE(append_health(out, report, /*liveness_only=*/false));
  EXPECT_EQ(out,
            R"({"ok":false,"parts":{"threads":{"ok":true,"reason":""},"storage":{"ok":false,"reason":"disk full"}}})");
}

}  // namespace
}  // namespace yagura::console
