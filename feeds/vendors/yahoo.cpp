// Yahoo's streamer (unofficial): protobuf in base64, either in a JSON envelope (v2) or bare (v1).
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <protozero/pbf_message.hpp>
#include <protozero/pbf_writer.hpp>

#include "core/json_writer.hpp"
#include "feeds/base64.hpp"
#include "feeds/vendors/common.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kResendEvery = std::chrono::seconds{15};  // as yfinance does; the server sends no heartbeat
constexpr std::size_t kMaxSymbols = 100;                 // per connection; more are ignored without a word

// Fields of the message PricingData that matter here.
enum class Field : std::uint32_t {
  kId = 1,
  kPrice = 2,
  kTime = 3,
  kCurrency = 4,
  kExchange = 5,
  kQuoteType = 6,
  kMarketHours = 7,
  kBid = 23,
  kAsk = 25,
  kPriceHint = 27
};
constexpr std::int32_t kHeartbeat = 7;  // quote_type
constexpr std::int32_t kIndex = 9;
constexpr std::int32_t kCurrencyPair = 14;
constexpr std::int32_t kFuture = 18;

std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225") return "^N225";
  if (symbol == "NKFUT") return "NIY=F";
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.starts_with("USD") ? symbol.substr(3) : symbol}.append("=X");
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// A float32 as the shortest decimal that reads back to it, which is what the vendor meant.
// Zero becomes absent; false for NaN, infinity and what is out of range.
bool price_of(float value, std::optional<Price>& out) {
  out.reset();
  if (!std::isfinite(value)) return false;
  char text[128];  // the longest float takes 60
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  if (error != std::errc{}) return false;
  const auto price = parse_price({text, end});
  if (!price) return false;
  if (price->raw() != 0) out = price;
  return true;
}

struct Quote {
  VendorTick tick;
  std::int32_t quote_type = 0;
};

// Null when fine, else what is wrong. Throws what protozero throws on truncated input.
const char* read_quote(std::string_view bytes, Quote& out) {
  using Wire = protozero::pbf_wire_type;
  const auto is = [](Field field, Wire wire) { return protozero::tag_and_type(field, wire); };
  protozero::pbf_message<Field> message{bytes.data(), bytes.size()};
  while (message.next()) {
    const auto tag_and_type = message.tag_and_type();
    if (tag_and_type == is(Field::kId, Wire::length_delimited)) {
      const auto id = message.get_view();
      out.tick.symbol = {id.data(), id.size()};
    } else if (tag_and_type == is(Field::kPrice, Wire::fixed32)) {
      if (!price_of(message.get_float(), out.tick.price)) return "price is not a number in range";
    } else if (tag_and_type == is(Field::kBid, Wire::fixed32)) {
      if (!price_of(message.get_float(), out.tick.bid)) return "bid is not a number in range";
    } else if (tag_and_type == is(Field::kAsk, Wire::fixed32)) {
      if (!price_of(message.get_float(), out.tick.ask)) return "ask is not a number in range";
    } else if (tag_and_type == is(Field::kTime, Wire::varint)) {
      const auto ms = message.get_sint64();
      out.tick.ts = ms == 0 ? std::nullopt : timestamp_from_ms(ms);
      if (ms != 0 && !out.tick.ts) return "time is out of range";
    } else if (tag_and_type == is(Field::kQuoteType, Wire::varint)) {
      out.quote_type = message.get_enum();
    } else {
      switch (message.tag()) {
        case Field::kId:
        case Field::kPrice:
        case Field::kBid:
        case Field::kAsk:
        case Field::kTime:
        case Field::kQuoteType: return "a known field has an unknown wire type";
        default: message.skip();
      }
    }
  }
  return nullptr;
}

std::string list_message(std::string_view verb, std::span<const std::string> symbols) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().key(verb).begin_array();
  for (const auto& symbol : symbols) json.value(symbol);
  json.end_array().end_object();
  return text;
}

