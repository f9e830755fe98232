// FNV-1a, 128 bits: offset basis and prime from Fowler, Noll, Vo (RFC 9923). Not secret, not
// keyed: an alert's id names it, it does not protect it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/digits.hpp"
#include "core/int128.hpp"

namespace yagura {

struct Id128 {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  friend constexpr bool operator==(Id128, Id128) = default;
  [[nodiscard]] constexpr bool empty() const { return hi == 0 && lo == 0; }
};

class Fnv128 {
 public:
  constexpr Fnv128& bytes(std::string_view text) {
    for (const char c : text) {
      state_ ^= static_cast<unsigned char>(c);
      state_ *= kPrime;
    }
    return *this;
  }
  // Eight bytes, least significant first, whatever the machine.
  constexpr Fnv128& number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i, value >>= 8) {
      state_ ^= value & 0xff;
      state_ *= kPrime;
    }
    return *this;
  }
  [[nodiscard]] constexpr Id128 value() const {
    return {static_cast<std::uint64_t>(state_ >> 64), static_cast<std::uint64_t>(state_)};
  }

 private:
  using Wide = UInt128;
  static constexpr Wide kPrime = (Wide{0x0000000001000000} << 64) | 0x000000000000013b;
  Wide state_ = (Wide{0x6c62272e07bb0142} << 64) | 0x62b821756295c58d;
};

// 32 lower-case hexadecimal digits.
[[nodiscard]] inline std::array<char, 32> to_hex(Id128 id) {
  std::array<char, 32> text;
  const std::uint64_t eights[] = {
      eight_hex(static_cast<std::uint32_t>(id.hi >> 32)), eight_hex(static_cast<std::uint32_t>(id.hi)),
      eight_hex(static_cast<std::uint32_t>(id.lo >> 32)), eight_hex(static_cast<std::uint32_t>(id.lo))};
  std::memcpy(text.data(), eights, sizeof eights);
  return text;
}
[[nodiscard]] inline std::string to_string(Id128 id) {
  const auto hex = to_hex(id);
  return {hex.data(), hex.size()};
}

}  // namespace yagura
