// GMO Coin FX, public ticker: JSON text, prices as strings, one command a second per address.
#include <algorithm>

#include "core/json_writer.hpp"
#include "feeds/vendors/common.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

// One command a second is allowed; a margin covers the jitter of the network.
constexpr auto kCommandSpacing = std::chrono::milliseconds{1200};
constexpr auto kServerSpacing = std::chrono::seconds{1};
constexpr auto kServerPing = std::chrono::minutes{1};

std::string vendor_symbol(std::string_view symbol) {
  if (!is_currency_pair(symbol)) return std::string{symbol};
  return std::string{symbol.substr(0, 3)}.append("_").append(symbol.substr(3));
}

bool is_vendor_pair(std::string_view symbol) {
  return symbol.size() == 7 && symbol[3] == '_' &&
         is_currency_pair(std::string{symbol.substr(0, 3)}.append(symbol.substr(4)));
}

std::string command(std::string_view verb, std::string_view symbol) {
  std::string text;
  JsonWriter{text}
      .begin_object()
      .field("command", verb)
      .field("channel", "ticker")
      .field("symbol", symbol)
      .end_object();
  return text;
}

class GmoCodec final : public Codec {
 public:
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

  [[nodiscard]] Duration command_spacing() const override { return kCommandSpacing; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    JsonScalar symbol, bid, ask, timestamp, error, sent_command;
    const JsonField fields[] = {{"symbol", &symbol},       {"bid", &bid},     {"ask", &ask},
                                {"timestamp", &timestamp}, {"error", &error}, {"command", &sent_command}};
    if (const char* problem = json_.read(frame.payload, fields)) {
      out.error = problem;
      return;
    }
    if (!error.missing()) {
      out.error.assign("vendor error: ").append(clip(error.text, kLongText));
      return;
    }
    if (!sent_command.missing()) return;  // a command of ours, in a capture of both directions
    VendorTick tick;
    if (!read_price(bid, tick.bid)) return reject_value(out, "bid", bid);
    if (!read_price(ask, tick.ask)) return reject_value(out, "ask", ask);
    if (!read_time(timestamp, tick.ts)) return reject_value(out, "timestamp", timestamp);
    if (!tick.bid && !tick.ask) return;
    if (symbol.kind != JsonKind::kString || symbol.text.empty()) {
      out.error = "prices without a symbol";
      return;
    }
    tick.symbol = symbol.text;
    out.ticks.push_back(tick);
  }

 private:
  static bool read_time(const JsonScalar& value, std::optional<Timestamp>& out) {
    if (value.absent()) return true;
    if (value.kind == JsonKind::kString) out = parse_iso8601(value.text);
    return out.has_value();
  }

  JsonFrame json_;
};

class GmoServer final : public VendorServer {
 public:
  explicit GmoServer(VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_frame(Frame frame, MonoTime now) override {
    if (shared_.any_command && now - shared_.last_command < kServerSpacing) {
      return error("ERR-5003 Request too many.");  // and the subscription is lost
    }
    shared_.any_command = true;
    shared_.last_command = now;
    JsonScalar verb, channel, symbol;
    const JsonField fields[] = {{"command", &verb}, {"channel", &channel}, {"symbol", &symbol}};
    if (json_.read(frame.payload, fields) != nullptr || channel.text != "ticker" || !is_vendor_pair(symbol.text)) {
      return error("ERR-5106 Invalid request parameter.");
    }
    if (verb.text == "subscribe") {
      symbols_.add(symbol.text);
    } else if (verb.text == "unsubscribe") {
      symbols_.remove(symbol.text);
    } else {
      return error("ERR-5106 Invalid request parameter.");
    }
    return {};  // neither is acknowledged
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  // Quotes only. A lone price, as from a bar file, becomes a quote without a spread.
  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto quote = sides_of(tick);
    if (!quote || !is_currency_pair(tick.symbol)) return false;
    JsonWriter json{out};
    json.begin_object().field("symbol", vendor_symbol(tick.symbol)).field("ask", quote->ask).field("bid", quote->bid);
    json.field("timestamp", format_utc(tick.ts)).field("status", "OPEN").end_object();
    return true;
  }

 private:
  static ServerReply error(std::string_view message) {
    std::string text;
    JsonWriter{text}.begin_object().field("error", message).end_object();
    return {{std::move(text)}, std::nullopt};
  }

  VendorServerShared& shared_;
  JsonFrame json_;
  Subscriptions symbols_;
};

}  // namespace

Vendor gmo_vendor();
Vendor gmo_vendor() {
  return {.name = "gmo",
          .facts = {.title = "GMO Coin FX",
                    .carries = "USD/JPY and other pairs, bid and ask; no Nikkei",
                    .key = "none",
                    .delay = "live",
                    .terms = "public API of a Japanese broker; one command a second per address"},
          .default_url = "wss://forex-api.coin.z.com/ws/public/v1",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<GmoCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<GmoServer>(shared);
          },
          .server_ping = kServerPing,
          .silence = 3 * kServerPing,  // so many unanswered ones end a connection
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
