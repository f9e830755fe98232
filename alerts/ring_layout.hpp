// How a crash ring lies in its file: a page with the head, then the slots. Little-endian machines only.
// For the two that write and read it, alerts/crash_ring.cpp and alerts/ring_file.cpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "core/crc32c.hpp"
#include "core/tick.hpp"

namespace yagura::alerts {

static_assert(std::endian::native == std::endian::little, "a ring is written as it lies in memory");

inline constexpr std::array<char, 8> kRingMagic{'Y', 'G', 'R', 'A', 'R', 'I', 'N', 'G'};
// Grows by one when a field changes its place or meaning.
inline constexpr std::uint32_t kRingVersion = 1;
inline constexpr std::size_t kRingHeadSize = 4096;
inline constexpr std::size_t kMostRingSlots = std::size_t{1} << 20;

// Where things lie in a tick and what its flags mean, as this program was built.
inline constexpr std::uint64_t kTickLayout = [] {
  std::uint64_t layout = kCacheLine;
  for (const std::size_t at :
       {offsetof(Tick, ts_event), offsetof(Tick, ts_recv), offsetof(Tick, mono_recv), offsetof(Tick, price),
        offsetof(Tick, bid), offsetof(Tick, ask), offsetof(Tick, seq), offsetof(Tick, symbol), offsetof(Tick, source),
        offsetof(Tick, flags), static_cast<std::size_t>(TickFlag::kSourceSwitch)})
    layout = layout * 31 + at;
  return layout;
}();

// What a sum says of `words`; never the plain sum, which of nothing is nothing.
[[nodiscard]] inline std::uint32_t ring_sum(std::span<const std::uint64_t> words, std::uint32_t seed = 0) noexcept {
  return crc32c(words, seed) ^ 0x59475241U;
}

// The first bytes of the file. In every version the sum stands here, over all before it, so that a newer
// file can be told from a damaged one.
struct RingHead {
  std::array<char, 8> magic = kRingMagic;
  std::uint32_t version = kRingVersion;
  std::uint32_t slot_size = 0;
  std::uint64_t slots = 0;
  std::uint64_t id = 0;       // of this sequence of entries; random
  std::uint64_t symbols = 0;  // who SymbolId 0, 1, ... are
  std::uint64_t tick_layout = kTickLayout;
  std::uint64_t unused = 0;
  std::uint64_t sum = 0;

  [[nodiscard]] std::uint64_t right_sum() const noexcept {
    std::array<std::uint64_t, 7> words{};
    std::memcpy(words.data(), this, sizeof words);
    return ring_sum(words);
  }
};
static_assert(sizeof(RingHead) == 64 && offsetof(RingHead, sum) == 56);

// One entry. `number` is zero while it is written and set last of all.
struct alignas(2 * kCacheLine) RingSlot {
  std::uint64_t number;  // 1, 2, ...; entry n lies in slot n modulo slots
  std::uint8_t kind;
  std::uint8_t detail;
  std::uint16_t zero;
  std::uint32_t sum;
  alignas(kCacheLine) Tick tick;

  // Over all but itself and the padding, with `number` as it will be.
  [[nodiscard]] std::uint32_t right_sum(std::uint64_t its_number) const noexcept {
    std::array<std::uint64_t, 2 + sizeof(Tick) / 8> words{its_number};
    words[1] = std::uint64_t{kind} | std::uint64_t{detail} << 8 | std::uint64_t{zero} << 16;
    std::memcpy(&words[2], &tick, sizeof tick);
    return ring_sum(words);
  }
};
static_assert(sizeof(RingSlot) == 2 * kCacheLine);

[[nodiscard]] constexpr std::size_t ring_size(std::size_t slots) { return kRingHeadSize + slots * sizeof(RingSlot); }
[[nodiscard]] constexpr std::size_t ring_offset(std::uint64_t number, std::size_t slots) {
  return kRingHeadSize + (number & (slots - 1)) * sizeof(RingSlot);
}

}  // namespace yagura::alerts
