// Interactive Brokers, Client Portal gateway on this machine: HTTP calls for the session, then a
// WebSocket that says only what has changed. Symbols are contract ids ("conid").
#include <algorithm>
#include <array>

#include "core/json_writer.hpp"
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kKeepAlive = std::chrono::seconds{55};  // wanted once a minute
constexpr auto kHeartbeat = std::chrono::seconds{10};
constexpr std::string_view kData = "smd+";
constexpr std::string_view kLast = "31", kBid = "84", kAsk = "86";
constexpr std::string_view kNotAuthenticated = R"({"topic":"sts","args":{"authenticated":false}})";

std::string vendor_symbol(std::string_view symbol) {
  return symbol == "USDJPY" ? "15016059" : std::string{symbol};  // IDEALPRO
}

bool is_false(JsonView value) { return value.kind() == JsonKind::kBool && value.text() == "false"; }

class IbkrCodec final : public Codec {
 public:
  explicit IbkrCodec(const CodecOptions& options) : token_(options.credentials.token) {}

  void begin(std::span<const std::string>) override {
    calls_made_ = 0;
    session_.clear();
  }
  // The accounts must have been asked for before a contract is.
  std::optional<HttpCall> next_call() override {
    if (calls_made_ == 0) return HttpCall{"POST", "/v1/api/tickle", authorization(), ""};
    if (calls_made_ == 1) return HttpCall{"GET", "/v1/api/iserver/accounts", authorization(), ""};
    return std::nullopt;
  }
  Result<void> on_answer(const HttpAnswer& answer) override {
    if (calls_made_++ != 0) return {};
    if (const char* problem = json_.read(answer.body)) return Error{std::string{"tickle: "} + problem};
    if (is_false(json_.root()["iserver"]["authStatus"]["authenticated"]))
      return Error{"nobody is logged in at the gateway; log in with a browser"};
    session_ = json_.root()["session"].text();
    return session_.empty() ? Result<void>{Error{"tickle: the answer holds no session"}} : Result<void>{};
  }
  void handshake(Handshake& handshake) const override {
    for (auto& header : authorization()) handshake.headers.push_back(std::move(header));
  }

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    std::vector<std::string> frames(1);
    JsonWriter{frames[0]}.begin_object().field("session", session_).end_object();
    for (const auto& conid : symbols) frames.push_back("smd+" + conid + R"(+{"fields":["31","84","86"]})");
    return frames;
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    std::vector<std::string> frames;
    for (const auto& conid : symbols) frames.push_back("umd+" + conid + "+{}");
    return frames;
  }
  std::string keep_alive() override { return "tic"; }
  [[nodiscard]] Duration keep_alive_every() const override { return kKeepAlive; }
  [[nodiscard]] std::vector<std::string> session_secrets() const override { return {session_}; }

  // Text and binary frames alike.
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    const auto topic = root["topic"].text();
    if (topic == "sts" && is_false(root["args"]["authenticated"])) {
      out.error = "vendor error: not authenticated; log in at the gateway with a browser";
      out.refusal = Refusal::kSession;
    } else if (topic == "error" || !root["error"].absent()) {
      decode_error(root, out);
    } else if (topic.starts_with(kData)) {
      decode_data(root, topic.substr(kData.size()), out);
    }
  }

 private:
  [[nodiscard]] HttpHeaders authorization() const {
    return token_.empty() ? HttpHeaders{} : HttpHeaders{{"Authorization", "Bearer " + token_}};
  }

  static void decode_error(JsonView root, Decoded& out) {
    const auto text = root["error"].text();
    vendor_error(out, text);
    if (root["code"].text() == "401" || text.find("not authenticated") != std::string_view::npos)
      out.refusal = Refusal::kSession;
  }

  static void decode_data(JsonView root, std::string_view conid, Decoded& out) {
    VendorTick tick;
    for (const auto& [field, side] :
         {std::pair{kLast, &tick.price}, std::pair{kBid, &tick.bid}, std::pair{kAsk, &tick.ask}}) {
      const JsonView value = root[field];
      if (!read_value(value, *side)) return reject_value(out, field, value);
    }
    if (!tick.price && !tick.bid && !tick.ask) return;
    const JsonView named = root["conid"];
    tick.symbol = named.absent() || named.text().empty() ? conid.substr(0, conid.find('+')) : named.text();
    if (tick.symbol.empty()) {
      out.error = "prices without a conid";
      return;
    }
    if (const JsonView updated = root["_updated"]; !updated.absent()) {
      const auto ms = read_integer(updated);
      tick.ts = ms ? timestamp_from_ms(*ms) : std::nullopt;
      if (!tick.ts) return reject_value(out, "_updated", updated);
    }
    out.ticks.push_back(tick);
  }

  // "C" before a price: the close of the day before, no trade. "H": trading is halted. Thousands may
  // have commas.
  static bool read_value(const JsonScalar& value, std::optional<Price>& out) {
    if (value.kind != JsonKind::kString) return read_price(value, out);
    auto text = value.text;
    if (text.empty() || text.front() == 'C') return true;
    if (text.front() == 'H') text.remove_prefix(1);
    std::array<char, 48> digits{};
    if (text.size() > digits.size()) return false;
    const auto end = std::copy_if(text.begin(), text.end(), digits.begin(), [](char c) { return c != ','; });
    const auto size = static_cast<std::size_t>(end - digits.begin());
    return read_price({JsonKind::kString, {digits.data(), size}}, out);
  }

  std::string token_;
  std::string session_;
  int calls_made_ = 0;
  JsonTree json_;
};

