// Databento Live: lines of text until the session starts, then records of DBN. Captures are read,
// feeds are not connected: it is a protocol of its own over TCP.
#include <charconv>
#include <map>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/little_endian.hpp"

namespace yagura::feeds {
namespace {

// Kinds of records.
constexpr std::uint8_t kTrade = 0x00;
constexpr std::uint8_t kTopOfBook = 0x01;
constexpr std::uint8_t kError = 0x15;
constexpr std::uint8_t kSymbolMapping = 0x16;

constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kMappingSizeV1 = 80;
constexpr std::size_t kMappingSizeV2 = 176;
constexpr std::size_t kMostInstruments = 4'096;  // whose names are kept
constexpr std::size_t kMetadataIntro = 8;        // "DBN", version, length of the rest

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol == "NKFUT" ? "NIY.FUT" : symbol}; }

// Text in a field of fixed size.
std::string_view until_zero(std::string_view field) { return field.substr(0, field.find('\0')); }

// Prices are counts of 1e-9, as ours are; the largest number stands for none.
bool take_price(std::string_view& bytes, std::optional<Price>& out) {
  std::uint64_t bits = 0;
  if (!take_little(bytes, bits)) return false;
  const auto raw = static_cast<std::int64_t>(bits);
  if (raw != INT64_MAX && raw != INT64_MIN && raw != 0) out = Price::from_raw(raw);
  return true;
}

struct Record {
  std::uint8_t kind = 0;
  std::uint32_t instrument = 0;
  std::optional<Timestamp> ts;
  std::string_view body;  // behind the header
};

// Null when fine, else what is wrong. The length comes first, in words of four bytes.
const char* take_record(std::string_view& bytes, Record& out) {
  std::string_view record, publisher;
  const std::size_t size = std::size_t{static_cast<unsigned char>(bytes[0])} * 4;
  if (size < kHeaderSize) return "a record shorter than its header";
  if (!take_bytes(bytes, size, record)) return "a truncated record";
  std::uint8_t words = 0;
  std::uint64_t ns = 0;
  if (!take_little(record, words) || !take_little(record, out.kind) || !take_bytes(record, 2, publisher) ||
      !take_little(record, out.instrument) || !take_little(record, ns)) {
    return "a truncated record";
  }
  if (ns != 0 && ns <= static_cast<std::uint64_t>(INT64_MAX)) out.ts = timestamp_from_ns(static_cast<std::int64_t>(ns));
  out.body = record;
  return nullptr;
}

class DatabentoCodec final : public FrameCodec {
 public:
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    names_.clear();
    if (frame.payload.empty()) {
      out.error = "empty message";
    } else if (frame.binary) {
      decode_binary(frame.payload, out);
    } else {
      decode_text(frame.payload, out);
    }
  }

 private:
  // Lines of "key=value|key=value".
  static void decode_text(std::string_view text, Decoded& out) {
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line == "start_session") continue;  // ours, in a capture of both directions
      if (line.find('=') == std::string_view::npos) {
        out.error = "a line without \"key=value\"";
      } else if (line.starts_with("success=0")) {
        vendor_error(out, line.substr(line.find('|') == std::string_view::npos ? 0 : line.find('|') + 1),
                     Refusal::kAuth);
      }
    }
  }

  void decode_binary(std::string_view bytes, Decoded& out) {
    if (bytes.starts_with("DBN")) {
      std::string_view intro, metadata;
      std::uint32_t size = 0;
      if (!take_bytes(bytes, kMetadataIntro - sizeof size, intro) || !take_little(bytes, size) ||
          !take_bytes(bytes, size, metadata)) {
        out.error = "truncated metadata";
        return;
      }
    }
    while (!bytes.empty()) {
      Record record;
      if (const char* problem = take_record(bytes, record)) {
        out.error = problem;
        return;
      }
      if (!decode_record(record, out)) out.error = "a truncated record";
    }
  }

  // False when its fields do not fit into it.
  bool decode_record(Record& record, Decoded& out) {
    switch (record.kind) {
      case kTrade:
      case kTopOfBook: return decode_market(record, out);
      case kSymbolMapping: return keep_mapping(record);
      case kError: vendor_error(out, until_zero(record.body)); return true;
      default: return true;
    }
  }

  // Price, size (4), action, side, flags, depth, time of receipt (8), delay (4), sequence (4); then,
  // of the top of the book, bid and ask. A price is a trade's only where the action says so.
  bool decode_market(Record& record, Decoded& out) {
    VendorTick tick;
    std::uint8_t action = 0;
    std::string_view ignored;
    if (!take_price(record.body, tick.price) || !take_bytes(record.body, 4, ignored) ||
        !take_little(record.body, action) || !take_bytes(record.body, 3 + 8 + 4 + 4, ignored)) {
      return false;
    }
    if (record.kind == kTopOfBook) {
      if (!take_price(record.body, tick.bid) || !take_price(record.body, tick.ask)) return false;
      if (action != 'T') tick.price.reset();
    }
    if (!tick.price && !tick.bid && !tick.ask) return true;
    tick.ts = record.ts;
    tick.symbol = name_of(record.instrument);
    out.ticks.push_back(tick);
    return true;
  }

  // Both versions hold two names and two times; the second name is the contract's.
  bool keep_mapping(const Record& record) {
    const std::size_t size = record.body.size() + kHeaderSize;
    const bool v1 = size == kMappingSizeV1;
    if (!v1 && size != kMappingSizeV2) return false;
    const auto name = v1 ? record.body.substr(22, 22) : record.body.substr(1 + 71 + 1, 71);
    if (instruments_.size() < kMostInstruments || instruments_.count(record.instrument) != 0)
      instruments_[record.instrument] = until_zero(name);
    return true;
  }

  // The contract's name, else its number.
  std::string_view name_of(std::uint32_t instrument) {
    const auto known = instruments_.find(instrument);
    if (known != instruments_.end() && !known->second.empty()) return names_.keep(known->second);
    char text[16];
    const auto end = std::to_chars(text, text + sizeof text, instrument).ptr;
    return names_.keep({text, static_cast<std::size_t>(end - text)});
  }

  std::map<std::uint32_t, std::string> instruments_;
  NameStore names_;
};

}  // namespace

Vendor databento_vendor();
Vendor databento_vendor() {
  return {.name = "databento",
          .facts = {.title = "Databento Live",
                    .carries = "CME Nikkei futures in yen and dollars (NIY, NKD), trades, bid and ask",
                    .key = "paid",
                    .delay = "live",
                    .terms = "a protocol of its own over TCP; captures are read, feeds are not connected"},
          .default_url = "",
          .live = false,
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<DatabentoCodec>(); },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
