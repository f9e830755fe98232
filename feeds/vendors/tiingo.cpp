// Tiingo FX: top of book as JSON lists, the token in the subscribe message.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr int kTopOfBook = 5;                               // thresholdLevel: all top of book updates
constexpr auto kHeartbeatEvery = std::chrono::seconds{30};  // the vendor's
constexpr std::int64_t kSubscription = 2563396;             // of the replay server

// Where things stand in a quote. The size of the ask precedes its price.
constexpr std::size_t kTicker = 1, kTime = 2, kBid = 4, kAsk = 7, kColumns = 8;

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string vendor_symbol(std::string_view symbol) {
  return is_currency_pair(symbol) ? lower_case(symbol) : std::string{symbol};
}

class TiingoCodec final : public Codec {
 public:
  explicit TiingoCodec(const CodecOptions& options) : token_(options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    subscription_.reset();
    return {command("subscribe", symbols)};
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return {command("unsubscribe", symbols)};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto type = root["messageType"];
    if (!type.is_string()) {
      out.error = "a frame without \"messageType\"";
    } else if (type.text() == "A") {
      if (root["service"].text() == "fx") decode_update(root["data"], out);
    } else if (type.text() == "E") {
      decode_error(root["response"], out);
    } else if (type.text() == "I") {
      decode_information(root, out);
    }
  }

 private:
  [[nodiscard]] std::string command(std::string_view event, std::span<const std::string> symbols) const {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("eventName", event).field("authorization", token_).key("eventData").begin_object();
    if (event == "subscribe") {
      json.field("thresholdLevel", kTopOfBook);
    } else if (subscription_) {
      json.field("subscriptionId", *subscription_);
    }
    json.key("tickers").begin_array();
    for (const auto& symbol : symbols) json.value(lower_case(symbol));
    json.end_array().end_object().end_object();
    return text;
  }

  static void decode_update(JsonView data, Decoded& out) {
    if (!data.is_array() || !data.at(0).is_string()) {
      out.error = "an update without \"data\"";
      return;
    }
    if (data.at(0).text() != "Q") return;
    JsonView columns[kColumns];
    std::size_t count = 0;
    for (const JsonView column : data) {
      if (count < kColumns) columns[count] = column;
      ++count;
    }
    if (count < kColumns) {
      out.error = "a quote of " + std::to_string(count) + " columns, 8 are wanted";
      return;
    }
    decode_quote(columns, out);
  }

  static void decode_quote(std::span<const JsonView> columns, Decoded& out) {
    VendorTick tick;
    const auto time = columns[kTime];
    if (!read_price(columns[kBid], tick.bid)) return reject_value(out, "bid", columns[kBid]);
    if (!read_price(columns[kAsk], tick.ask)) return reject_value(out, "ask", columns[kAsk]);
    if (time.is_string()) tick.ts = parse_iso8601(time.text());
    if (!time.absent() && !tick.ts) return reject_value(out, "time", time);
    tick.symbol = columns[kTicker].text();
    if (!columns[kTicker].is_string() || tick.symbol.empty()) {
      out.error = "prices without a symbol";
    } else if (tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  static void decode_error(JsonView response, Decoded& out) {
    const auto code = read_integer(response["code"]);
    vendor_error(out, response["message"].text(), code == 401 || code == 403 ? Refusal::kAuth : Refusal::kNone);
  }

  void decode_information(JsonView root, Decoded& out) {
    if (const auto code = read_integer(root["response"]["code"]); code && *code != 200)
      return decode_error(root["response"], out);
    if (const auto id = read_integer(root["data"]["subscriptionId"])) subscription_ = id;
    out.subscribed = true;
  }

  std::string token_;
  std::optional<std::int64_t> subscription_;
  JsonTree json_;
};

class TiingoServer final : public VendorServer {
 public:
  explicit TiingoServer(VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    last_heartbeat_ = now;
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    if (json_.read(frame.payload) != nullptr) return {{response("E", 400, "Bad request")}, std::nullopt};
    const auto root = json_.root();
    if (!is_right_key(shared_, root["authorization"].text()))
      return {{response("E", 401, "Not authorized")}, std::nullopt};
    const auto event = root["eventName"].text();
    const auto tickers = root["eventData"]["tickers"];
    if (event == "subscribe") {
      all_ = tickers.missing();
      for (const JsonView ticker : tickers) symbols_.add(lower_case(ticker.text()));
      return {{response("I", 200, "Success")}, std::nullopt};
    }
    if (event != "unsubscribe") return {{response("E", 400, "Unknown event")}, std::nullopt};
    for (const JsonView ticker : tickers) symbols_.remove(lower_case(ticker.text()));
    return {{response("I", 200, "Success")}, std::nullopt};
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override {
    return is_currency_pair(symbol) && (all_ || symbols_.has(vendor_symbol(symbol)));
  }

  // Pairs only. A lone price becomes a quote without a spread.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote || !is_currency_pair(tick.symbol)) return false;
    constexpr std::string_view kSize = "1000000.0";
    char number[kMaxPriceChars];
    const auto text = [&](Price price) { return std::string_view{number, write_price(number, price.raw())}; };
    auto time = format_utc(tick.ts);
    time.replace(time.size() - 1, 1, "+00:00");
    JsonWriter json{out};
    json.begin_object().field("messageType", "A").field("service", "fx").key("data").begin_array();
    json.value("Q").value(vendor_symbol(tick.symbol)).value(time);
    json.raw(kSize).raw(text(quote->bid)).raw(text(mid(quote->bid, quote->ask))).raw(kSize).raw(text(quote->ask));
    json.end_array().end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    if (now - last_heartbeat_ < kHeartbeatEvery) return {};
    last_heartbeat_ = now;
    return {{response("H", 200, "HeartBeat")}, std::nullopt};
  }

 private:
  static std::string response(std::string_view type, int code, std::string_view message) {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("messageType", type).key("response").begin_object();
    json.field("code", code).field("message", message).end_object();
    if (type == "I") json.key("data").begin_object().field("subscriptionId", kSubscription).end_object();
    json.end_object();
    return text;
  }

  VendorServerShared& shared_;
  JsonTree json_;
  Subscriptions symbols_;
  bool all_ = false;  // a subscription without tickers
  MonoTime last_heartbeat_{};
};

}  // namespace

Vendor tiingo_vendor();
Vendor tiingo_vendor() {
  return {.name = "tiingo",
          .facts = {.title = "Tiingo FX",
                    .carries = "USD/JPY and other pairs in lower case (usdjpy), bid and ask; no Nikkei",
                    .key = "free token in token_env",
                    .delay = "live",
                    .terms = "the token goes into each command, none into the address"},
          .default_url = "wss://api.tiingo.com/fx",
          .needs = {.token = true},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<TiingoCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<TiingoServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
