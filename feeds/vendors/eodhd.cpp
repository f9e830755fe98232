// EODHD: quotes of pairs, trades of coins, as flat JSON text; the key in the address. Nothing may be
// sent before the vendor has said that the key is taken.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kMaxSymbols = 50;
constexpr std::string_view kKeyName = "api_token";

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

std::string command(std::string_view action, std::span<const std::string> symbols) {
  std::string text;
  JsonWriter{text}.begin_object().field("action", action).field("symbols", join(symbols)).end_object();
  return text;
}

class EodhdCodec final : public UrlKeyCodec {
 public:
  explicit EodhdCodec(const CodecOptions& options) : UrlKeyCodec(kKeyName, options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    subscribe_ = command("subscribe", symbols);
    authorized_ = false;
    return {};  // the vendor speaks first
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    if (!authorized_) return {};
    return {command("unsubscribe", symbols)};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    Members in;
    const JsonField fields[] = {{"s", &in.symbol},      {"a", &in.ask},          {"b", &in.bid},
                                {"p", &in.price},       {"t", &in.time},         {"status_code", &in.status_code},
                                {"status", &in.status}, {"message", &in.message}};
    if (const char* problem = json_.read(frame.payload, fields)) {
      out.error = problem;
    } else if (!in.status_code.absent() || !in.status.absent()) {
      decode_status(read_integer(in.status_code.absent() ? in.status : in.status_code), in.message.text, out);
    } else {
      decode_tick(in, out);
    }
  }

 private:
  struct Members {
    JsonScalar symbol, ask, bid, price, time, status_code, status, message;
  };

  // The number stands under either name.
  void decode_status(std::optional<std::int64_t> code, std::string_view message, Decoded& out) {
    if (code == 200) {
      if (!std::exchange(authorized_, true)) out.replies.push_back(subscribe_);
      return;
    }
    const auto refusal = code == 401 || code == 403 ? Refusal::kAuth     // whatever the text
                         : code == 500              ? Refusal::kSession  // a command came too early; it hangs up
                                                    : Refusal::kNone;
    vendor_error(out, message, refusal);
    if (code) out.error.append(" (").append(std::to_string(*code)).append(")");
  }

  static void decode_tick(const Members& in, Decoded& out) {
    VendorTick tick;
    if (!read_price(in.price, tick.price)) return reject_value(out, "p", in.price);
    if (!read_price(in.bid, tick.bid)) return reject_value(out, "b", in.bid);
    if (!read_price(in.ask, tick.ask)) return reject_value(out, "a", in.ask);
    if (!take_milliseconds(out, "t", in.time, tick.ts)) return;
    tick.symbol = in.symbol.text;
    if (in.symbol.kind != JsonKind::kString || tick.symbol.empty()) {
      out.error = "neither a symbol nor a status";
    } else if (tick.price || tick.bid || tick.ask) {
      out.ticks.push_back(tick);
    }
  }

  JsonFrame json_;
  std::string subscribe_;
  bool authorized_ = false;
};

class EodhdServer final : public VendorServer {
 public:
  explicit EodhdServer(VendorServerShared& shared) : shared_(shared) {}

  void on_request(const Handshake& request) override { key_ = query_parameter(request.target, kKeyName); }

  ServerReply on_open(MonoTime) override {
    if (!is_right_key(shared_, key_)) return {{R"({"status":403,"message":"Server error"})"}, kNoStatus};
    return {};  // the key is looked at; that takes a moment
  }

  ServerReply on_timer(MonoTime, Timestamp) override {
    if (authorized_ || !is_right_key(shared_, key_)) return {};
    authorized_ = true;
    return {{R"({"status_code":200,"message":"Authorized"})"}, std::nullopt};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    JsonScalar action, symbols;
    const JsonField fields[] = {{"action", &action}, {"symbols", &symbols}};
    const bool understood = json_.read(frame.payload, fields) == nullptr && symbols.kind == JsonKind::kString &&
                            (action.text == "subscribe" || action.text == "unsubscribe");
    if (!authorized_ || !understood) return {{R"({"status":500,"message":"Server error"})"}, kNoStatus};
    return change(action.text == "subscribe", symbols.text);  // not acknowledged
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote || !is_currency_pair(tick.symbol)) return false;
    JsonWriter json{out};
    json.begin_object().field("s", tick.symbol);
    number_field(json, "a", quote->ask);
    number_field(json, "b", quote->bid);
    json.field("dc", "0.12").field("dd", "0.187").field("ppms", false).field("t", to_ms(tick.ts)).end_object();
    return true;
  }

 private:
  ServerReply change(bool subscribe, std::string_view list) {
    while (!list.empty()) {
      const auto end = std::min(list.find(','), list.size());
      const auto symbol = list.substr(0, end);
      if (!subscribe) {
        symbols_.remove(symbol);
      } else if (symbols_.has(symbol) || symbols_.size() < kMaxSymbols) {
        symbols_.add(symbol);
      } else {
        return {{R"({"status_code":422,"message":"Symbols limit reached"})"}, std::nullopt};
      }
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return {};
  }

  VendorServerShared& shared_;
  JsonFrame json_;
  std::string key_;
  Subscriptions symbols_;
  bool authorized_ = false;
};

}  // namespace

Vendor eodhd_vendor();
Vendor eodhd_vendor() {
  return {.name = "eodhd",
          .facts = {.title = "EODHD",
                    .carries = "USD/JPY and other pairs, bid and ask; no Nikkei on this feed",
                    .key = "paid, in token_env; `demo` covers a few symbols",
                    .delay = "live; the first quote may be an old one",
                    .terms = "50 symbols a connection; quotes also come at weekends"},
          .default_url = "wss://ws.eodhistoricaldata.com/ws/forex",
          .needs = {.token = true},
          .limits = {.symbols = kMaxSymbols},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<EodhdCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<EodhdServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
