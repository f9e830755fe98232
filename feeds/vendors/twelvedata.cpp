// Twelve Data: one price a second or so as JSON text, the key in the address, heartbeats by the client.
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxConnections = 3;             // a key; the oldest goes
constexpr auto kHeartbeat = std::chrono::seconds{10};  // as the vendor asks of clients
constexpr std::uint16_t kPolicy = 1008;
constexpr std::string_view kKeyName = "apikey";

std::string vendor_symbol(std::string_view symbol) {
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.substr(0, 3)}.append("/").append(symbol.substr(3));
}

std::string command(std::string_view action, std::span<const std::string> symbols) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("action", action).key("params").begin_object();
  json.field("symbols", join(symbols)).end_object().end_object();
  return text;
}

class TwelveDataCodec final : public UrlKeyCodec {
 public:
  explicit TwelveDataCodec(const CodecOptions& options) : UrlKeyCodec(kKeyName, options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    return {command("subscribe", symbols)};
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return {command("unsubscribe", symbols)};
  }
  std::string keep_alive() override { return R"({"action":"heartbeat"})"; }
  [[nodiscard]] Duration keep_alive_every() const override { return kHeartbeat; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto event = root["event"];
    const bool failed = root["status"].text() == "error";
    if (event.text() == "price") {
      decode_price(root, out);
    } else if (event.text() == "subscribe-status") {
      decode_status(root, failed, out);
    } else if (failed) {
      decode_error(root, out);
    } else if (!event.is_string()) {
      out.error = "a frame without \"event\"";
    }
  }

 private:
  static void decode_price(JsonView root, Decoded& out) {
    VendorTick tick;
    if (root["price"].absent() || !read_price(root["price"], tick.price))
      return reject_value(out, "price", root["price"]);
    if (!read_price(root["bid"], tick.bid)) return reject_value(out, "bid", root["bid"]);
    if (!read_price(root["ask"], tick.ask)) return reject_value(out, "ask", root["ask"]);
    if (!take_seconds(out, "timestamp", root["timestamp"], tick.ts)) return;
    tick.symbol = root["symbol"].text();
    if (!root["symbol"].is_string() || tick.symbol.empty()) {
      out.error = "a price without a symbol";
    } else if (tick.price || tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  // Each list may be null or left out. A part that failed is said; the rest has been subscribed.
  static void decode_status(JsonView root, bool failed, Decoded& out) {
    for (const JsonView taken : root["success"]) out.subscribed = out.subscribed || !taken.absent();
    for (const JsonView fail : root["fails"]) {
      out.error.append(out.error.empty() ? "vendor error: not subscribed: " : ", ")
          .append(clip(fail["symbol"].text(), 40));
      if (const auto why = fail["message"].text(); !why.empty())
        out.error.append(" (").append(clip(why, 80)).append(")");
    }
    if (failed && out.error.empty()) decode_error(root, out);
  }

  static void decode_error(JsonView root, Decoded& out) {
    const auto code = read_integer(root["code"]);
    const auto message = root["message"].is_string() ? root["message"] : root["messages"].at(0);
    vendor_error(out, message.text(), code == 401 || code == 403 ? Refusal::kAuth : Refusal::kNone);
  }

  JsonTree json_;
};

class TwelveDataServer final : public VendorServer {
 public:
  explicit TwelveDataServer(VendorServerShared& shared) : shared_(shared), connection_(shared, this) {}

  void on_request(const Handshake& request) override { key_ = query_parameter(request.target, kKeyName); }

  ServerReply on_open(MonoTime) override {
    if (!is_right_key(shared_, key_))
      return {{R"({"status":"error","code":401,"message":"Invalid API key"})"}, kPolicy};
    connection_.enter(key_);
    connection_.keep_newest(kMaxConnections, {{}, kPolicy});
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    if (json_.read(frame.payload) != nullptr) return not_understood();
    const auto action = json_.root()["action"].text();
    const auto symbols = json_.root()["params"]["symbols"];
    if (action == "heartbeat") return {{R"({"event":"heartbeat","status":"ok"})"}, std::nullopt};
    if (action == "reset") {
      symbols_.clear();
      return {{R"({"event":"reset-status","status":"ok"})"}, std::nullopt};
    }
    if ((action != "subscribe" && action != "unsubscribe") || (!symbols.is_string() && !symbols.is_array()))
      return not_understood();
    return change(action == "subscribe", symbols);
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto price = price_of(tick);
    if (!price) return false;
    JsonWriter json{out};
    json.begin_object().field("event", "price").field("symbol", vendor_symbol(tick.symbol));
    json.field("type", is_currency_pair(tick.symbol) ? "Physical Currency" : "Index");
    json.field("timestamp", to_ms(tick.ts) / 1000);
    number_field(json, "price", *price);
    if (tick.bid) number_field(json, "bid", *tick.bid);
    if (tick.ask) number_field(json, "ask", *tick.ask);
    json.end_object();
    return true;
  }

 private:
  static ServerReply not_understood() {
    return {{R"({"event":"message-processing","status":"error","messages":["Cant parse message"]})"}, std::nullopt};
  }

  // "USD/JPY,EUR/USD", or a list of names or of objects that hold one.
  ServerReply change(bool subscribe, JsonView symbols) {
    std::vector<std::string> taken, refused;
    const auto each = [&](std::string_view symbol) {
      const bool known = !subscribe || offers(shared_, vendor_symbol, symbol);
      (known ? taken : refused).emplace_back(symbol);
      if (!subscribe)
        symbols_.remove(symbol);
      else if (known)
        symbols_.add(symbol);
    };
    if (symbols.is_array()) {
      for (const JsonView item : symbols) each(item.is_object() ? item["symbol"].text() : item.text());
    } else {
      auto rest = symbols.text();
      for (auto comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
        each(rest.substr(0, comma));
        rest.remove_prefix(comma + 1);
      }
      each(rest);
    }
    return {{status(subscribe, taken, refused)}, std::nullopt};
  }

  static std::string status(bool subscribe, std::span<const std::string> taken, std::span<const std::string> refused) {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("event", subscribe ? "subscribe-status" : "unsubscribe-status");
    json.field("status", refused.empty() ? "ok" : taken.empty() ? "error" : "warning").key("success").begin_array();
    for (const auto& symbol : taken)
      json.begin_object().field("symbol", symbol).field("type", "PHYSICAL_CURRENCY").end_object();
    json.end_array().key("fails");
    if (refused.empty()) {
      json.null();
    } else {
      json.begin_array();
      for (const auto& symbol : refused)
        json.begin_object().field("symbol", symbol).field("message", "not in your plan").end_object();
      json.end_array();
    }
    json.end_object();
    return text;
  }

  VendorServerShared& shared_;
  CountedConnection connection_;
  JsonTree json_;
  std::string key_;
  Subscriptions symbols_;
};

}  // namespace

Vendor twelvedata_vendor();
Vendor twelvedata_vendor() {
  return {.name = "twelvedata",
          .facts = {.title = "Twelve Data",
                    .carries = "USD/JPY and other pairs; whether the Nikkei streams is not documented",
                    .key = "key in token_env; a free one streams USD/JPY on trial",
                    .delay = "live; times in whole seconds",
                    .terms = "three connections a key: the oldest goes"},
          .default_url = "wss://ws.twelvedata.com/v1/quotes/price",
          .needs = {.token = true},
          .limits = {.connections_per_key = kMaxConnections},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<TwelveDataCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<TwelveDataServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
