// Hyperliquid's builder markets: JSON text, prices as strings, the best bid and offer or trades.
#include <algorithm>
#include <array>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kPingEvery = std::chrono::seconds{30};
constexpr auto kIdleLimit = std::chrono::minutes{1};  // of a client's silence
constexpr std::size_t kRememberedTrades = 256;        // more than a subscription repeats

// Perpetual futures of the market maker "xyz"; the yen's is quoted as yen per dollar.
std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225") return "xyz:JP225";
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{"xyz:"}.append(symbol.starts_with("USD") ? symbol.substr(3) : symbol.substr(0, 3));
}

std::string command(std::string_view method, std::string_view coin) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("method", method).key("subscription").begin_object();
  json.field("type", "bbo").field("coin", coin).end_object().end_object();
  return text;
}

// The latest trades by their ids: a subscription begins with trades that were sent before.
class SeenTrades {
 public:
  // False: it was there already.
  bool add(std::int64_t id) noexcept {
    const auto end = ids_.begin() + static_cast<std::ptrdiff_t>(size_);
    if (std::find(ids_.begin(), end, id) != end) return false;
    ids_[next_] = id;
    next_ = (next_ + 1) % ids_.size();
    size_ = std::min(size_ + 1, ids_.size());
    return true;
  }

 private:
  std::array<std::int64_t, kRememberedTrades> ids_{};
  std::size_t size_ = 0;
  std::size_t next_ = 0;
};

