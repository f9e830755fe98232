// Pyth Hermes: JSON text, prices as whole numbers with an exponent, symbols as 32 bytes in hex.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kUsdJpy = "ef2c98c804ba503c6a707e38be4dfbb16683775f195b091252bf24693042fd52";

// Only FX.USD/JPY is known by name.
std::string vendor_symbol(std::string_view symbol) { return std::string{symbol == "USDJPY" ? kUsdJpy : symbol}; }

// Ids come with and without 0x.
std::string_view bare(std::string_view id) { return id.starts_with("0x") ? id.substr(2) : id; }

bool is_id(std::string_view id) {
  return bare(id).size() == 64 && std::all_of(bare(id).begin(), bare(id).end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

std::string command(std::string_view type, std::span<const std::string> ids) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("type", type).key("ids").begin_array();
  for (const auto& id : ids) json.value(bare(id));
  json.end_array();
  if (type == "subscribe") json.field("verbose", false).field("binary", false);
  json.end_object();
  return text;
}

class PythCodec final : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    symbols_.assign(symbols.begin(), symbols.end());
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
    const auto type = root["type"];
    if (!type.is_string()) {
      out.error = "a message without \"type\"";
    } else if (type.text() == "price_update") {
      decode_update(root["price_feed"], out);
    } else if (type.text() == "response") {
      const auto status = root["status"].text();
      out.subscribed = status == "success";
      if (!out.subscribed) vendor_error(out, root["error"].missing() ? status : root["error"].text());
    }
  }

 private:
  void decode_update(JsonView feed, Decoded& out) const {
    VendorTick tick;
    const auto price = feed["price"];
    if (!price.is_object()) {
      out.error = "a \"price_update\" without a price";
      return;
    }
    if (!take_symbol(out, "id", feed["id"], tick.symbol)) return;
    tick.symbol = configured(tick.symbol);
    const auto units = read_integer(price["price"]);
    const auto exponent = read_integer(price["expo"]);
    if (!units) return reject_value(out, "price", price["price"]);
    if (!exponent) return reject_value(out, "expo", price["expo"]);
    tick.price = price_from_units(*units, *exponent);
    if (!tick.price) return reject_value(out, "price", price["price"]);
    if (!take_seconds(out, "publish_time", price["publish_time"], tick.ts)) return;
    if (tick.price->raw() != 0) out.ticks.push_back(tick);
  }

  // An id as the settings spell it.
  [[nodiscard]] std::string_view configured(std::string_view id) const {
    for (const auto& symbol : symbols_) {
      if (bare(symbol) == bare(id)) return symbol;
    }
    return bare(id);
  }

  JsonTree tree_;
  std::vector<std::string> symbols_;
};

class PythServer final : public VendorServer {
 public:
  explicit PythServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_frame(Frame frame, MonoTime) override {
    if (tree_.read(frame.payload) != nullptr || !tree_.root().is_object()) return refuse("expected a JSON message");
    const auto type = tree_.root()["type"].text();
    const auto ids = tree_.root()["ids"];
    if (type != "subscribe" && type != "unsubscribe") return refuse("unknown message type");
    if (!ids.is_array()) return refuse("missing field `ids`");
    for (const auto id : ids) {  // all or nothing
      if (!is_id(id.text()) || !offers(shared_, vendor_symbol, bare(id.text())))
        return refuse("Price feed(s) with id(s) " + std::string{clip(id.text(), 70)} + " not found");
    }
    for (const auto id : ids) {
      if (type == "subscribe") {
        symbols_.add(bare(id.text()));
      } else {
        symbols_.remove(bare(id.text()));
      }
    }
    return say(R"({"type":"response","status":"success"})");
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto price = price_of(tick);
    const auto id = vendor_symbol(tick.symbol);
    if (!price || !is_id(id)) return false;
    const auto quote = sides_of(tick);
    JsonWriter json{out};
    json.begin_object().field("type", "price_update").key("price_feed").begin_object().field("id", id);
    for (const auto* name : {"price", "ema_price"}) {
      json.key(name).begin_object().field("price", std::to_string(price->raw()));
      json.field("conf", std::to_string(quote ? (quote->ask - quote->bid).abs().raw() / 2 : 0))
          .field("expo", -Price::kDecimals);
      json.field("publish_time", to_ns(tick.ts) / 1'000'000'000).end_object();
    }
    json.end_object().end_object();
    return true;
  }

 private:
  static ServerReply refuse(std::string_view error) {
    std::string text;
    JsonWriter{text}
        .begin_object()
        .field("type", "response")
        .field("status", "error")
        .field("error", error)
        .end_object();
    return say(std::move(text));
  }

  const VendorServerShared& shared_;
  JsonTree tree_;
  Subscriptions symbols_;
};

}  // namespace

Vendor pyth_vendor();
Vendor pyth_vendor() {
  return {.name = "pyth",
          .facts = {.title = "Pyth Hermes",
                    .carries = "USD/JPY by feed id, price only; no Nikkei",
                    .key = "none",
                    .delay = "live, times in whole seconds; at weekends the last price stands",
                    .terms = "public server of an oracle network, without a promise; may want a key one day"},
          .default_url = "wss://hermes.pyth.network/ws",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<PythCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<PythServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
