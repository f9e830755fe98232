// What codecs share: taking values out of frames, and saying what was wrong with them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/int128.hpp"
#include "feeds/vendors/common.hpp"

namespace yagura::feeds {

// Reports what the vendor said of itself.
inline void vendor_error(Decoded& out, std::string_view text, Refusal refusal = Refusal::kNone) {
  out.error.assign("vendor error: ").append(text.empty() ? "without a word" : clip(text, kLongText));
  out.refusal = refusal;
}

// The takers leave `to` empty for null, zero and what is missing; false, and said in `out`, when
// there is something else.
[[nodiscard]] inline bool take_price(Decoded& out, std::string_view name, const JsonScalar& value,
                                     std::optional<Price>& to) {
  if (read_price(value, to)) return true;
  reject_value(out, name, value);
  return false;
}

// Decimals of a second are kept to the nanosecond: a price has as many places.
[[nodiscard]] inline bool take_seconds(Decoded& out, std::string_view name, const JsonScalar& value,
                                       std::optional<Timestamp>& to) {
  std::optional<Price> seconds;
  if (!take_price(out, name, value, seconds)) return false;
  if (seconds) to = timestamp_from_ns(seconds->raw());
  return true;
}

[[nodiscard]] inline bool take_milliseconds(Decoded& out, std::string_view name, const JsonScalar& value,
                                            std::optional<Timestamp>& to) {
  if (value.absent()) return true;
  const auto ms = read_integer(value);
  if (ms && *ms == 0) return true;
  if (ms) to = timestamp_from_ms(*ms);
  if (!to) reject_value(out, name, value);
  return to.has_value();
}

// Ten digits are seconds, thirteen milliseconds.
[[nodiscard]] inline bool take_seconds_or_ms(Decoded& out, std::string_view name, const JsonScalar& value,
                                             std::optional<Timestamp>& to) {
  if (value.absent()) return true;
  if (value.text.size() == 10 && read_integer(value)) return take_seconds(out, name, value, to);
  if (value.text.size() == 13) return take_milliseconds(out, name, value, to);
  reject_value(out, name, value);
  return false;
}

[[nodiscard]] inline bool take_iso8601(Decoded& out, std::string_view name, const JsonScalar& value,
                                       std::optional<Timestamp>& to) {
  if (value.absent()) return true;
  if (value.kind == JsonKind::kString) to = parse_iso8601(value.text);
  if (!to) reject_value(out, name, value);
  return to.has_value();
}

// A name that is there, else false.
[[nodiscard]] inline bool take_symbol(Decoded& out, std::string_view name, const JsonScalar& value,
                                      std::string_view& to) {
  if (value.kind == JsonKind::kString && !value.text.empty()) {
    to = value.text;
    return true;
  }
  out.error.assign("prices without \"").append(name).append("\"");
  return false;
}

// A whole number of 10^exponent units; nullopt when out of range. Beyond nine decimals it is rounded
// half away from zero.
[[nodiscard]] inline std::optional<Price> price_from_units(std::int64_t units, std::int64_t exponent) {
  if (units == 0 || exponent < -28) return Price{};  // less than half of 1e-9
  if (exponent > 9) return std::nullopt;
  Int128 raw = units;
  Int128 divisor = 1;
  for (auto places = exponent + Price::kDecimals; places > 0; --places) raw *= 10;
  for (auto places = exponent + Price::kDecimals; places < 0; ++places) divisor *= 10;
  raw = (raw < 0 ? raw - divisor / 2 : raw + divisor / 2) / divisor;
  constexpr Int128 kMost = INT64_MAX;
  if (raw > kMost || raw < -kMost) return std::nullopt;
  return Price::from_raw(static_cast<std::int64_t>(raw));
}

// Symbols of ticks that outlive the text they came from, because a frame holds several texts. Kept
// from frame to frame, so that nothing is allocated in steady state.
class NameStore {
 public:
  void clear() { used_ = 0; }
  // Lives until clear().
  [[nodiscard]] std::string_view keep(std::string_view name) {
    if (used_ == names_.size()) names_.emplace_back();
    return names_[used_++].assign(name);
  }

 private:
  std::deque<std::string> names_;
  std::size_t used_ = 0;
};

// A codec for frames alone: the vendor cannot be connected to.
class FrameCodec : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string>) override { return {}; }
};

}  // namespace yagura::feeds
