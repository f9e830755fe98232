// TradingView's quote sessions (unofficial): packets of JSON, several in a frame, each behind its
// length in UTF-16 code units. Frames are read, feeds are not connected: the terms of use forbid it.
#include <charconv>

#include "feeds/vendors/decoding.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kMark = "~m~";
constexpr std::string_view kHeartbeat = "~h~";

std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225") return "TVC:NI225";
  if (symbol == "NKFUT") return "OSE:NK2251!";
  return is_currency_pair(symbol) ? std::string{"FX:"}.append(symbol) : std::string{symbol};
}

// Takes `units` UTF-16 code units, which UTF-8 writes in four bytes when they are two. False when
// the text ends before, or inside a character.
bool take_units(std::string_view& text, std::size_t units, std::string_view& taken) {
  std::size_t size = 0;
  while (units > 0 && size < text.size()) {
    const auto lead = static_cast<unsigned char>(text[size]);
    const std::size_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t width = bytes == 4 ? 2 : 1;
    if (width > units || bytes > text.size() - size) return false;
    units -= width;
    size += bytes;
  }
  if (units > 0) return false;
  taken = text.substr(0, size);
  text.remove_prefix(size);
  return true;
}

// "~m~LENGTH~m~PAYLOAD"; null when fine, else what is wrong.
const char* take_packet(std::string_view& text, std::string_view& payload) {
  if (!text.starts_with(kMark)) return "no ~m~ where a packet should begin";
  text.remove_prefix(kMark.size());
  std::uint32_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{}) return "a packet without a length";
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(kMark)) return "a packet without ~m~ behind its length";
  text.remove_prefix(kMark.size());
  return take_units(text, length, payload) ? nullptr : "a packet shorter than its length";
}

class TradingviewCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    names_.clear();
    auto text = frame.payload;
    do {
      const auto whole = text;
      std::string_view payload;
      if (const char* problem = take_packet(text, payload)) {
        out.error = problem;
        return;
      }
      if (payload.starts_with(kHeartbeat)) {
        out.replies.emplace_back(whole.substr(0, whole.size() - text.size()));  // comes back as it is
      } else {
        decode_packet(payload, out);
      }
    } while (!text.empty());
  }

 private:
  void decode_packet(std::string_view payload, Decoded& out) {
    if (const char* problem = tree_.read(payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    const auto type = root["m"].text();
    if (type == "qsd") {
      decode_quote(root["p"].at(1), out);
    } else if (type == "protocol_error" || type == "critical_error") {
      vendor_error(out, type, Refusal::kSession);
      for (const auto part : root["p"]) out.error.append(" ").append(clip(part.text()));
    }
  }

  // Only what changed: a quote without a price is none.
  void decode_quote(JsonView quote, Decoded& out) {
    VendorTick tick;
    if (!take_symbol(out, "n", quote["n"], tick.symbol)) return;
    if (quote["s"].text() == "error") {
      vendor_error(out, tick.symbol);
      out.error.append(": ").append(clip(quote["errmsg"].text()));
      return;
    }
    const auto values = quote["v"];
    if (!take_price(out, "lp", values["lp"], tick.price) || !take_price(out, "bid", values["bid"], tick.bid) ||
        !take_price(out, "ask", values["ask"], tick.ask) || !take_seconds(out, "lp_time", values["lp_time"], tick.ts)) {
      return;
    }
    if (!tick.price && !tick.bid && !tick.ask) return;
    tick.symbol = names_.keep(tick.symbol);
    out.ticks.push_back(tick);
  }

  JsonTree tree_;
  NameStore names_;
};

}  // namespace

Vendor tradingview_vendor();
Vendor tradingview_vendor() {
  return {.name = "tradingview",
          .facts = {.title = "TradingView",
                    .carries = "Nikkei 225 (TVC:NI225), Osaka futures (OSE:NK2251!), USD/JPY (FX:USDJPY)",
                    .key = "none",
                    .delay = "currencies live; indices and futures 15 minutes without a log-in",
                    .terms = "the terms of use forbid automated use; captures are read, feeds are not connected"},
          .default_url = "wss://data.tradingview.com/socket.io/websocket",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<TradingviewCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
