// Saxo OpenAPI streaming: binary frames of one or more envelopes, each with JSON in it. Frames are
// read, feeds are not connected: subscriptions are made by calls that hold the first prices.
#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/little_endian.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kIdAndReserved = 8 + 2;
constexpr std::uint8_t kJson = 0;

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol == "USDJPY" ? "42" : symbol}; }

struct Envelope {
  std::string_view reference;
  std::uint8_t format = 0;
  std::string_view payload;
};

// Message id (8 bytes), reserved (2), length of the reference (1), reference, format (1), length of
// the payload (4), payload. False when the bytes end before.
bool take_envelope(std::string_view& bytes, Envelope& out) {
  std::uint8_t reference_size = 0;
  std::uint32_t payload_size = 0;
  std::string_view ignored;
  return take_bytes(bytes, kIdAndReserved, ignored) && take_little(bytes, reference_size) &&
         take_bytes(bytes, reference_size, out.reference) && take_little(bytes, out.format) &&
         take_little(bytes, payload_size) && take_bytes(bytes, payload_size, out.payload);
}

class SaxoCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    names_.clear();
    if (!frame.binary) {
      out.error = "a text frame where envelopes are binary";
      return;
    }
    auto bytes = frame.payload;
    do {
      Envelope envelope;
      if (!take_envelope(bytes, envelope)) {
        out.error = "a truncated envelope";
        return;
      }
      decode_envelope(envelope, out);
    } while (!bytes.empty());
  }

 private:
  void decode_envelope(const Envelope& envelope, Decoded& out) {
    if (envelope.reference == "_resetsubscriptions" || envelope.reference == "_disconnect") {
      return vendor_error(out, envelope.reference, Refusal::kSession);
    }
    if (envelope.format != kJson) {
      out.error = "an envelope whose payload is not JSON";
      return;
    }
    if (const char* problem = tree_.read(envelope.payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    if (envelope.reference == "_heartbeat") {
      for (const auto part : root) check_heartbeats(part["Heartbeats"], out);
    } else if (envelope.reference.starts_with('_')) {
      return;  // other control messages
    } else if (root.is_array()) {
      for (const auto update : root) decode_update(update, out);
    } else {
      decode_update(root, out);
    }
  }

  static void check_heartbeats(JsonView heartbeats, Decoded& out) {
    for (const auto beat : heartbeats) {
      if (const auto reason = beat["Reason"].text(); reason == "SubscriptionPermanentlyDisabled") {
        vendor_error(out, reason);
      }
    }
  }

  // What changed of one instrument.
  void decode_update(JsonView update, Decoded& out) {
    VendorTick tick;
    const auto quote = update["Quote"];
    if (!take_price(out, "Mid", quote["Mid"], tick.price) || !take_price(out, "Bid", quote["Bid"], tick.bid) ||
        !take_price(out, "Ask", quote["Ask"], tick.ask) ||
        !take_iso8601(out, "LastUpdated", update["LastUpdated"], tick.ts)) {
      return;
    }
    if (!tick.price && !tick.bid && !tick.ask) return;
    if (!read_integer(update["Uic"])) return reject_value(out, "Uic", update["Uic"]);
    tick.symbol = names_.keep(update["Uic"].text());
    out.ticks.push_back(tick);
  }

  JsonTree tree_;
  NameStore names_;
};

}  // namespace

Vendor saxo_vendor();
Vendor saxo_vendor() {
  return {.name = "saxo",
          .facts = {.title = "Saxo OpenAPI",
                    .carries = "USD/JPY and Nikkei contracts of the broker, by Uic; bid, ask and mid",
                    .key = "a token; one for demonstrations lasts a day",
                    .delay = "live",
                    .terms = "for the broker's customers; captures are read, feeds are not connected"},
          .default_url = "wss://sim-streaming.saxobank.com/sim/oapi/streaming/ws/connect",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<SaxoCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
