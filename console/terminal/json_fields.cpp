#include "console/terminal/json_fields.hpp"

#include <cmath>

namespace yagura::console::terminal {

std::string text(const Object& object, std::string_view key, std::size_t most) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return {};
  if (value.size() <= most) return std::string{value};
  while (most > 0 && (static_cast<unsigned char>(value[most]) & 0xc0U) == 0x80) --most;  // never half a character
  return std::string{value.substr(0, most)} + "…";
}

bool flag(const Object& object, std::string_view key) {
  bool value = false;
  return object[key].get(value) == simdjson::SUCCESS && value;
}

std::optional<std::int64_t> integer(const Object& object, std::string_view key) {
  std::int64_t value = 0;
  if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::uint64_t count(const Object& object, std::string_view key) {
  std::uint64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : 0;
}

std::optional<std::int64_t> milliseconds(const Object& object, std::string_view key) {
  const auto value = integer(object, key);
  return value && *value >= 0 && *value <= kMostMs ? value : std::nullopt;
}

std::optional<double> real(const Object& object, std::string_view key) {
  double value = 0;
  if (object[key].get(value) != simdjson::SUCCESS || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<Price> price(const Object& object, std::string_view key) {
  std::string_view written;
  if (object[key].get(written) != simdjson::SUCCESS) return std::nullopt;
  const auto value = parse_price(written);
  return value && value->raw() > 0 && value->raw() <= kMostRaw ? value : std::nullopt;
}

std::optional<PriceDelta> delta(const Object& object, std::string_view key) {
  std::string_view written;
  if (object[key].get(written) != simdjson::SUCCESS) return std::nullopt;
  const auto value = parse_price_delta(written);
  return value && value->raw() >= -kMostRaw && value->raw() <= kMostRaw ? value : std::nullopt;
}

std::optional<Timestamp> time(const Object& object, std::string_view key) {
  const auto value = integer(object, key);
  if (!value || *value < 0 || *value > kMostRaw) return std::nullopt;
  return timestamp_from_ns(*value);
}

std::optional<Object> object(const Object& in, std::string_view key) {
  Object value;
  if (in[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace yagura::console::terminal
