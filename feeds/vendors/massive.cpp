// Massive (formerly Polygon.io): currency quotes, or futures on another path ("cluster"). Each frame is
// a list of events; connected -> auth -> auth_success -> subscribe -> success.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxConnections = 1;  // a cluster and key; the older goes
constexpr auto kAuthWithin = std::chrono::seconds{10};
constexpr std::uint16_t kPolicy = 1008;

std::string vendor_symbol(std::string_view symbol) {
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.substr(0, 3)}.append("/").append(symbol.substr(3));
}

// Ticks say "USD/JPY", subscriptions "C.USD-JPY"; of futures there are quotes and trades.
std::vector<std::string> topics(std::string_view symbol) {
  std::string name{symbol};
  const bool pair = name.find('/') != std::string::npos;
  if (!pair) return {"Q." + name, "T." + name};
  std::replace(name.begin(), name.end(), '/', '-');
  return {"C." + name};
}

std::string command(std::string_view action, std::string_view params) {
  std::string text;
  JsonWriter{text}.begin_object().field("action", action).field("params", params).end_object();
  return text;
}

std::string command(std::string_view action, std::span<const std::string> symbols) {
  std::vector<std::string> all;
  for (const auto& symbol : symbols) {
    for (auto& topic : topics(symbol)) all.push_back(std::move(topic));
  }
  return command(action, join(all));
}

