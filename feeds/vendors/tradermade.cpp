// TraderMade: quotes as flat JSON text. It greets with the bare word `Connected`; then one message has
// key and symbols.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/keyed.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kGreeting = "Connected";

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

class TraderMadeCodec final : public Codec {
 public:
  explicit TraderMadeCodec(const CodecOptions& options) : key_(options.credentials.token) {}

  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    greeted_ = false;
    subscribe_.clear();
    JsonWriter{subscribe_}.begin_object().field("userKey", key_).field("symbol", join(symbols)).end_object();
    return {};  // the vendor speaks first
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (frame.payload == kGreeting) return greet(out);
    Members in;
    const JsonField fields[] = {{"symbol", &in.symbol},  {"ts", &in.time}, {"bid", &in.bid},
                                {"ask", &in.ask},        {"mid", &in.mid}, {"status", &in.status},
                                {"message", &in.message}};
    const char* const problem = json_.read(frame.payload, fields);
    if (problem == nullptr) return decode_message(in, out);
    // Its errors are bare words, too. One about the key must be known from a damaged frame.
    const bool words = !frame.payload.empty() && frame.payload.front() != '{' && speaks_of_key(frame.payload);
    if (words)
      vendor_error(out, frame.payload, Refusal::kAuth);
    else
      out.error = problem;
  }

 private:
  struct Members {
    JsonScalar symbol, time, bid, ask, mid, status, message;
  };

  void greet(Decoded& out) {
    if (!std::exchange(greeted_, true)) out.replies.push_back(subscribe_);
  }

  void decode_message(const Members& in, Decoded& out) {
    if (in.symbol.kind == JsonKind::kString && !in.symbol.text.empty()) return decode_quote(in, out);
    if (in.status.text == "connected") return greet(out);
    if (in.status.absent() && in.message.absent()) {
      out.error = "neither a symbol nor a status";
      return;
    }
    const auto words = in.message.absent() ? in.status.text : in.message.text;
    vendor_error(out, words, speaks_of_key(words) ? Refusal::kAuth : Refusal::kNone);
  }

  // The mid is theirs to compute and ours as well; it counts when it comes alone.
  static void decode_quote(const Members& in, Decoded& out) {
    VendorTick tick;
    if (!read_price(in.bid, tick.bid)) return reject_value(out, "bid", in.bid);
    if (!read_price(in.ask, tick.ask)) return reject_value(out, "ask", in.ask);
    if (!read_price(in.mid, tick.price)) return reject_value(out, "mid", in.mid);
    if (!take_seconds_or_ms(out, "ts", in.time, tick.ts)) return;
    if (tick.bid || tick.ask) tick.price.reset();
    if (!tick.bid && !tick.ask && !tick.price) return;
    tick.symbol = in.symbol.text;
    out.ticks.push_back(tick);
  }

  std::string key_;
  std::string subscribe_;
  bool greeted_ = false;
  JsonFrame json_;
};

class TraderMadeServer final : public VendorServer {
 public:
  explicit TraderMadeServer(VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime) override { return {{std::string{kGreeting}}, std::nullopt}; }

  ServerReply on_frame(Frame frame, MonoTime) override {
    JsonScalar key, symbol;
    const JsonField fields[] = {{"userKey", &key}, {"symbol", &symbol}};
    if (json_.read(frame.payload, fields) != nullptr || symbol.kind != JsonKind::kString)
      return {{"Invalid request"}, kNoStatus};
    if (!is_right_key(shared_, key.text)) return {{"Invalid user key"}, kNoStatus};
    symbols_.clear();  // the latest list counts
    for (auto list = symbol.text; !list.empty();) {
      const auto end = std::min(list.find(','), list.size());
      symbols_.add(list.substr(0, end));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return {};  // not acknowledged
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote) return false;
    JsonWriter json{out};
    json.begin_object().field("symbol", vendor_symbol(tick.symbol)).field("ts", std::to_string(to_ms(tick.ts)));
    number_field(json, "bid", quote->bid);
    number_field(json, "ask", quote->ask);
    number_field(json, "mid", mid(quote->bid, quote->ask));
    json.end_object();
    return true;
  }

 private:
  VendorServerShared& shared_;
  JsonFrame json_;
  Subscriptions symbols_;
};

}  // namespace

Vendor tradermade_vendor();
Vendor tradermade_vendor() {
  return {.name = "tradermade",
          .facts = {.title = "TraderMade",
                    .carries = "USD/JPY and other pairs, bid and ask; whether the Nikkei is not documented",
                    .key = "streaming key in token_env, on trial free",
                    .delay = "live",
                    .terms = "the streaming key is not the one of its REST service"},
          .default_url = "wss://marketdata.tradermade.com/feedadv",
          .needs = {.token = true},
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<TraderMadeCodec>(options);
          },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<TraderMadeServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
