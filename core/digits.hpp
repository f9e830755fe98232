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

// The eight hexadecimal digits of a value as text, the first in the lowest byte.
[[nodiscard]] constexpr std::uint64_t eight_hex(std::uint32_t value) noexcept {
  std::uint64_t nibbles = value;
  nibbles = (nibbles | nibbles << 16) & 0x0000'ffff'0000'ffff;
  nibbles = (nibbles | nibbles << 8) & 0x00ff'00ff'00ff'00ff;
  nibbles = (nibbles | nibbles << 4) & 0x0f0f'0f0f'0f0f'0f0f;
  const std::uint64_t letters = ((nibbles + 0x0606'0606'0606'0606) >> 4) & 0x0101'0101'0101'0101;
  return __builtin_bswap64(nibbles + kEightZeros + letters * ('a' - '0' - 10));
}

// Writes the last `count` (1 to 8) digits of `value`, zeros included. There must be room for eight bytes.
inline char* write_padded(char* out, std::uint32_t value, int count) noexcept {
  const std::uint64_t text = (eight_digits(value) + kEightZeros) >> 8 * (8 - count);
  std::memcpy(out, &text, 8);
  return out + count;
}

// How many digits a value below 100,000,000 has, at least one.
[[nodiscard]] constexpr int digits_of(std::uint32_t value) noexcept {
  return 8 - std::countr_zero(eight_digits(value) | std::uint64_t{1} << 56) / 8;
}

// Writes a value below 100,000,000, at least one digit. There must be room for eight bytes.
inline char* write_small(char* out, std::uint32_t value) noexcept { return write_padded(out, value, digits_of(value)); }

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
