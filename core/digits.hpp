// Decimal digits, eight at a time in one register: no table, so nothing of it has to be in a cache.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace yagura {

static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");

inline constexpr std::uint64_t kEightZeros = 0x3030303030303030;

// The digits 0 to 9 of a value below 100,000,000, the first in the lowest byte; add kEightZeros for text.
[[nodiscard]] constexpr std::uint64_t eight_digits(std::uint32_t value) noexcept {
  // Halves of four digits, quarters of two, then single ones; each division is a multiplication.
  const std::uint64_t fours = value / 10'000 | std::uint64_t{value % 10'000} << 32;
  const std::uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000'007f'0000'007f;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000f'000f'000f'000f;
  return tens | (twos - tens * 10) << 8;
}

// Writes the last `count` (1 to 8) digits of `value`, zeros included. There must be room for eight bytes.
inline char* write_padded(char* out, std::uint32_t value, int count) noexcept {
  const std::uint64_t text = (eight_digits(value) + kEightZeros) >> 8 * (8 - count);
  std::memcpy(out, &text, 8);
  return out + count;
}

// Writes a value below 100,000,000, at least one digit. There must be room for eight bytes.
inline char* write_small(char* out, std::uint32_t value) noexcept {
  const std::uint64_t digits = eight_digits(value);
  const int zeros = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
  const std::uint64_t text = (digits + kEightZeros) >> 8 * zeros;
  std::memcpy(out, &text, 8);
  return out + 8 - zeros;
}

// The most that write_number() and write_integer() touch.
inline constexpr std::size_t kMaxIntegerChars = 25;

inline char* write_number(char* out, std::uint64_t value) noexcept {
  constexpr std::uint64_t kEight = 100'000'000;
  if (value < kEight) return write_small(out, static_cast<std::uint32_t>(value));
  const auto high = value / kEight;
  if (high < kEight) {
    out = write_small(out, static_cast<std::uint32_t>(high));
  } else {
    out = write_small(out, static_cast<std::uint32_t>(high / kEight));
    out = write_padded(out, static_cast<std::uint32_t>(high % kEight), 8);
  }
  return write_padded(out, static_cast<std::uint32_t>(value % kEight), 8);
}

inline char* write_integer(char* out, std::int64_t value) noexcept {
  if (value >= 0) return write_number(out, static_cast<std::uint64_t>(value));
  *out = '-';
  return write_number(out + 1, ~static_cast<std::uint64_t>(value) + 1);
}

}  // namespace yagura
