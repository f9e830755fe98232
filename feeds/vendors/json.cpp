// Any feed of JSON frames over WebSocket, read as the settings say: subscription texts, and pointers
// to symbol, prices and time.
#include "feeds/json_format.hpp"

#include <charconv>

#include "feeds/vendors/decoding.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kNoFormat =
    "frames of vendor \"json\" are read by the settings of their feed, and none are here";

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

// For a query: letters, digits and -._~ stay.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view{"-._~"}.find(c) != std::string_view::npos;
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kHex[byte >> 4], kHex[byte & 0xf]});
    }
  }
  return encoded;
}

// Ticks of time since 1970; a fraction is cut off, but for seconds.
std::optional<Timestamp> since_1970(const JsonScalar& value, JsonTimeUnit unit) {
  if (value.kind != JsonKind::kNumber && value.kind != JsonKind::kString) return std::nullopt;
  if (unit == JsonTimeUnit::kSeconds) {
    const auto seconds = parse_price(value.text);  // nine decimals, as nanoseconds have
    return seconds ? std::optional{timestamp_from_ns(seconds->raw())} : std::nullopt;
  }
  const auto whole = value.text.substr(0, value.text.find('.'));
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (error != std::errc{} || end != whole.data() + whole.size()) return std::nullopt;
  if (unit == JsonTimeUnit::kMilliseconds) return timestamp_from_ms(count);
  if (unit == JsonTimeUnit::kNanoseconds) return timestamp_from_ns(count);
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(count, std::int64_t{1'000}, &ns)) return std::nullopt;
  return timestamp_from_ns(ns);
}

class JsonCodec final : public Codec {
 public:
  explicit JsonCodec(const CodecOptions& options) : format_(options.json), token_(options.credentials.token) {}

  void handshake(Handshake& handshake) const override {
    replace_all(handshake.target, "{token}", percent_encoded(token_));
    if (!format_ || format_->header.empty()) return;
    const auto colon = format_->header.find(':');
    auto value = format_->header.substr(format_->header.find_first_not_of(' ', colon + 1));
    replace_all(value, "{token}", token_);
    handshake.headers.emplace_back(format_->header.substr(0, colon), std::move(value));
  }
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    return format_ ? fill_texts(format_->subscribe, {symbols.begin(), symbols.end()}, token_)
                   : std::vector<std::string>{};
  }
  std::vector<std::string> unsubscribe(std::span<const std::string> symbols) override {
    return format_ ? fill_texts(format_->unsubscribe, {symbols.begin(), symbols.end()}, token_)
                   : std::vector<std::string>{};
  }
  std::string keep_alive() override { return format_->heartbeat; }
  [[nodiscard]] Duration keep_alive_every() const override {
    return format_ && !format_->heartbeat.empty() ? format_->heartbeat_every : Duration{0};
  }
  // As it stands in the address, where a vendor's answer may repeat it.
  [[nodiscard]] std::vector<std::string> session_secrets() const override { return {percent_encoded(token_)}; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (!format_) {
      out.error = kNoFormat;
      return;
    }
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    if (format_->error && complaint(format_->error->find(root), out)) return;
    const auto events = format_->list ? format_->list->find(root) : root;
    if (!events.is_array()) return decode_event(events, out);
    for (const JsonView event : events) decode_event(event, out);
  }

 private:
  static bool complaint(JsonView value, Decoded& out) {
    if (value.absent() || (value.is_string() && value.text().empty())) return false;
    if (value.kind() == JsonKind::kBool && value.text() == "false") return false;
    vendor_error(out, value.text());
    return true;
  }

  void decode_event(JsonView event, Decoded& out) const {
    const auto& format = *format_;
    const auto at = [&](const std::optional<JsonPointer>& pointer) {
      return pointer ? pointer->find(event) : JsonView{};
    };
    VendorTick tick;
    const JsonView price = at(format.price), bid = at(format.bid), ask = at(format.ask);
    if (!read_price(price, tick.price)) return reject_value(out, "price", price);
    if (!read_price(bid, tick.bid)) return reject_value(out, "bid", bid);
    if (!read_price(ask, tick.ask)) return reject_value(out, "ask", ask);
    if (!tick.price && !tick.bid && !tick.ask) return;
    const JsonView symbol = at(format.symbol);
    tick.symbol = format.symbol ? symbol.text() : std::string_view{format.only_symbol};
    const bool named = !format.symbol || symbol.is_string() || symbol.kind() == JsonKind::kNumber;
    if (tick.symbol.empty() || !named) {
      out.error = "prices without a symbol";
      return;
    }
    if (const JsonView time = at(format.time); !time.absent()) {
      tick.ts = format.time_unit != JsonTimeUnit::kIso8601 ? since_1970(time, format.time_unit)
                : time.is_string()                         ? parse_iso8601(time.text())
                                                           : std::nullopt;
      if (!tick.ts) return reject_value(out, "time", time);
    }
    if (const JsonView seq = at(format.seq); !seq.absent()) {
      const auto number = read_integer(seq);
      if (!number || *number < 0) return reject_value(out, "seq", seq);
      tick.seq = static_cast<std::uint64_t>(*number);
    }
    out.ticks.push_back(tick);
  }

  std::shared_ptr<const JsonFormat> format_;
  std::string token_;
  JsonTree tree_;
};

}  // namespace

Vendor json_vendor();
Vendor json_vendor() {
  return {.name = "json",
          .facts = {.title = "any feed of JSON frames",
                    .carries = "whatever the other side offers",
                    .key = "as the feed wants it",
                    .delay = "as the feed has it",
                    .terms = "read as the feed's json table says; no server side"},
          .default_url = "",
          .wants_format = true,
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<JsonCodec>(options);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