class IbkrServer final : public VendorServer {
 public:
  explicit IbkrServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    last_heartbeat_ = now;
    return {{R"({"topic":"system","success":"replay","isFT":false,"isPaper":true})"}, std::nullopt};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    const auto text = frame.payload;
    if (text.starts_with("{")) return take_session(text);
    if (!known_) return {{std::string{kNotAuthenticated}}, std::nullopt};
    if (text.starts_with(kData)) {
      const auto conid = conid_of(text);
      conids_.add(conid);
    } else if (text.starts_with("umd+")) {
      conids_.remove(conid_of(text));
    } else if (text != "tic") {
      return {{R"({"topic":"error","error":"unknown topic","code":400})"}, std::nullopt};
    }
    return {};
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return conids_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto conid = vendor_symbol(tick.symbol);
    const bool number = std::all_of(conid.begin(), conid.end(), [](char c) { return c >= '0' && c <= '9'; });
    JsonWriter json{out};
    json.begin_object().field("server_id", "q0");
    if (number) json.key("conid").raw(conid);
    json.field("_updated", to_ns(tick.ts) / 1'000'000);
    if (tick.price) json.field(kLast, *tick.price);
    if (tick.bid) json.field(kBid, *tick.bid);
    if (tick.ask) json.field(kAsk, *tick.ask);
    json.field("topic", std::string{kData} + conid).end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp replay_time) override {
    if (now - last_heartbeat_ < kHeartbeat) return {};
    last_heartbeat_ = now;
    std::string text;
    JsonWriter{text}.begin_object().field("topic", "system").field("hb", to_ns(replay_time) / 1'000'000).end_object();
    return {{std::move(text)}, std::nullopt};
  }

 private:
  ServerReply take_session(std::string_view text) {
    JsonScalar session;
    const JsonField fields[] = {{"session", &session}};
    known_ = json_.read(text, fields) == nullptr &&
             std::find(shared_.sessions.begin(), shared_.sessions.end(), session.text) != shared_.sessions.end();
    return {{known_ ? R"({"topic":"sts","args":{"authenticated":true}})" : std::string{kNotAuthenticated}},
            std::nullopt};
  }
  static std::string_view conid_of(std::string_view command) {
    command.remove_prefix(kData.size());  // as long as "umd+"
    return command.substr(0, command.find('+'));
  }

  const VendorServerShared& shared_;
  JsonFrame json_;
  bool known_ = false;
  Subscriptions conids_;
  MonoTime last_heartbeat_{};
};

HttpAnswer answer_call(VendorServerShared& shared, const HttpCall& call) {
  const HttpHeaders json{{"Content-Type", "application/json"}};
  if (call.method == "GET" && call.target == "/v1/api/iserver/accounts")
    return {200, json, R"({"accounts":["DU0000000"],"selectedAccount":"DU0000000"})"};
  if (call.method != "POST" || call.target != "/v1/api/tickle") return {404, json, R"({"error":"no such call"})"};
  shared.sessions.push_back("replay-" + std::to_string(shared.sessions.size() + 1));
  HttpAnswer answer{200, json, {}};
  JsonWriter{answer.body}
      .begin_object()
      .field("session", shared.sessions.back())
      .key("iserver")
      .raw(R"({"authStatus":{"authenticated":true,"connected":true}})")
      .end_object();
  return answer;
}

}  // namespace

Vendor ibkr_vendor();
Vendor ibkr_vendor() {
  return {.name = "ibkr",
          .facts = {.title = "Interactive Brokers, Client Portal",
                    .carries = "whatever the account may see; symbols are contract ids",
                    .key = "an account; log in at the gateway with a browser",
                    .delay = "live with the market data paid for, else delayed",
                    .terms = "the gateway runs on your machine; name its own certificate in ca_file"},
          .default_url = "wss://localhost:5000/v1/api/ws",
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<IbkrCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<IbkrServer>(shared);
          },
          .answer_call = answer_call,
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
