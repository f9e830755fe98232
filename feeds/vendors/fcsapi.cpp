// FCS API: JSON text; a price message holds the current bar with its close, and perhaps bid and ask.
// Frames are read, feeds are not connected: nothing but the messages' shape is known of its prices.
#include "core/json_writer.hpp"
#include "feeds/vendors/decoding.hpp"

namespace yagura::feeds {
namespace {

std::string vendor_symbol(std::string_view symbol) {
  return is_currency_pair(symbol) ? std::string{"FX:"}.append(symbol) : std::string{symbol};
}

class FcsapiCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    const auto type = root["type"];
    if (!type.is_string()) {
      out.error = "a message without \"type\"";
    } else if (type.text() == "price") {
      decode_price(root, out);
    } else if (type.text() == "message") {
      out.subscribed = root["short"].text() == "joined_room";
    } else if (type.text() == "error") {
      vendor_error(out, root["message"].text());
    } else if (type.text() == "ping") {
      pong(root["timestamp"], out);
    }
  }

 private:
  // "t" is where the bar begins, not when its price was made.
  static void decode_price(JsonView root, Decoded& out) {
    VendorTick tick;
    const auto prices = root["prices"];
    if (!prices.is_object()) {
      out.error = "a message of type \"price\" without \"prices\"";
      return;
    }
    if (!take_symbol(out, "symbol", root["symbol"], tick.symbol) || !take_price(out, "c", prices["c"], tick.price) ||
        !take_price(out, "b", prices["b"], tick.bid) || !take_price(out, "a", prices["a"], tick.ask)) {
      return;
    }
    if (tick.price || tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  static void pong(const JsonScalar& timestamp, Decoded& out) {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("type", "pong");
    if (const auto ms = read_integer(timestamp)) json.field("timestamp", *ms);
    json.end_object();
    out.replies.push_back(std::move(text));
  }

  JsonTree tree_;
};

}  // namespace

Vendor fcsapi_vendor();
Vendor fcsapi_vendor() {
  return {.name = "fcsapi",
          .facts = {.title = "FCS API",
                    .carries = "USD/JPY (FX:USDJPY), price, sometimes bid and ask",
                    .key = "an access key; a public one for demonstrations exists",
                    .delay = "live",
                    .terms = "captures are read, feeds are not connected"},
          .default_url = "wss://ws-v4.fcsapi.com/ws",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<FcsapiCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