class HyperliquidCodec final : public Codec {
 public:
  // Trades of the connection before are remembered: the new one repeats them.
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    std::vector<std::string> frames;
    for (const auto& symbol : symbols) frames.push_back(command("subscribe", symbol));
    return frames;
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    std::vector<std::string> frames;
    for (const auto& symbol : symbols) frames.push_back(command("unsubscribe", symbol));
    return frames;
  }

  std::string keep_alive() override { return R"({"method":"ping"})"; }
  [[nodiscard]] Duration keep_alive_every() const override { return kPingEvery; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto channel = tree_.root()["channel"];
    const auto data = tree_.root()["data"];
    if (!channel.is_string()) {
      if (tree_.root()["method"].is_string()) return;  // a command of ours, in a capture of both directions
      out.error = "a message without \"channel\"";
    } else if (channel.text() == "bbo") {
      decode_bbo(data, out);
    } else if (channel.text() == "trades") {
      decode_trades(data, out);
    } else if (channel.text() == "error") {
      vendor_error(out, data.text());
    } else if (channel.text() == "subscriptionResponse") {
      out.subscribed = data["method"].text() == "subscribe";
    }
  }

 private:
  static void decode_bbo(JsonView data, Decoded& out) {
    VendorTick tick;
    const auto sides = data["bbo"];
    if (!sides.is_array() || sides.at(1).missing()) {
      out.error = "a \"bbo\" without its two sides";
      return;
    }
    if (!take_symbol(out, "coin", data["coin"], tick.symbol) || !take_side(out, "bid", sides.at(0), tick.bid) ||
        !take_side(out, "ask", sides.at(1), tick.ask) || !take_milliseconds(out, "time", data["time"], tick.ts)) {
      return;
    }
    if (tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  // An object, or null for an empty side.
  static bool take_side(Decoded& out, std::string_view name, JsonView side, std::optional<Price>& to) {
    if (side.absent()) return true;
    if (side.is_object()) return take_price(out, name, side["px"], to);
    reject_value(out, name, side);
    return false;
  }

  void decode_trades(JsonView data, Decoded& out) {
    if (!data.is_array()) {
      out.error = "\"trades\" without a list";
      return;
    }
    for (const auto trade : data) decode_trade(trade, out);
  }

  void decode_trade(JsonView trade, Decoded& out) {
    VendorTick tick;
    if (!take_symbol(out, "coin", trade["coin"], tick.symbol) || !take_price(out, "px", trade["px"], tick.price) ||
        !take_milliseconds(out, "time", trade["time"], tick.ts)) {
      return;
    }
    if (trade["px"].absent()) {
      out.error = "a trade without \"px\"";
      return;
    }
    if (const auto id = read_integer(trade["tid"]); id && !seen_.add(*id)) return;
    if (tick.price) out.ticks.push_back(tick);
  }

  JsonTree tree_;
  SeenTrades seen_;
};

class HyperliquidServer final : public VendorServer {
 public:
  explicit HyperliquidServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    heard_ = now;
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime now) override {
    heard_ = now;
    if (tree_.read(frame.payload) != nullptr || !tree_.root().is_object())
      return error("Error parsing JSON into valid websocket request: ", frame.payload);
    const auto method = tree_.root()["method"].text();
    if (method == "ping") return say(R"({"channel":"pong"})");
    if (method != "subscribe" && method != "unsubscribe")
      return error("Error parsing JSON into valid websocket request: ", frame.payload);
    return change(method, tree_.root()["subscription"]);
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    return now - heard_ < kIdleLimit ? ServerReply{} : ServerReply{{}, kNoStatus};
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override {
    const auto coin = vendor_symbol(symbol);
    return quotes_.has(coin) || trades_.has(coin);
  }

  // A price is a trade to those who want trades; else everything is the best bid and offer.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto coin = vendor_symbol(tick.symbol);
    const auto ms = to_ms(tick.ts);
    if (trades_.has(coin) && (tick.price || !quotes_.has(coin))) return encode_trade(tick, coin, ms, out);
    const auto quote = sides_of(tick);
    if (!quote) return false;
    JsonWriter json{out};
    json.begin_object().field("channel", "bbo").key("data").begin_object();
    json.field("coin", coin).field("time", ms).key("bbo").begin_array();
    for (const auto price : {quote->bid, quote->ask}) {
      json.begin_object().field("px", price).field("sz", "1.0").field("n", 1).end_object();
    }
    json.end_array().end_object().end_object();
    return true;
  }

 private:
  static ServerReply error(std::string_view text, std::string_view about) {
    std::string frame;
    JsonWriter{frame}
        .begin_object()
        .field("channel", "error")
        .field("data", std::string{text}.append(clip(about)))
        .end_object();
    return say(std::move(frame));
  }

  ServerReply change(std::string_view method, JsonView subscription) {
    const auto type = subscription["type"].text();
    const auto coin = subscription["coin"].text();
    if ((type != "bbo" && type != "trades") || coin.empty() || !offers(shared_, vendor_symbol, coin))
      return error("Invalid subscription ", coin.empty() ? type : coin);
    auto& list = type == "bbo" ? quotes_ : trades_;
    if (method == "subscribe" ? !list.add(coin) : !list.remove(coin))
      return error(method == "subscribe" ? "Already subscribed: " : "Already unsubscribed: ", coin);
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("channel", "subscriptionResponse").key("data").begin_object().field("method", method);
    json.key("subscription").begin_object().field("type", type).field("coin", coin).end_object();
    json.end_object().end_object();
    return say(std::move(text));
  }

  bool encode_trade(const ReplayTick& tick, std::string_view coin, std::int64_t ms, std::string& out) {
    const auto price = price_of(tick);
    if (!price) return false;
    JsonWriter json{out};
    json.begin_object().field("channel", "trades").key("data").begin_array().begin_object();
    json.field("coin", coin).field("side", "B").field("px", *price).field("sz", "1.0").field("time", ms);
    json.field("tid", ++last_trade_).end_object().end_array().end_object();
    return true;
  }

  const VendorServerShared& shared_;
  JsonTree tree_;
  Subscriptions quotes_;
  Subscriptions trades_;
  std::int64_t last_trade_ = 0;
  MonoTime heard_{};
};

}  // namespace

Vendor hyperliquid_vendor();
Vendor hyperliquid_vendor() {
  return {.name = "hyperliquid",
          .facts = {.title = "Hyperliquid builder markets",
                    .carries = "perpetual futures on Nikkei 225 (xyz:JP225) and yen per dollar (xyz:JPY), bid and ask",
                    .key = "none",
                    .delay = "live, around the clock; weekend prices are the exchange's own",
                    .terms = "public API of a crypto exchange; the prices are those of its own contracts",
                    .sample = "NI225 USDJPY"},
          .default_url = "wss://api.hyperliquid.xyz/ws",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<HyperliquidCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<HyperliquidServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
