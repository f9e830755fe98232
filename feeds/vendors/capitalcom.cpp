// Capital.com: CFD quotes as JSON text. A log-in over HTTP hands out two tokens that stand in every
// message.
#include <algorithm>
#include <random>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxEpics = 40;
constexpr auto kPingEvery = std::chrono::seconds{30};  // its answer is all there is to hear in quiet hours
constexpr auto kIdleLimit = std::chrono::minutes{10};  // then the vendor ends the session
constexpr std::string_view kLogIn = "/api/v1/session";
constexpr std::string_view kKeyHeader = "X-CAP-API-KEY";
constexpr std::string_view kSessionGone = "error.invalid.session.token";

std::string vendor_symbol(std::string_view symbol) { return symbol == "NI225" ? "J225" : std::string{symbol}; }

class CapitalComCodec final : public Codec {
 public:
  explicit CapitalComCodec(const CodecOptions& options) : credentials_(options.credentials) {}

  void begin(std::span<const std::string>) override {
    cst_.clear();
    security_token_.clear();
    correlation_ = 0;
  }

  std::optional<HttpCall> next_call() override {
    if (!cst_.empty()) return std::nullopt;
    HttpCall call{"POST", std::string{kLogIn}, {{std::string{kKeyHeader}, credentials_.token}}, {}};
    JsonWriter{call.body}
        .begin_object()
        .field("identifier", credentials_.user)
        .field("password", credentials_.password)
        .end_object();
    return call;
  }

  Result<void> on_answer(const HttpAnswer& answer) override {
    const auto cst = find_header(answer.headers, "CST");
    const auto token = find_header(answer.headers, "X-SECURITY-TOKEN");
    if (cst.empty() || token.empty()) return Error{"the answer lacks its headers CST and X-SECURITY-TOKEN"};
    cst_ = cst;
    security_token_ = token;
    return {};
  }

  [[nodiscard]] std::vector<std::string> session_secrets() const override { return {cst_, security_token_}; }

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    return {message("marketData.subscribe", symbols)};
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return {message("marketData.unsubscribe", symbols)};
  }
  std::string keep_alive() override { return message("ping", {}); }
  [[nodiscard]] Duration keep_alive_every() const override { return kPingEvery; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto payload = root["payload"];
    const auto destination = root["destination"].text();
    if (root["status"].text() == "ERROR") {
      const auto code = root["errorCode"].is_string() ? root["errorCode"].text() : payload["errorCode"].text();
      vendor_error(out, code, code == kSessionGone ? Refusal::kSession : Refusal::kNone);
    } else if (destination.empty()) {
      out.error = "a frame without \"destination\"";
    } else if (destination == "quote") {
      decode_quote(payload, out);
    } else if (destination == "marketData.subscribe") {
      decode_subscriptions(payload["subscriptions"], out);
    }
  }

 private:
  std::string message(std::string_view destination, std::span<const std::string> epics) {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("destination", destination).field("correlationId", std::to_string(++correlation_));
    json.field("cst", cst_).field("securityToken", security_token_);
    if (!epics.empty()) {
      json.key("payload").begin_object().key("epics").begin_array();
      for (const auto& epic : epics) json.value(epic);
      json.end_array().end_object();
    }
    json.end_object();
    return text;
  }

  static void decode_quote(JsonView payload, Decoded& out) {
    VendorTick tick;
    if (!payload.is_object()) {
      out.error = "a quote without \"payload\"";
      return;
    }
    if (!read_price(payload["bid"], tick.bid)) return reject_value(out, "bid", payload["bid"]);
    if (!read_price(payload["ofr"], tick.ask)) return reject_value(out, "ofr", payload["ofr"]);
    if (!take_milliseconds(out, "timestamp", payload["timestamp"], tick.ts)) return;
    tick.symbol = payload["epic"].text();
    if (!payload["epic"].is_string() || tick.symbol.empty()) {
      out.error = "prices without an epic";
    } else if (tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  // Epic by epic: what was refused is said, the rest is subscribed.
  static void decode_subscriptions(JsonView subscriptions, Decoded& out) {
    for (const JsonView epic : subscriptions) {
      if (epic.text() == "PROCESSED") {
        out.subscribed = true;
      } else {
        out.error.append(out.error.empty() ? "vendor error: not subscribed: " : ", ").append(clip(epic.key(), 40));
        out.error.append(" (").append(clip(epic.text(), 80)).append(")");
      }
    }
  }

  Credentials credentials_;
  std::string cst_;
  std::string security_token_;
  std::uint64_t correlation_ = 0;
  JsonTree json_;
};

// A session as VendorServerShared::sessions holds it: whose it is, then its two tokens.
std::string session_text(std::string_view user, std::string_view cst, std::string_view token) {
  return std::string{user}.append("\n").append(cst).append("\n").append(token);
}

std::string new_token() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string token;
  for (int i = 0; i < 32; ++i) token += kDigits[random() % 16];
  return token;
}

HttpAnswer refuse(int status, std::string_view code) {
  HttpAnswer answer{status, {{"Content-Type", "application/json"}}, {}};
  JsonWriter{answer.body}.begin_object().field("errorCode", code).end_object();
  return answer;
}

