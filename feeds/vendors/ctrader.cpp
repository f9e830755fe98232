// cTrader's Open API in JSON: prices as whole numbers of 1/100000. Frames are read, feeds are not
// connected: a symbol's id has to be looked up with an application of one's own.
#include "feeds/vendors/decoding.hpp"

namespace yagura::feeds {
namespace {

enum class PayloadType : std::int64_t { kCommonError = 50, kSpotEvent = 2131, kError = 2142 };
constexpr std::int64_t kExponent = -5;

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

class CtraderCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto type = read_integer(tree_.root()["payloadType"]);
    const auto payload = tree_.root()["payload"];
    if (!type) {
      out.error = "a message without \"payloadType\"";
      return;
    }
    switch (static_cast<PayloadType>(*type)) {
      case PayloadType::kSpotEvent: return decode_spot(payload, out);
      case PayloadType::kCommonError:
      case PayloadType::kError:
        vendor_error(out, payload["errorCode"].text());
        out.error.append(" ").append(clip(payload["description"].text()));
        return;
    }
  }

 private:
  // Sides that did not change are left out.
  static void decode_spot(JsonView spot, Decoded& out) {
    VendorTick tick;
    if (!spot.is_object()) {
      out.error = "a spot event without \"payload\"";
      return;
    }
    if (!read_integer(spot["symbolId"])) return reject_value(out, "symbolId", spot["symbolId"]);
    tick.symbol = spot["symbolId"].text();
    if (!take_units(out, "bid", spot["bid"], tick.bid) || !take_units(out, "ask", spot["ask"], tick.ask) ||
        !take_milliseconds(out, "timestamp", spot["timestamp"], tick.ts)) {
      return;
    }
    if (tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  static bool take_units(Decoded& out, std::string_view name, const JsonScalar& value, std::optional<Price>& to) {
    if (value.absent()) return true;
    const auto units = read_integer(value);
    if (units) to = price_from_units(*units, kExponent);
    if (!to) {
      reject_value(out, name, value);
      return false;
    }
    if (to->raw() == 0) to.reset();
    return true;
  }

  JsonTree tree_;
};

}  // namespace

Vendor ctrader_vendor();
Vendor ctrader_vendor() {
  return {.name = "ctrader",
          .facts = {.title = "cTrader Open API",
                    .carries = "USD/JPY and index contracts of the broker, by symbol id, bid and ask",
                    .key = "an application's id and secret, and an account's token",
                    .delay = "live",
                    .terms = "for customers of a cTrader broker; captures are read, feeds are not connected"},
          .default_url = "wss://demo.ctraderapi.com:5036",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<CtraderCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
