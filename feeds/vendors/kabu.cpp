// kabu STATION, a broker's program on the same machine: log-in and choice of symbols over HTTP, then
// a socket that only speaks. What it calls the bid is the best offer, and the other way round.
#include <algorithm>
#include <cstring>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxSymbols = 50;  // registered at once, over all programs on the machine
constexpr int kTokyo = 1;
constexpr int kOsakaWholeDay = 2;

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol == "NI225" ? "101" : symbol}; }

// Ticks name a symbol without its exchange, so the exchange follows from the name: futures codes
// have nine digits, indices three, stocks four.
int exchange_of(std::string_view symbol) { return symbol.size() == 9 ? kOsakaWholeDay : kTokyo; }

std::string symbol_list(std::string_view name, std::span<const std::string> symbols) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().key(name).begin_array();
  for (const auto& symbol : symbols) {
    json.begin_object().field("Symbol", symbol).field("Exchange", exchange_of(symbol)).end_object();
  }
  json.end_array().end_object();
  return text;
}

// The digits are Tokyo's; the offset behind them is that of the machine's own zone.
std::optional<Timestamp> parse_tokyo(std::string_view text) {
  constexpr std::string_view kOffset = "+09:00";
  constexpr std::size_t kDigits = 19;  // "2022-05-17T23:59:59"
  char digits[32];
  const auto zone = text.find_first_of("+-Z", std::min(kDigits, text.size()));
  const auto size = std::min(zone, text.size());
  if (size > sizeof digits - kOffset.size() || (zone != std::string_view::npos && !parse_iso8601(text))) return {};
  std::memcpy(digits, text.data(), size);
  std::memcpy(digits + size, kOffset.data(), kOffset.size());
  return parse_iso8601({digits, size + kOffset.size()});
}

// Just after midnight in Tokyo, until about 00:10, the date is still that of the day before: such a
// time stands a day behind the moment of receipt.
Timestamp mend_date(Timestamp ts, Timestamp received) {
  using namespace std::chrono_literals;
  if (received == Timestamp{} || ts < received - 25h || ts > received - 23h) return ts;
  const auto tokyo = ts + 9h;
  return tokyo - std::chrono::floor<std::chrono::days>(tokyo) < 1h ? ts + 24h : ts;
}

class KabuCodec final : public Codec {
 public:
  explicit KabuCodec(Credentials credentials) : credentials_(std::move(credentials)) {}

  void begin(std::span<const std::string> symbols) override {
    symbols_.assign(symbols.begin(), symbols.end());
    token_.clear();
    registered_ = false;
  }

  std::optional<HttpCall> next_call() override {
    if (token_.empty()) {
      std::string body;
      JsonWriter{body}.begin_object().field("APIPassword", credentials_.password).end_object();
      return HttpCall{"POST", "/kabusapi/token", {}, std::move(body)};
    }
    if (registered_) return std::nullopt;
    return HttpCall{"PUT", "/kabusapi/register", {{"X-API-KEY", token_}}, symbol_list("Symbols", symbols_)};
  }

  Result<void> on_answer(const HttpAnswer& answer) override {
    if (const char* problem = tree_.read(answer.body)) return Error{problem};
    const auto root = tree_.root();
    if (token_.empty()) {
      if (root["Token"].is_string()) token_ = root["Token"].text();
      if (token_.empty()) return Error{"the answer holds no \"Token\": " + std::string{clip(answer.body, kLongText)}};
    } else {
      if (!root["RegistList"].is_array())
        return Error{"the answer holds no \"RegistList\": " + std::string{clip(answer.body, kLongText)}};
      registered_ = true;
    }
    return {};
  }

  std::vector<std::string> on_open(std::span<const std::string>) override { return {}; }
  [[nodiscard]] std::vector<std::string> session_secrets() const override {
    return token_.empty() ? std::vector<std::string>{} : std::vector{token_};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    JsonScalar symbol, price, time, bid, ask, code, message;
    const JsonField fields[] = {{"Symbol", &symbol},  {"CurrentPrice", &price}, {"CurrentPriceTime", &time},
                                {"BidPrice", &bid},   {"AskPrice", &ask},       {"Code", &code},
                                {"Message", &message}};
    if (const char* problem = json_.read(frame.payload, fields)) {
      out.error = problem;
      return;
    }
    if (symbol.missing() && !code.missing()) {
      vendor_error(out, code.text);
      out.error.append(" ").append(clip(message.text, kLongText));
      return;
    }
    VendorTick tick;
    if (!take_price(out, "CurrentPrice", price, tick.price) || !take_price(out, "AskPrice", ask, tick.bid) ||
        !take_price(out, "BidPrice", bid, tick.ask) || !take_symbol(out, "Symbol", symbol, tick.symbol)) {
      return;
    }
    if (!time.absent()) {
      if (time.kind == JsonKind::kString) tick.ts = parse_tokyo(time.text);
      if (!tick.ts) return reject_value(out, "CurrentPriceTime", time);
      tick.ts = mend_date(*tick.ts, frame.received);
    }
    if (tick.price || tick.bid || tick.ask) out.ticks.push_back(tick);
  }