// The one call of the log-in. A new session of a user ends the one before.
HttpAnswer answer_call(VendorServerShared& shared, const HttpCall& call) {
  if (call.target != kLogIn || call.method != "POST") return refuse(404, "error.not-found");
  JsonFrame json;
  JsonScalar user, password;
  const JsonField fields[] = {{"identifier", &user}, {"password", &password}};
  if (!is_right_key(shared, find_header(call.headers, kKeyHeader))) return refuse(401, "error.invalid.api.key");
  if (json.read(call.body, fields) != nullptr || user.text.empty() || password.text.empty())
    return refuse(401, "error.invalid.details");
  const auto whose = std::string{user.text} + "\n";
  std::erase_if(shared.sessions, [&](const auto& session) { return session.starts_with(whose); });
  const auto cst = new_token();
  const auto token = new_token();
  shared.sessions.push_back(session_text(user.text, cst, token));
  return {200, {{"CST", cst}, {"X-SECURITY-TOKEN", token}, {"Content-Type", "application/json"}}, "{}"};
}

class CapitalComServer final : public VendorServer {
 public:
  explicit CapitalComServer(VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    last_heard_ = now;
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime now) override {
    last_heard_ = now;
    if (json_.read(frame.payload) != nullptr) return error("error.invalid.message");
    const auto root = json_.root();
    const auto destination = root["destination"].text();
    if (!is_open(root["cst"].text(), root["securityToken"].text())) return error(kSessionGone);
    if (destination == "ping") return ok([](JsonWriter&) {});
    const auto epics = root["payload"]["epics"];
    if (!epics.is_array()) return error("error.invalid.message");
    if (destination == "marketData.subscribe") return subscribe(epics);
    if (destination != "marketData.unsubscribe") return error("error.invalid.destination");
    for (const JsonView epic : epics) epics_.remove(epic.text());
    return ok([](JsonWriter&) {});
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return epics_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote) return false;
    JsonWriter json{out};
    json.begin_object().field("status", "OK").field("destination", "quote").key("payload").begin_object();
    json.field("epic", vendor_symbol(tick.symbol)).field("product", "CFD");
    number_field(json, "bid", quote->bid);
    json.key("bidQty").raw("2.5E7");
    number_field(json, "ofr", quote->ask);
    json.key("ofrQty").raw("2.5E7").field("timestamp", to_ms(tick.ts)).end_object().end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    if (now - last_heard_ < kIdleLimit) return {};
    return {{}, kNoStatus};
  }

 private:
  [[nodiscard]] bool is_open(std::string_view cst, std::string_view token) const {
    return std::any_of(shared_.sessions.begin(), shared_.sessions.end(),
                       [&](const auto& session) { return session.ends_with(session_text("", cst, token)); });
  }

  ServerReply subscribe(JsonView epics) {
    for (const JsonView epic : epics) {
      if (!offers(shared_, vendor_symbol, epic.text())) return error("error.invalid.epic");
    }
    for (const JsonView epic : epics) {
      if (epics_.size() >= kMaxEpics && !epics_.has(epic.text())) return error("error.too-many.epics");
      epics_.add(epic.text());
    }
    return ok([&](JsonWriter& json) {
      json.key("subscriptions").begin_object();
      for (const JsonView epic : epics) json.field(epic.text(), "PROCESSED");
      json.end_object();
    });
  }

  // Answers repeat the destination and the number of what they answer.
  void begin(JsonWriter& json, std::string_view status) const {
    json.begin_object().field("status", status).field("destination", json_.root()["destination"].text());
    json.field("correlationId", json_.root()["correlationId"].text());
  }
  template <class Payload>
  ServerReply ok(Payload payload) const {
    std::string text;
    JsonWriter json{text};
    begin(json, "OK");
    json.key("payload").begin_object();
    payload(json);
    json.end_object().end_object();
    return {{std::move(text)}, std::nullopt};
  }
  [[nodiscard]] ServerReply error(std::string_view code) const {
    std::string text;
    JsonWriter json{text};
    begin(json, "ERROR");
    json.field("errorCode", code).end_object();
    return {{std::move(text)}, std::nullopt};
  }

  VendorServerShared& shared_;
  JsonTree json_;
  Subscriptions epics_;
  MonoTime last_heard_{};
};

}  // namespace

Vendor capitalcom_vendor();
Vendor capitalcom_vendor() {
  return {.name = "capitalcom",
          .facts = {.title = "Capital.com",
                    .carries = "Nikkei as a CFD (J225), USD/JPY; bid and ask of the broker",
                    .key = "API key in token_env, log-in name in user, its password in password_env",
                    .delay = "live",
                    .terms = "an account, which may be a demo: then login_url = "
                             "\"https://demo-api-capital.backend-capital.com\"; 40 epics",
                    .sample = "NI225 USDJPY"},
          .default_url = "wss://api-streaming-capital.backend-capital.com/connect",
          .login_url = "https://api-capital.backend-capital.com",
          .needs = {.token = true, .user = true, .password = true},
          .limits = {.symbols = kMaxEpics, .connections_per_key = 1},  // another log-in ends the session before
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<CapitalComCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<CapitalComServer>(shared);
          },
          .answer_call = answer_call,
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
