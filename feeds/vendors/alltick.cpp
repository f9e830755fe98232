// AllTick: last prices as JSON text, numbered commands, the token in the address, heartbeats by the client.
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

// cmd_id; an answer has the number of its command plus one.
enum class Command : std::int64_t { kHeartbeat = 22000, kSubscribe = 22004, kSubscribed = 22005, kPrice = 22998 };
constexpr std::int64_t kOk = 200;
constexpr std::int64_t kBadParameter = 400;
constexpr std::int64_t kBadToken = 401;
constexpr std::int64_t kBadCode = 600;
constexpr auto kHeartbeat = std::chrono::seconds{10};
constexpr auto kCutAfter = std::chrono::seconds{30};  // without a heartbeat, by the vendor
constexpr std::string_view kKeyName = "token";

constexpr std::int64_t number(Command command) { return static_cast<std::int64_t>(command); }

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

class AllTickCodec final : public UrlKeyCodec {
 public:
  explicit AllTickCodec(const CodecOptions& options) : UrlKeyCodec(kKeyName, options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    std::string text;
    JsonWriter json{text};
    begin(json, Command::kSubscribe);
    json.key("symbol_list").begin_array();
    for (const auto& symbol : symbols) json.begin_object().field("code", symbol).end_object();
    json.end_array().end_object().end_object();
    return {std::move(text)};
  }

  std::string keep_alive() override {
    std::string text;
    JsonWriter json{text};
    begin(json, Command::kHeartbeat);
    json.end_object().end_object();
    return text;
  }
  [[nodiscard]] Duration keep_alive_every() const override { return kHeartbeat; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto command = read_integer(root["cmd_id"]);
    if (!root["ret"].absent() && read_integer(root["ret"]) != kOk) {
      decode_error(root, out);
    } else if (!command) {
      out.error = "a frame without \"cmd_id\"";
    } else if (*command == number(Command::kPrice)) {
      decode_price(root["data"], out);
    } else if (*command == number(Command::kSubscribed)) {
      out.subscribed = true;
    }
  }

 private:
  void begin(JsonWriter& json, Command command) {
    ++sequence_;
    json.begin_object().field("cmd_id", number(command)).field("seq_id", sequence_);
    json.field("trace", "yagura-" + std::to_string(sequence_)).key("data").begin_object();
  }

  static void decode_error(JsonView root, Decoded& out) {
    vendor_error(out, root["msg"].text(), read_integer(root["ret"]) == kBadToken ? Refusal::kAuth : Refusal::kNone);
    out.error.append(" (").append(clip(root["ret"].text(), 10)).append(")");
  }

  static void decode_price(JsonView data, Decoded& out) {
    VendorTick tick;
    if (!data.is_object()) {
      out.error = "a price frame without \"data\"";
      return;
    }
    if (data["price"].absent() || !read_price(data["price"], tick.price))
      return reject_value(out, "price", data["price"]);
    if (!take_seconds_or_ms(out, "tick_time", data["tick_time"], tick.ts)) return;
    tick.symbol = data["code"].text();
    if (!data["code"].is_string() || tick.symbol.empty()) {
      out.error = "a price without a code";
    } else if (tick.price) {
      out.ticks.push_back(tick);
    }
  }

  std::uint32_t sequence_ = 0;
  JsonTree json_;
};

class AllTickServer final : public VendorServer {
 public:
  explicit AllTickServer(VendorServerShared& shared) : shared_(shared) {}

  void on_request(const Handshake& request) override { key_ = query_parameter(request.target, kKeyName); }

  ServerReply on_open(MonoTime now) override {
    last_heartbeat_ = now;
    if (is_right_key(shared_, key_)) return {};
    return {{R"({"ret":401,"msg":"token invalid"})"}, kNoStatus};
  }

  ServerReply on_frame(Frame frame, MonoTime now) override {
    if (json_.read(frame.payload) != nullptr) return answer(0, kBadParameter, "request header param invalid");
    const auto root = json_.root();
    const auto command = read_integer(root["cmd_id"]).value_or(0);
    if (command == number(Command::kHeartbeat)) {
      last_heartbeat_ = now;
      return answer(command + 1, kOk, "ok");
    }
    const auto list = root["data"]["symbol_list"];
    if (command != number(Command::kSubscribe) || !list.is_array())
      return answer(command + 1, kBadParameter, "request data param invalid");
    for (const JsonView item : list) {
      if (!offers(shared_, vendor_symbol, item["code"].text())) return answer(command + 1, kBadCode, "code invalid");
    }
    for (const JsonView item : list) symbols_.add(item["code"].text());
    return answer(command + 1, kOk, "ok");
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto price = price_of(tick);
    if (!price) return false;
    JsonWriter json{out};
    json.begin_object().field("cmd_id", number(Command::kPrice)).key("data").begin_object();
    json.field("code", vendor_symbol(tick.symbol)).field("seq", std::to_string(++pushed_));
    json.field("tick_time", std::to_string(to_ms(tick.ts))).field("price", *price);
    json.field("volume", "0").field("turnover", "0").field("trade_direction", 0).end_object().end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    if (now - last_heartbeat_ < kCutAfter) return {};
    return {{}, kNoStatus};
  }

 private:
  ServerReply answer(std::int64_t command, std::int64_t code, std::string_view message) {
    const auto root = json_.root();
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("ret", code).field("msg", message).field("cmd_id", command);
    if (const auto sequence = read_integer(root["seq_id"])) json.field("seq_id", *sequence);
    json.field("trace", root["trace"].text()).key("data").begin_object().end_object().end_object();
    return {{std::move(text)}, std::nullopt};
  }

  VendorServerShared& shared_;
  JsonTree json_;
  std::string key_;
  Subscriptions symbols_;
  MonoTime last_heartbeat_{};
  std::uint64_t pushed_ = 0;
};

}  // namespace

Vendor alltick_vendor();
Vendor alltick_vendor() {
  return {.name = "alltick",
          .facts = {.title = "AllTick",
                    .carries = "USD/JPY and other pairs, last price only; whether the Nikkei is not documented",
                    .key = "token in token_env, on trial free",
                    .delay = "live",
                    .terms = "a heartbeat every 10 s, which Yagura sends"},
          .default_url = "wss://quote.alltick.co/quote-b-ws-api",
          .needs = {.token = true},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<AllTickCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<AllTickServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
