#include "console/price_json.hpp"

#include "core/json_writer.hpp"

namespace yagura::console {

std::string candles_json(std::string_view symbol, const CandleInterval& interval,
                         std::span<const processing::Candle> candles) {
  constexpr std::int64_t kNsPerSecond = 1'000'000'000;
  std::string body;
  body.reserve(100 + candles.size() * 130);
  JsonWriter json{body};
  json.begin_object().field("instrument", symbol).field("interval", interval.name);
  json.field("interval_ms", interval.seconds * 1000).key("candles").begin_array();
  for (const auto& candle : candles) {
    json.begin_object().field("from_ns", candle.from_s * kNsPerSecond).field("open", candle.open);
    json.field("high", candle.high).field("low", candle.low).field("close", candle.close);
    json.field("ticks", candle.ticks).end_object();
  }
  json.end_array().end_object();
  return body;
}

std::string ticks_json(std::string_view symbol, std::span<const processing::PastTick> ticks, bool complete) {
  std::string body;
  body.reserve(100 + ticks.size() * 100);
  JsonWriter json{body};
  json.begin_object().field("instrument", symbol).field("complete", complete).key("ticks").begin_array();
  for (const auto& tick : ticks) {
    json.begin_object().field("ts_event_ns", to_ns(tick.at)).field("price", tick.price);
    if (tick.has_bid()) json.field("bid", tick.bid);
    if (tick.has_ask()) json.field("ask", tick.ask);
    json.end_object();
  }
  json.end_array().end_object();
  return body;
}

}  // namespace yagura::console
