#include "core/crc32c.hpp"

#include <array>
#include <bit>
#include <cstddef>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace yagura {
namespace {

static_assert(std::endian::native == std::endian::little, "words are summed from their lowest byte on");

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // 0x1edc6f41, lowest bit first

// Row i: what a byte does to the sum when i more bytes follow it.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1) != 0 ? kPolynomial ^ (sum >> 1) : sum >> 1;
    tables[0][byte] = sum;
  }
  for (std::size_t row = 1; row < tables.size(); ++row) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const auto before = tables[row - 1][byte];
      tables[row][byte] = tables[0][before & 0xff] ^ (before >> 8);
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

#if defined(__x86_64__)
const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;

__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(std::span<const std::uint64_t> words,
                                                                      std::uint32_t seed) noexcept {
  std::uint64_t sum = ~seed;
  for (const auto word : words) sum = _mm_crc32_u64(sum, word);
  return ~static_cast<std::uint32_t>(sum);
}
#endif

}  // namespace

std::uint32_t crc32c_by_table(std::span<const std::uint64_t> words, std::uint32_t seed) noexcept {
  std::uint32_t sum = ~seed;
  for (auto word : words) {
    word ^= sum;
    sum = 0;
    for (std::size_t row = kTables.size(); row-- > 0; word >>= 8) sum ^= kTables[row][word & 0xff];
  }
  return ~sum;
}

std::uint32_t crc32c(std::span<const std::uint64_t> words, std::uint32_t seed) noexcept {
#if defined(__x86_64__)
  if (has_instruction) return crc32c_by_instruction(words, seed);
#endif
  return crc32c_by_table(words, seed);
}

}  // namespace yagura
