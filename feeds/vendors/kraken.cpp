// Kraken's spot market, API v2: JSON text, prices as numbers, a ticker at each change of the best
// bid or offer.
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

std::string vendor_symbol(std::string_view symbol) {
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.substr(0, 3)}.append("/").append(symbol.substr(3));
}

std::string command(std::string_view method, std::span<const std::string> symbols) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("method", method).key("params").begin_object();
  json.field("channel", "ticker").key("symbol").begin_array();
  for (const auto& symbol : symbols) json.value(symbol);
  json.end_array().field("event_trigger", "bbo").end_object().field("req_id", 1).end_object();
  return text;
}

class KrakenCodec final : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    return {command("subscribe", symbols)};
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return {command("unsubscribe", symbols)};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    if (const auto error = root["error"]; !error.absent()) {
      vendor_error(out, error.text());
    } else if (const auto method = root["method"]; method.is_string()) {
      out.subscribed = method.text() == "subscribe" && !root["result"].missing();
    } else if (const auto channel = root["channel"]; !channel.is_string()) {
      out.error = "a message without \"channel\" or \"method\"";
    } else if (channel.text() == "ticker") {
      decode_tickers(root["data"], out);
    }
  }

 private:
  static void decode_tickers(JsonView data, Decoded& out) {
    if (!data.is_array()) {
      out.error = "a \"ticker\" without \"data\"";
      return;
    }
    for (const auto ticker : data) decode_ticker(ticker, out);
  }

  static void decode_ticker(JsonView in, Decoded& out) {
    VendorTick tick;
    if (!take_symbol(out, "symbol", in["symbol"], tick.symbol) || !take_price(out, "last", in["last"], tick.price) ||
        !take_price(out, "bid", in["bid"], tick.bid) || !take_price(out, "ask", in["ask"], tick.ask) ||
        !take_iso8601(out, "timestamp", in["timestamp"], tick.ts)) {
      return;
    }
    if (tick.price || tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  JsonTree tree_;
};

class KrakenServer final : public VendorServer {
 public:
  explicit KrakenServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime) override {
    return say(R"({"channel":"status","type":"update","data":[{"api_version":"v2",)"
               R"("connection_id":13834774380200032777,"system":"online","version":"2.0.0"}]})");
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    if (tree_.read(frame.payload) != nullptr || !tree_.root().is_object())
      return say(R"({"error":"Malformed request","success":false})");
    const auto root = tree_.root();
    const auto method = root["method"].text();
    if (method == "ping") return pong();
    const auto params = root["params"];
    if (method != "subscribe" && method != "unsubscribe") return refuse("Method(s) not found");
    if (params["channel"].text() != "ticker") return refuse("Channel not supported");
    if (!params["symbol"].is_array()) return refuse("Symbol(s) not found");
    ServerReply all;
    for (const auto symbol : params["symbol"]) all.frames.push_back(change(method, symbol.text()));
    return all;
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  // The first of a symbol is a snapshot.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    const auto last = price_of(tick);
    if (!quote || !last) return false;
    const auto symbol = vendor_symbol(tick.symbol);
    JsonWriter json{out};
    json.begin_object().field("channel", "ticker").field("type", seen_.add(symbol) ? "snapshot" : "update");
    json.key("data").begin_array().begin_object().field("symbol", symbol);
    number_field(json, "bid", quote->bid);
    number_field(json, "ask", quote->ask);
    number_field(json, "last", *last);
    json.field("timestamp", format_utc(tick.ts)).end_object().end_array().end_object();
    return true;
  }

  // About one a second once something is subscribed.
  ServerReply on_timer(MonoTime, Timestamp) override {
    return symbols_.empty() ? ServerReply{} : say(R"({"channel":"heartbeat"})");
  }

 private:
  void finish(JsonWriter& json) const {
    if (const auto id = read_integer(tree_.root()["req_id"])) json.field("req_id", *id);
    json.end_object();
  }

  ServerReply pong() const {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("method", "pong");
    finish(json);
    return say(std::move(text));
  }

  ServerReply refuse(std::string_view error) const { return say(refusal(error, {})); }
  std::string refusal(std::string_view error, std::string_view symbol) const {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("error", error).field("method", tree_.root()["method"].text()).field("success", false);
    if (!symbol.empty()) json.field("symbol", symbol);
    finish(json);
    return text;
  }

  // The answer to one symbol of a request.
  std::string change(std::string_view method, std::string_view symbol) {
    if (symbol.size() != 7 || symbol[3] != '/' || !offers(shared_, vendor_symbol, symbol))
      return refusal("Currency pair not supported " + std::string{clip(symbol, 40)}, clip(symbol, 40));
    if (method == "subscribe" && !symbols_.add(symbol)) return refusal("Already subscribed", symbol);
    if (method == "unsubscribe" && !symbols_.remove(symbol)) return refusal("Subscription Not Found", symbol);
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("method", method).key("result").begin_object().field("channel", "ticker");
    json.field("symbol", symbol).field("event_trigger", "bbo").field("snapshot", true).end_object();
    json.field("success", true);
    finish(json);
    return text;
  }

  const VendorServerShared& shared_;
  JsonTree tree_;
  Subscriptions symbols_;
  Subscriptions seen_;  // whose snapshot was sent
};

}  // namespace

Vendor kraken_vendor();
Vendor kraken_vendor() {
  return {.name = "kraken",
          .facts = {.title = "Kraken spot",
                    .carries = "USD/JPY, price, bid and ask; no Nikkei",
                    .key = "none",
                    .delay = "live, around the clock",
                    .terms = "public API of a crypto exchange; its market for dollars in yen is thin"},
          .default_url = "wss://ws.kraken.com/v2",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<KrakenCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<KrakenServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
