#include "feeds/decode_line.hpp"

#include "core/json_writer.hpp"
#include "feeds/base64.hpp"
#include "feeds/codec.hpp"

namespace yagura::feeds {
namespace {

constexpr std::string_view kBinary = "b64:";

void write_tick(JsonWriter& json, const VendorTick& tick) {
  json.begin_object().field("symbol", tick.symbol);
  if (tick.price) json.field("price", *tick.price);
  if (tick.bid) json.field("bid", *tick.bid);
  if (tick.ask) json.field("ask", *tick.ask);
  json.key("ts_ms");
  if (tick.ts) {
    json.value(to_ns(*tick.ts) / 1'000'000);
  } else {
    json.null();
  }
  json.end_object();
}

}  // namespace

std::string decode_line(Codec& codec, std::string_view line) {
  Decoded decoded;
  std::string bytes;
  if (!line.starts_with(kBinary)) {
    codec.decode({line, false}, decoded);
  } else if (decode_base64(line.substr(kBinary.size()), bytes)) {
    codec.decode({bytes, true}, decoded);
  } else {
    decoded.error = "not base64 after b64:";
  }

  std::string out;
  JsonWriter json{out};
  json.begin_object().key("ticks").begin_array();
  for (const auto& tick : decoded.ticks) write_tick(json, tick);
  json.end_array().key("error");
  if (decoded.error.empty()) {
    json.null();
  } else {
    json.value(decoded.error);
  }
  json.end_object();
  return out;
}

}  // namespace yagura::feeds
