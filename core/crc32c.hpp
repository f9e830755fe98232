// CRC-32C (Castagnoli; the one of iSCSI, RFC 3720 B.4): finds every burst of up to 32 bits. In hardware
// where the machine has it.
#pragma once

#include <cstdint>
#include <span>

namespace yagura {

// Of whole words as they lie in memory. `seed`: the sum of what came before them; 0 at the beginning.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint64_t> words, std::uint32_t seed = 0) noexcept;

// The same with tables, for machines without the instruction.
[[nodiscard]] std::uint32_t crc32c_by_table(std::span<const std::uint64_t> words, std::uint32_t seed = 0) noexcept;

}  // namespace yagura
