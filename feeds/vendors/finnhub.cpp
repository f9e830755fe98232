// Finnhub: trades and currency prices as JSON text, the key in the address.
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxSymbols = 50;               // free keys, as observed
constexpr auto kPingEvery = std::chrono::minutes{1};  // the vendor's; wants no answer
constexpr auto kSilence = std::chrono::seconds{150};  // two of its pings may be lost
constexpr std::string_view kKeyName = "token";

std::string vendor_symbol(std::string_view symbol) {
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{"OANDA:"}.append(symbol.substr(0, 3)).append("_").append(symbol.substr(3));
}

std::string command(std::string_view type, std::string_view symbol) {
  std::string text;
  JsonWriter{text}.begin_object().field("type", type).field("symbol", symbol).end_object();
  return text;
}

class FinnhubCodec final : public UrlKeyCodec {
 public:
  explicit FinnhubCodec(const CodecOptions& options) : UrlKeyCodec(kKeyName, options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override { return each("subscribe", symbols); }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return each("unsubscribe", symbols);
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto type = root["type"];
    if (!type.is_string()) {
      out.error = "a frame without \"type\"";
    } else if (type.text() == "trade") {
      decode_trades(root["data"], out);
    } else if (type.text() == "error") {
      const auto message = root["msg"].text();
      vendor_error(out, message, speaks_of_key(message) ? Refusal::kAuth : Refusal::kNone);
    }
  }

 private:
  static std::vector<std::string> each(std::string_view type, std::span<const std::string> symbols) {
    std::vector<std::string> frames;
    for (const auto& symbol : symbols) frames.push_back(command(type, symbol));
    return frames;
  }

  static void decode_trades(JsonView trades, Decoded& out) {
    if (!trades.is_array()) {
      out.error = "a trade frame without \"data\"";
      return;
    }
    for (const JsonView trade : trades) decode_trade(trade, out);
  }

  static void decode_trade(JsonView trade, Decoded& out) {
    VendorTick tick;
    if (trade["p"].absent() || !read_price(trade["p"], tick.price)) return reject_value(out, "p", trade["p"]);
    if (!take_milliseconds(out, "t", trade["t"], tick.ts)) return;
    tick.symbol = trade["s"].text();
    if (!trade["s"].is_string() || tick.symbol.empty()) {
      out.error = "a price without a symbol";
    } else if (tick.price) {
      out.ticks.push_back(tick);
    }
  }

  JsonTree json_;
};

class FinnhubServer final : public VendorServer {
 public:
  explicit FinnhubServer(VendorServerShared& shared) : shared_(shared), connection_(shared, this) {}

  void on_request(const Handshake& request) override { key_ = query_parameter(request.target, kKeyName); }

  ServerReply on_open(MonoTime now) override {
    last_ping_ = now;
    if (!is_right_key(shared_, key_)) return {{error("Invalid API key")}, kNoStatus};
    connection_.enter(key_);
    if (connection_.end_all({{}, kNoStatus})) return {{}, kNoStatus};  // one a key: a second ends both
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    JsonScalar type, symbol;
    const JsonField fields[] = {{"type", &type}, {"symbol", &symbol}};
    if (json_.read(frame.payload, fields) != nullptr || symbol.kind != JsonKind::kString) {
      return {{error("Invalid message")}, std::nullopt};
    }
    if (type.text == "unsubscribe") {
      symbols_.remove(symbol.text);
    } else if (type.text == "subscribe") {
      if (symbols_.size() >= kMaxSymbols && !symbols_.has(symbol.text))
        return {{error("Subscribing to too many symbols")}, std::nullopt};
      symbols_.add(symbol.text);
    }
    return {};  // neither is acknowledged
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  // The latest price and no quote; no index.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto price = price_of(tick);
    if (!price || !is_currency_pair(tick.symbol)) return false;
    JsonWriter json{out};
    json.begin_object().key("data").begin_array().begin_object().key("c").null();
    number_field(json, "p", *price);
    json.field("s", vendor_symbol(tick.symbol)).field("t", to_ms(tick.ts)).field("v", 0).end_object().end_array();
    json.field("type", "trade").end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    if (now - last_ping_ < kPingEvery) return {};
    last_ping_ = now;
    return {{R"({"type":"ping"})"}, std::nullopt};
  }

 private:
  static std::string error(std::string_view message) {
    std::string text;
    JsonWriter{text}.begin_object().field("msg", message).field("type", "error").end_object();
    return text;
  }

  VendorServerShared& shared_;
  CountedConnection connection_;
  JsonFrame json_;
  std::string key_;
  Subscriptions symbols_;
  MonoTime last_ping_{};
};

}  // namespace

Vendor finnhub_vendor();
Vendor finnhub_vendor() {
  return {.name = "finnhub",
          .facts = {.title = "Finnhub",
                    .carries = "USD/JPY and other pairs (OANDA:USD_JPY), last price only; no Nikkei",
                    .key = "free key in token_env; currencies may need a paid one",
                    .delay = "live",
                    .terms = "one connection a key: a second one ends both; 50 symbols"},
          .default_url = "wss://ws.finnhub.io",
          .needs = {.token = true},
          .limits = {.symbols = kMaxSymbols, .connections_per_key = 1},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<FinnhubCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<FinnhubServer>(shared);
          },
          .silence = kSilence,
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
