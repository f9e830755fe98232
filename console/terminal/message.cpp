#include "console/terminal/message.hpp"

#include <fmt/format.h>

#include "console/terminal/alert_reader.hpp"
#include "console/terminal/json_fields.hpp"
#include "console/terminal/state_reader.hpp"

namespace yagura::console::terminal {
namespace {

constexpr std::size_t kMostAcks = 10'000;

// An id, or nothing.
std::string id_of(const Object& in, std::string_view key) {
  auto id = text(in, key);
  return is_id(id) ? id : std::string{};
}

Acknowledgement who(const Object& in) { return {text(in, "author"), text(in, "reason"), text(in, "at")}; }

Result<Incoming> read_state_message(const Object& in, bool hello) {
  const auto state = object(in, "state");
  if (!state) return Error{"state: missing; expected what GET /api/v1/state gives"};
  const auto alerts = object(*state, "alerts");
  return Incoming{StateMessage{read_state(*state), alerts ? count(*alerts, "last_seq") : 0, hello}};
}

Result<Incoming> read_tick(const Object& in) {
  TickMessage tick;
  const auto at = price(in, "price");
  if (!at) return Error{"tick: price is missing or strange; expected a decimal string above zero"};
  tick.price = *at;
  tick.low = price(in, "low").value_or(*at);
  tick.high = price(in, "high").value_or(*at);
  tick.bid = price(in, "bid");
  tick.ask = price(in, "ask");
  tick.ts_event = time(in, "ts_event_ns");
  tick.symbol = text(in, "symbol");
  tick.source = text(in, "source");
  return Incoming{std::move(tick)};
}

Result<Incoming> read_alert_message(const Object& in) {
  const auto json = object(in, "alert");
  if (!json) return Error{"alert: missing; expected an alert as docs/alerts.md has it"};
  auto alert = read_alert(*json);
  if (!alert) return alert.error();
  alert->held = text(in, "held");
  return Incoming{AlertMessage{*std::move(alert)}};
}

}  // namespace

struct MessageReader::Parser {
  simdjson::dom::parser parser;

  Result<Object> parse(std::string_view json) {
    if (json.size() > kMostBytes)
      return Error{fmt::format("a message of {} bytes; expected at most {}", json.size(), kMostBytes)};
    Object object;
    if (const auto error = parser.parse(json.data(), json.size()).get(object); error != simdjson::SUCCESS)
      return Error{fmt::format("not a JSON object: {}", simdjson::error_message(error))};
    return object;
  }
};

MessageReader::MessageReader() : parser_(std::make_unique<Parser>()) {}
MessageReader::~MessageReader() = default;
MessageReader::MessageReader(MessageReader&&) noexcept = default;
MessageReader& MessageReader::operator=(MessageReader&&) noexcept = default;

Result<Incoming> MessageReader::read(std::string_view json) {
  const auto parsed = parser_->parse(json);
  if (!parsed) return parsed.error();
  const auto& in = *parsed;
  const auto type = text(in, "type");
  if (type == "hello" || type == "state") return read_state_message(in, type == "hello");
  if (type == "tick") return read_tick(in);
  if (type == "alert") return read_alert_message(in);
  if (type == "action")
    return Incoming{ActionMessage{text(in, "action"), id_of(in, "alert"), id_of(in, "id"), who(in)}};
  if (type == "error") return Incoming{ErrorMessage{text(in, "message", 400)}};
  return Incoming{OtherMessage{}};
}

Result<Answer> MessageReader::read_answer(std::string_view json) {
  const auto parsed = parser_->parse(json);
  if (!parsed) return parsed.error();
  if (const auto acks = object(*parsed, "acks")) {
    PastAcks past;
    for (const auto [id, value] : *acks) {
      Object ack;
      if (past.acks.size() == kMostAcks) break;
      if (is_id(id) && value.get(ack) == simdjson::SUCCESS) past.acks.emplace_back(id, who(ack));
    }
    for_each(*parsed, "alerts", kMostAcks, [&](const Object& alert) {
      auto id = id_of(alert, "id");
      if (!id.empty() && (*acks)[id].error() != simdjson::SUCCESS) past.open.push_back(std::move(id));
    });
    return Answer{std::move(past)};
  }
  PastPrices past{text(*parsed, "instrument"), {}};
  if (past.symbol.empty()) return Error{"neither acks nor candles; expected an answer to GET of a wanted path"};
  for_each(*parsed, "candles", 2 * PriceHistory::kMost, [&](const Object& candle) {
    const auto from = time(candle, "from_ns");
    const auto close = price(candle, "close");
    if (from && close) past.points.push_back({*from, *close});
  });
  return Answer{std::move(past)};
}

}  // namespace yagura::console::terminal
