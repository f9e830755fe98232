// A PricingData message, field by field, without the library under test's own writer.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace yagura::feeds {

class YahooMessage {
 public:
  YahooMessage& id(std::string_view value) { return text(1, value); }
  YahooMessage& price(float value) { return fixed32(2, value); }
  YahooMessage& time_ms(std::int64_t ms) {
    return varint(3, (static_cast<std::uint64_t>(ms) << 1) ^ static_cast<std::uint64_t>(ms >> 63));
  }
  YahooMessage& quote_type(std::uint64_t value) { return varint(6, value); }

  YahooMessage& varint(std::uint32_t field, std::uint64_t value) { return key(field, 0).number(value); }
  YahooMessage& fixed64(std::uint32_t field, std::uint64_t bits) { return key(field, 1).little_endian(bits, 8); }
  YahooMessage& text(std::uint32_t field, std::string_view value) {
    key(field, 2).number(value.size());
    bytes_ += value;
    return *this;
  }
  YahooMessage& fixed32(std::uint32_t field, float value) {
    return key(field, 5).little_endian(std::bit_cast<std::uint32_t>(value), 4);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  YahooMessage& key(std::uint32_t field, std::uint32_t wire) { return number(field << 3 | wire); }
  YahooMessage& number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  YahooMessage& little_endian(std::uint64_t bits, int count) {
    for (; count > 0; --count, bits >>= 8) bytes_ += static_cast<char>(bits & 0xff);
    return *this;
  }
  std::string bytes_;
};

}  // namespace yagura::feeds