 private:
  Credentials credentials_;
  std::vector<std::string> symbols_;
  std::string token_;
  bool registered_ = false;
  JsonFrame json_;
  JsonTree tree_;
};

class KabuServer final : public VendorServer {
 public:
  explicit KabuServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_frame(Frame, MonoTime) override { return {}; }  // listens to nobody

  [[nodiscard]] bool wants(std::string_view symbol) const override {
    const auto& all = shared_.registered;
    return !is_currency_pair(symbol) && std::find(all.begin(), all.end(), vendor_symbol(symbol)) != all.end();
  }

  // A price is an index, without a book.
  bool encode(const ReplayTick& tick, std::string& out) override {
    if (is_currency_pair(tick.symbol) || (!tick.price && !tick.bid && !tick.ask)) return false;
    JsonWriter json{out};
    const auto price = price_of(tick);
    const auto side = [&](std::string_view name, std::optional<Price> value) {
      if (value) number_field(json, name, *value);
    };
    json.begin_object().field("Symbol", vendor_symbol(tick.symbol));
    side("CurrentPrice", price);
    if (price) json.field("CurrentPriceTime", tokyo_time(tick.ts)).field("CurrentPriceStatus", 1);
    side("BidPrice", tick.ask);
    side("AskPrice", tick.bid);
    json.end_object();
    return true;
  }

 private:
  // Whole seconds.
  static std::string tokyo_time(Timestamp ts) {
    return format_utc(ts + std::chrono::hours{9}).substr(0, 19).append("+09:00");
  }

  const VendorServerShared& shared_;
};

HttpAnswer refuse(int status, int code, std::string_view message) {
  HttpAnswer answer{status, {{"Content-Type", "application/json"}}, {}};
  JsonWriter{answer.body}.begin_object().field("Code", code).field("Message", message).end_object();
  return answer;
}

HttpAnswer give_token(VendorServerShared& shared, JsonView request) {
  const auto password = request["APIPassword"].text();
  if (password.empty()) return refuse(400, 4001012, "リクエスト不正");
  if (!shared.key.empty() && password != shared.key) return refuse(401, 4001013, "トークン取得失敗");
  // The one before is of no more use.
  std::string token = std::to_string(shared.sessions.size() + 1);
  token.insert(0, 32 - token.size(), '0');
  shared.sessions.push_back(token);
  HttpAnswer answer;
  JsonWriter{answer.body}.begin_object().field("ResultCode", 0).field("Token", token).end_object();
  return answer;
}

HttpAnswer change_list(VendorServerShared& shared, bool add, JsonView request) {
  auto list = shared.registered;
  for (const auto entry : request["Symbols"]) {
    const auto symbol = entry["Symbol"].text();
    if (add && (is_currency_pair(symbol) || !offers(shared, vendor_symbol, symbol)))
      return refuse(400, 4002001, "銘柄が見つからない");
    std::erase(list, symbol);
    if (add) list.emplace_back(symbol);
  }
  if (list.size() > kMaxSymbols) return refuse(400, 4002006, "レジスト数エラー");
  shared.registered = std::move(list);
  return {200, {}, symbol_list("RegistList", shared.registered)};
}

HttpAnswer answer_call(VendorServerShared& shared, const HttpCall& call) {
  JsonTree request;
  const bool readable = request.read(call.body) == nullptr;
  if (call.method == "POST" && call.target == "/kabusapi/token") return give_token(shared, request.root());
  const bool all = call.target == "/kabusapi/unregister/all";
  const bool add = call.target == "/kabusapi/register";
  if (call.method != "PUT" || !(add || all || call.target == "/kabusapi/unregister"))
    return refuse(404, 4001012, "リクエスト不正");
  if (shared.sessions.empty() || find_header(call.headers, "X-API-KEY") != shared.sessions.back())
    return refuse(401, 4001009, "APIキー不一致");
  if (all) {
    shared.registered.clear();
    return {200, {}, symbol_list("RegistList", {})};
  }
  if (!readable || !request.root()["Symbols"].is_array()) return refuse(400, 4001012, "リクエスト不正");
  return change_list(shared, add, request.root());
}

}  // namespace

Vendor kabu_vendor();
Vendor kabu_vendor() {
  return {.name = "kabu",
          .facts = {.title = "kabu STATION API",
                    .carries = "Nikkei 225 (101), Osaka futures by their code; no USD/JPY",
                    .key = "password of the API, with an account of Mitsubishi UFJ eSmart Securities",
                    .delay = "live, thinned to one update in 400 ms, times in whole seconds",
                    .terms = "the broker's program runs on the same Windows machine; not between 06:15 and 06:30",
                    .sample = "NI225"},
          .default_url = "ws://localhost:18080/kabusapi/websocket",
          .needs = {.password = true},
          .limits = {.symbols = kMaxSymbols},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<KabuCodec>(options.credentials);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<KabuServer>(shared);
          },
          .answer_call = answer_call,
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
