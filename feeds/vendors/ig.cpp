// IG over Lightstreamer's text protocol: lines of comma-separated words, updates as rows of fields of
// which only the changed ones are filled. Frames are read, feeds are not connected.
#include <algorithm>
#include <array>
#include <charconv>

#include "feeds/vendors/decoding.hpp"

namespace yagura::feeds {
namespace {

enum Column : std::size_t { kBid, kOffer, kTime, kColumns };  // the schema BID OFR UTM

std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225") return "IX.D.NIKKEI.DAILY.IP";
  return is_currency_pair(symbol) ? std::string{"CS.D."}.append(symbol).append(".CFD.IP") : std::string{symbol};
}

std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

bool all_between(std::string_view text, char first, char last) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) { return c >= first && c <= last; });
}

class IgCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    auto text = frame.payload;
    do {
      auto line = take_until(text, '\n');
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!line.empty() || frame.payload.empty()) decode_line(line, out);
    } while (!text.empty());
  }

 private:
  // A line of ours, in a capture of both directions.
  static bool is_request(std::string_view line) {
    return line == "create_session" || line == "bind_session" || line == "control" || line.starts_with("LS_");
  }

  static void decode_line(std::string_view line, Decoded& out) {
    if (is_request(line)) return;
    auto rest = line;
    const auto tag = take_until(rest, ',');
    if (tag == "U") {
      decode_update(rest, out);
    } else if (!all_between(tag, 'A', 'Z')) {
      out.error = "a line without a message of the protocol";
    } else if (tag == "SUBOK") {
      out.subscribed = true;
    } else if (tag == "CONERR" || tag == "END") {
      vendor_error(out, line, Refusal::kSession);
    } else if (tag == "ERROR" || tag == "REQERR") {
      vendor_error(out, line);
    }
  }

  // "SUBSCRIPTION,ITEM,v1|v2|.."
  static void decode_update(std::string_view rest, Decoded& out) {
    VendorTick tick;
    const auto subscription = take_until(rest, ',');
    tick.symbol = take_until(rest, ',');
    if (!all_between(subscription, '0', '9') || !all_between(tick.symbol, '0', '9') || rest.empty()) {
      out.error = "an update without its subscription, item or values";
      return;
    }
    std::array<JsonScalar, kColumns> row;
    if (!read_row(rest, row)) {
      out.error = "an update whose \"^\" has no count";
      return;
    }
    if (!take_price(out, "BID", row[kBid], tick.bid) || !take_price(out, "OFR", row[kOffer], tick.ask) ||
        !take_milliseconds(out, "UTM", row[kTime], tick.ts)) {
      return;
    }
    if (tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  // Empty: unchanged. "#": null. "$": an empty text. "^n": n unchanged.
  static bool read_row(std::string_view rest, std::array<JsonScalar, kColumns>& row) {
    for (std::size_t column = 0; column < row.size() && !rest.empty(); ++column) {
      const auto value = take_until(rest, '|');
      if (value.starts_with('^')) {
        std::uint32_t count = 0;
        const auto* const end = value.data() + value.size();
        const auto [at, error] = std::from_chars(value.data() + 1, end, count);
        if (error != std::errc{} || at != end || count == 0) return false;
        column += count - 1;
      } else if (!value.empty() && value != "#") {
        row[column] = {JsonKind::kString, value == "$" ? std::string_view{} : value};
      }
    }
    return true;
  }
};

}  // namespace

Vendor ig_vendor();
Vendor ig_vendor() {
  return {.name = "ig",
          .facts = {.title = "IG (Lightstreamer)",
                    .carries = "Nikkei and USD/JPY contracts of the broker, by item number, bid and offer",
                    .key = "an API key and an account; demonstration accounts exist",
                    .delay = "live",
                    .terms = "for the broker's customers; captures are read, feeds are not connected"},
          .default_url = "",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<IgCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
