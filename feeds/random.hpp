// Random numbers that are the same on every machine and with every compiler: the standard library's
// engines are, its distributions are not. Integers only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/int128.hpp"

namespace yagura::feeds {

// xoshiro256** 1.0 by Blackman and Vigna, seeded through their splitmix64.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) {
    for (auto& word : state_) word = split_mix(seed);
  }

  constexpr std::uint64_t bits() {
    const auto result = rotate_left(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate_left(state_[3], 45);
    return result;
  }

  // 0 to n - 1, n > 0.
  constexpr std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>((static_cast<UInt128>(bits()) * static_cast<std::uint64_t>(n)) >> 64);
  }

  // A standard normal deviate times 65,536: the sum of twelve uniform ones, so never beyond 6 sigma.
  constexpr std::int64_t normal_q16() {
    constexpr std::int64_t kMean = 12 * 65'535 / 2;
    std::int64_t sum = -kMean;
    for (int word = 0; word < 3; ++word) {
      auto rest = bits();
      for (int part = 0; part < 4; ++part, rest >>= 16) sum += static_cast<std::int64_t>(rest & 0xffff);
    }
    return sum;
  }

 private:
  static constexpr std::uint64_t rotate_left(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  static constexpr std::uint64_t split_mix(std::uint64_t& state) {
    auto z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace yagura::feeds