class YahooCodec final : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    subscribe_ = list_message("subscribe", symbols);
    return {subscribe_};
  }

  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return {list_message("unsubscribe", symbols)};
  }

  std::string keep_alive() override { return subscribe_; }
  [[nodiscard]] Duration keep_alive_every() const override { return kResendEvery; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    auto text = trim(frame.payload);
    if (text.starts_with('{')) {
      JsonScalar type, message;
      const JsonField fields[] = {{"type", &type}, {"message", &message}};
      if (const char* problem = json_.read(text, fields)) {
        out.error = problem;
        return;
      }
      if (type.kind == JsonKind::kString && type.text != "pricing") return;
      if (type.kind != JsonKind::kString || message.kind != JsonKind::kString) {
        out.error = "a frame without \"type\" and \"message\"";
        return;
      }
      text = message.text;
    }
    if (text.empty()) {
      out.error = "empty message";
    } else if (!decode_base64(text, bytes_)) {
      out.error = "not base64";
    } else {
      decode_message(out);
    }
  }

 private:
  void decode_message(Decoded& out) noexcept {
    Quote quote;
    const char* problem = nullptr;
    try {
      problem = read_quote(bytes_, quote);
    } catch (const protozero::exception&) {
      problem = "truncated or damaged protobuf";
    }
    const auto& tick = quote.tick;
    if (problem != nullptr) {
      out.error = problem;
    } else if (quote.quote_type == kHeartbeat) {
      return;
    } else if (tick.symbol.empty()) {
      out.error = "a message without an id";
    } else if (tick.price || tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  JsonFrame json_;
  std::string bytes_;      // of the current message; the tick's symbol points into it
  std::string subscribe_;  // sent again every now and then
};

class YahooServer final : public VendorServer {
 public:
  void on_request(const Handshake& request) override {
    const auto query = request.target.find('?');
    bare_ = query == std::string::npos || request.target.find("version=2", query) == std::string::npos;
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    simdjson::dom::element element;
    simdjson::dom::object message;
    if (frame.payload.empty() ||
        parser_.parse(frame.payload.data(), frame.payload.size()).get(element) != simdjson::SUCCESS ||
        element.get(message) != simdjson::SUCCESS) {
      return hang_up();
    }
    for (const auto member : message) {
      const bool add = member.key == "subscribe";
      if (!add && member.key != "unsubscribe") return hang_up();
      if (!apply(add, member.value)) return hang_up();
    }
    return {};  // no acknowledgement
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  // One consolidated price, as the vendor gives it: the mid where the tick is a quote.
  bool encode(const ReplayTick& tick, std::string& out) override {
    auto price = tick.price;
    if (!price && tick.bid && tick.ask) price = mid(*tick.bid, *tick.ask);
    if (!price) return false;
    char text[kMaxPriceChars];
    float value = 0;
    if (std::from_chars(text, write_price(text, price->raw()), value).ec != std::errc{}) return false;
    write_message(tick, value);
    if (bare_) {
      append_base64(out, message_);
      return true;
    }
    out += R"({"type":"pricing","message":")";
    append_base64(out, message_);
    out += R"("})";
    return true;
  }

 private:
  static ServerReply hang_up() { return {{}, kNoStatus}; }

  // First come, first served: a name that means nothing takes a place all the same.
  bool apply(bool add, simdjson::dom::element list) {
    simdjson::dom::array symbols;
    if (list.get(symbols) != simdjson::SUCCESS) return false;
    for (const auto item : symbols) {
      std::string_view symbol;
      if (item.get(symbol) != simdjson::SUCCESS) return false;
      if (!add) {
        symbols_.remove(symbol);
      } else if (symbols_.size() < kMaxSymbols) {
        symbols_.add(symbol);
      }
    }
    return true;
  }

  void write_message(const ReplayTick& tick, float price) {
    const bool pair = is_currency_pair(tick.symbol);
    const bool future = tick.symbol == "NKFUT";
    message_.clear();
    protozero::pbf_writer writer{message_};
    const auto tag = [](Field field) { return static_cast<protozero::pbf_tag_type>(field); };
    writer.add_string(tag(Field::kId), vendor_symbol(tick.symbol));
    writer.add_float(tag(Field::kPrice), price);
    writer.add_sint64(tag(Field::kTime), to_ns(tick.ts) / 1'000'000);
    if (!pair) writer.add_string(tag(Field::kCurrency), "JPY");
    writer.add_string(tag(Field::kExchange), pair ? "CCY" : future ? "CME" : "OSA");
    writer.add_enum(tag(Field::kQuoteType), pair ? kCurrencyPair : future ? kFuture : kIndex);
    writer.add_enum(tag(Field::kMarketHours), 1);
    writer.add_sint64(tag(Field::kPriceHint), pair ? 4 : 2);
  }

  bool bare_ = false;
  simdjson::dom::parser parser_;
  Subscriptions symbols_;
  std::string message_;
};

}  // namespace

Vendor yahoo_vendor();
Vendor yahoo_vendor() {
  return {.name = "yahoo",
          .facts = {.title = "Yahoo Finance streamer",
                    .carries = "Nikkei 225 (^N225), CME futures (NIY=F, NKD=F), USD/JPY (JPY=X); last price only",
                    .key = "none",
                    .delay = "currencies about a second; index and futures probably 10 to 20 minutes",
                    .terms = "undocumented and without a promise; for personal use",
                    .sample = "NI225 USDJPY"},
          .default_url = "wss://streamer.finance.yahoo.com/?version=2",
          .limits = {.symbols = 100},
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<YahooCodec>(); },
          .make_server = [](VendorServerShared&) -> std::unique_ptr<VendorServer> {
            return std::make_unique<YahooServer>();
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