class MassiveCodec final : public Codec {
 public:
  explicit MassiveCodec(const CodecOptions& options) : key_(options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    step_ = Step::kOpened;
    subscribe_ = command("subscribe", symbols);
    return {};  // the vendor speaks first
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    if (step_ != Step::kSubscribeSent) return {};
    return {command("unsubscribe", symbols)};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
    } else if (json_.root().is_array()) {
      for (const JsonView event : json_.root()) decode_event(event, out);
    } else {
      decode_event(json_.root(), out);
    }
  }

 private:
  enum class Step : std::uint8_t { kOpened, kAuthSent, kSubscribeSent };

  void decode_event(JsonView event, Decoded& out) {
    const auto kind = event["ev"];
    if (!kind.is_string()) {
      out.error = "an event without \"ev\"";
    } else if (kind.text() == "C") {
      decode_quote(event, event["p"], event["b"], event["a"], out);
    } else if (kind.text() == "Q") {
      decode_quote(event, event["sym"], event["bp"], event["ap"], out);
    } else if (kind.text() == "T") {
      decode_trade(event, out);
    } else if (kind.text() == "status") {
      decode_status(event["status"].text(), event["message"].text(), out);
    }
  }

  static void decode_quote(JsonView event, JsonView symbol, JsonView bid, JsonView ask, Decoded& out) {
    VendorTick tick;
    if (!read_price(bid, tick.bid)) return reject_value(out, "bid", bid);
    if (!read_price(ask, tick.ask)) return reject_value(out, "ask", ask);
    finish(event, symbol, tick, out);
  }

  static void decode_trade(JsonView event, Decoded& out) {
    VendorTick tick;
    if (event["p"].absent() || !read_price(event["p"], tick.price)) return reject_value(out, "p", event["p"]);
    finish(event, event["sym"], tick, out);
  }

  static void finish(JsonView event, JsonView symbol, VendorTick& tick, Decoded& out) {
    if (!take_milliseconds(out, "t", event["t"], tick.ts)) return;
    tick.symbol = symbol.text();
    if (!symbol.is_string() || tick.symbol.empty()) {
      out.error = "prices without a symbol";
    } else if (tick.price || tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  void decode_status(std::string_view status, std::string_view message, Decoded& out) {
    if (status == "connected") {
      advance(Step::kOpened, Step::kAuthSent, command("auth", key_), out);
    } else if (status == "auth_success") {
      advance(Step::kAuthSent, Step::kSubscribeSent, subscribe_, out);
    } else if (status == "success") {
      out.subscribed = true;
    } else {
      const bool session = status == "auth_timeout" || status == "max_connections";
      const auto refusal = status == "auth_failed" ? Refusal::kAuth : session ? Refusal::kSession : Refusal::kNone;
      if (out.refusal != Refusal::kNone) return;  // the first that ends the connection has said why
      vendor_error(out, message.empty() ? status : message, refusal);
    }
  }

  // Each step once: a repeated greeting is no reason to show the key again.
  void advance(Step from, Step to, std::string say, Decoded& out) {
    if (step_ != from) return;
    step_ = to;
    out.replies.push_back(std::move(say));
  }

  std::string key_;
  std::string subscribe_;
  Step step_ = Step::kOpened;
  JsonTree json_;
};

class MassiveServer final : public VendorServer {
 public:
  explicit MassiveServer(VendorServerShared& shared) : shared_(shared), connection_(shared, this) {}

  void on_request(const Handshake& request) override { cluster_ = request.target.substr(0, request.target.find('?')); }

  ServerReply on_open(MonoTime now) override {
    opened_ = now;
    return {{status("connected", "Connected Successfully")}, std::nullopt};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    JsonScalar action, params;
    const JsonField fields[] = {{"action", &action}, {"params", &params}};
    if (json_.read(frame.payload, fields) != nullptr || params.kind != JsonKind::kString)
      return {{status("error", "invalid message")}, std::nullopt};
    if (action.text == "auth") return authenticate(params.text);
    if (!authenticated_) return {{status("error", "not authenticated")}, std::nullopt};
    if (action.text == "subscribe") return change(true, params.text);
    if (action.text == "unsubscribe") return change(false, params.text);
    return {{status("error", "unknown action")}, std::nullopt};
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override {
    const auto names = topics(vendor_symbol(symbol));
    return std::any_of(names.begin(), names.end(), [&](const auto& topic) { return has(topic); });
  }

  // Quotes, and prices of futures as trades. A pair's lone price becomes a quote without a spread.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const bool pair = is_currency_pair(tick.symbol);
    const bool trade = !pair && tick.price;
    const auto quote = sides_of(tick);
    if (!quote || !has(topics(vendor_symbol(tick.symbol))[trade ? 1 : 0])) return false;
    JsonWriter json{out};
    json.begin_array().begin_object().field("ev", pair ? "C" : trade ? "T" : "Q");
    json.field(pair ? "p" : "sym", vendor_symbol(tick.symbol));
    if (pair) json.field("x", 48);
    if (trade) {
      number_field(json, "p", *tick.price);
      json.field("s", 1);
    } else {
      number_field(json, pair ? "a" : "ap", quote->ask);
      number_field(json, pair ? "b" : "bp", quote->bid);
    }
    json.field("t", to_ms(tick.ts)).end_object().end_array();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    if (authenticated_ || now - opened_ < kAuthWithin) return {};
    return {{status("auth_timeout", "No authentication request received.")}, kPolicy};
  }

 private:
  static std::string status(std::string_view status, std::string_view message) {
    std::string text;
    JsonWriter{text}
        .begin_array()
        .begin_object()
        .field("ev", "status")
        .field("status", status)
        .field("message", message)
        .end_object()
        .end_array();
    return text;
  }

  [[nodiscard]] bool has(std::string_view topic) const {
    return topics_.has(topic) || topics_.has(std::string{topic.substr(0, 2)} + "*");
  }

  ServerReply authenticate(std::string_view key) {
    if (!is_right_key(shared_, key)) return {{status("auth_failed", "authentication failed")}, kPolicy};
    if (!authenticated_) connection_.enter(cluster_ + "\n" + std::string{key});
    authenticated_ = true;
    connection_.keep_newest(kMaxConnections,
                            {{status("max_connections", "Maximum number of connections exceeded.")}, kPolicy});
    return {{status("auth_success", "authenticated")}, std::nullopt};
  }

  ServerReply change(bool subscribe, std::string_view list) {
    ServerReply reply;
    while (!list.empty()) {
      const auto end = std::min(list.find(','), list.size());
      std::string topic{list.substr(0, end)};
      reply.frames.push_back(status("success", (subscribe ? "subscribed to: " : "unsubscribed to: ") + topic));
      std::replace(topic.begin(), topic.end(), '/', '-');
      if (subscribe)
        topics_.add(topic);
      else
        topics_.remove(topic);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return reply;
  }

  VendorServerShared& shared_;
  CountedConnection connection_;
  JsonFrame json_;
  std::string cluster_;
  Subscriptions topics_;
  MonoTime opened_{};
  bool authenticated_ = false;
};

}  // namespace

Vendor massive_vendor();
Vendor massive_vendor() {
  return {.name = "massive",
          .facts = {.title = "Massive (formerly Polygon.io)",
                    .carries = "USD/JPY and other pairs; CME Nikkei futures on wss://socket.massive.com/futures",
                    .key = "paid, in token_env",
                    .delay = "live",
                    .terms = "one connection for a cluster and key: the older goes; slow readers are cut"},
          .default_url = "wss://socket.massive.com/forex",
          .needs = {.token = true},
          .limits = {.connections_per_key = kMaxConnections},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<MassiveCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<MassiveServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
