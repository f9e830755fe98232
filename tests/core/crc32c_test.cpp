#include "core/crc32c.hpp"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace yagura {
namespace {

using Words = std::array<std::uint64_t, 4>;

// RFC 3720, B.4: 32 bytes of zeros, of ones, and counting up.
TEST(Crc32c, GivesThePublishedSums) {
  EXPECT_EQ(crc32c(Words{}), 0x8a9136aaU);
  EXPECT_EQ(crc32c(Words{~0ULL, ~0ULL, ~0ULL, ~0ULL}), 0x62a8ab43U);
  EXPECT_EQ(crc32c(Words{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL, 0x1716151413121110ULL, 0x1f1e1d1c1b1a1918ULL}),
            0x46dd794eU);
}

TEST(Crc32c, IsTheSameWithAndWithoutTheInstruction) {
  std::mt19937_64 random{7};
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<std::uint64_t> words(size);
    for (auto& word : words) word = random();
    EXPECT_EQ(crc32c(words), crc32c_by_table(words)) << size;
  }
}

TEST(Crc32c, GoesOnFromASumBefore) {
  const std::array<std::uint64_t, 3> words{1, 2, 3};
  const std::span all{words};
  EXPECT_EQ(crc32c(all.subspan(1), crc32c(all.first(1))), crc32c(all));
}

}  // namespace
}  // namespace yagura
