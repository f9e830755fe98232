// OANDA v20: prices as lines of an HTTP answer that does not end; the request is the subscription.
#include <algorithm>
#include <utility>  // exchange

#include "core/json_writer.hpp"
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kHeartbeat = std::chrono::seconds{5};

std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225" || symbol == "NKFUT") return "JP225_USD";  // a CFD: follows the index, at a basis
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.substr(0, 3)}.append("_").append(symbol.substr(3));
}

// A path is cut at "/" and "?", a list at ",": what is not of a name stays out.
std::string name_part(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
  return kept;
}

class OandaCodec final : public Codec {
 public:
  explicit OandaCodec(const CodecOptions& options) : credentials_(options.credentials) {}

  void begin(std::span<const std::string> symbols) override { symbols_.assign(symbols.begin(), symbols.end()); }
  // A path in the address is a proxy's and stays before ours.
  void handshake(Handshake& handshake) const override {
    auto& target = handshake.target;
    target.resize(std::min(target.find('?'), target.size()));
    while (target.ends_with('/')) target.pop_back();
    target.append("/v3/accounts/").append(name_part(credentials_.account)).append("/pricing/stream?instruments=");
    for (std::size_t i = 0; i < symbols_.size(); ++i) target.append(i == 0 ? "" : "%2C").append(name_part(symbols_[i]));
    handshake.headers.emplace_back("Authorization", "Bearer " + credentials_.token);
  }
  std::vector<std::string> on_open(std::span<const std::string>) override {
    heard_ = false;
    return {};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = json_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = json_.root();
    if (const JsonView message = root["errorMessage"]; !message.missing()) {
      vendor_error(out, message.text());
      return;
    }
    out.subscribed = !std::exchange(heard_, true);  // a first line, if only a heartbeat: the market may be closed
    if (root["type"].text() == "PRICE") {
      decode_price(root, out);
    }
  }

 private:
  static void decode_price(JsonView root, Decoded& out) {
    VendorTick tick;
    const JsonView bid = root["bids"].at(0)["price"], ask = root["asks"].at(0)["price"];
    if (!read_price(bid, tick.bid)) return reject_value(out, "bid", bid);
    if (!read_price(ask, tick.ask)) return reject_value(out, "ask", ask);
    if (!tick.bid && !tick.ask) return;
    tick.symbol = root["instrument"].text();
    if (tick.symbol.empty()) {
      out.error = "prices without an instrument";
      return;
    }
    if (const JsonView time = root["time"]; !time.absent()) {
      tick.ts = parse_iso8601(time.text());
      if (!tick.ts) return reject_value(out, "time", time);
    }
    out.ticks.push_back(tick);
  }

  Credentials credentials_;
  std::vector<std::string> symbols_;
  bool heard_ = false;
  JsonTree json_;
};

// "USD_JPY" of "/v3/accounts/1/pricing/stream?instruments=EUR_USD%2CUSD_JPY".
std::vector<std::string> instruments_of(std::string_view target) {
  constexpr std::string_view kKey = "instruments=";
  std::vector<std::string> names;
  const auto at = target.find(kKey);
  if (at == std::string_view::npos) return names;
  auto list = target.substr(at + kKey.size());
  list = list.substr(0, list.find('&'));
  while (!list.empty()) {
    const auto end = std::min({list.find(','), list.find("%2C"), list.find("%2c"), list.size()});
    if (end > 0) names.emplace_back(list.substr(0, end));
    list.remove_prefix(end == list.size() ? end : end + (list[end] == ',' ? 1 : 3));
  }
  return names;
}

class OandaServer final : public VendorServer {
 public:
  void on_request(const Handshake& request) override { instruments_ = instruments_of(request.target); }
  ServerReply on_frame(Frame, MonoTime) override { return {}; }
  [[nodiscard]] bool wants(std::string_view symbol) const override {
    return std::find(instruments_.begin(), instruments_.end(), vendor_symbol(symbol)) != instruments_.end();
  }

  // Quotes only. A lone price, as from a bar file, becomes a quote without a spread.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote) return false;
    JsonWriter json{out};
    json.begin_object().field("type", "PRICE").field("time", format_utc(tick.ts));
    side(json, "bids", quote->bid);
    side(json, "asks", quote->ask);
    json.field("status", "tradeable").field("tradeable", true).field("instrument", vendor_symbol(tick.symbol));
    json.end_object();
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp replay_time) override {
    if (last_heartbeat_ != MonoTime{} && now - last_heartbeat_ < kHeartbeat) return {};
    last_heartbeat_ = now;
    std::string text;
    JsonWriter{text}.begin_object().field("type", "HEARTBEAT").field("time", format_utc(replay_time)).end_object();
    return {{std::move(text)}, std::nullopt};
  }

 private:
  static void side(JsonWriter& json, std::string_view name, Price price) {
    json.key(name).begin_array().begin_object().field("price", price).field("liquidity", 1'000'000).end_object();
    json.end_array();
  }

  std::vector<std::string> instruments_;
  MonoTime last_heartbeat_{};
};

// 200: the stream may begin.
HttpAnswer answer_call(VendorServerShared& shared, const HttpCall& call) {
  const HttpHeaders json{{"Content-Type", "application/json"}};
  constexpr std::string_view kBearer = "Bearer ";
  const auto sent = find_header(call.headers, "Authorization");
  const bool right = sent.size() > kBearer.size() && sent.starts_with(kBearer) &&
                     (shared.key.empty() || sent.substr(kBearer.size()) == shared.key);
  if (!right) return {401, json, R"({"errorMessage":"Insufficient authorization to perform request."})"};
  if (call.method != "GET" || call.target.find("/pricing/stream?") == std::string::npos)
    return {404, json, R"({"errorMessage":"No such path."})"};
  if (instruments_of(call.target).empty())
    return {400, json, R"({"errorMessage":"Invalid value specified for 'instruments'"})"};
  return {200, {{"Content-Type", "application/octet-stream"}}, ""};
}

}  // namespace

Vendor oanda_vendor();
Vendor oanda_vendor() {
  return {.name = "oanda",
          .facts = {.title = "OANDA v20",
                    .carries = "USD/JPY and other pairs; JP225_USD, a CFD on the Nikkei",
                    .key = "access token and account number; a demo account has both",
                    .delay = "live, four prices a second at most",
                    .terms = "over HTTP, not WebSocket; url https://stream-fxtrade.oanda.com for a real account",
                    .sample = "NI225 USDJPY"},
          .default_url = "https://stream-fxpractice.oanda.com",
          .needs = {.token = true, .user = false, .password = false, .account = true},
          .carrier = Carrier::kHttp,
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<OandaCodec>(options);
          },
          .make_server = [](VendorServerShared&) -> std::unique_ptr<VendorServer> {
            return std::make_unique<OandaServer>();
          },
          .answer_call = answer_call,
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
