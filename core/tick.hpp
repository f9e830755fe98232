// One market update, as it crosses from a feed's thread to the detectors.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/price.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"

namespace yagura {

inline constexpr std::size_t kCacheLine = 64;

// Which connection a tick came over: dense, a new one for each feed session, so that a sequence
// number of an old connection is never mistaken for one of the new. Wraps; compared for equality.
enum class SourceId : std::uint16_t {};

enum class TickFlag : std::uint8_t {
  kNone = 0,
  kHasSeq = 1,         // `seq` is the venue's
  kHasBid = 2,         // `bid` is filled
  kHasAsk = 4,         // `ask` is filled
  kFolded = 8,         // stands for several ticks of an overloaded moment: a hole in `seq` is expected
  kAfterGap = 16,      // the feed knows that ticks may be missing before this one (it reconnected)
  kFromBar = 32,       // a corner of a bar: the time between two of them says nothing about a feed
  kSourceSwitch = 64,  // the first of another feed, which took over
};
constexpr TickFlag operator|(TickFlag a, TickFlag b) {
  return static_cast<TickFlag>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr TickFlag& operator|=(TickFlag& a, TickFlag b) { return a = a | b; }
[[nodiscard]] constexpr bool has(TickFlag set, TickFlag flag) {
  return (static_cast<std::uint8_t>(set) & static_cast<std::uint8_t>(flag)) != 0;
}

struct Tick {
  Timestamp ts_event;  // venue clock, UTC
  Timestamp ts_recv;   // our wall clock when the frame was complete
  MonoTime mono_recv;  // steady clock at the same moment: tick-to-alert starts here
  Price price;         // last or index print; the mid of bid and ask when the venue sends no price
  Price bid;           // valid with kHasBid
  Price ask;           // valid with kHasAsk
  std::uint64_t seq;   // valid with kHasSeq; counts per source and symbol
  SymbolId symbol;
  SourceId source;
  TickFlag flags;
  // From mono_recv to the hand-over into the queue, in 64 ns steps, saturating at 4.2 ms: what
  // decoding cost, and where the wait in the queue begins.
  std::uint8_t reserved;
  std::uint16_t enqueue_delay_64ns;

  [[nodiscard]] bool two_sided() const { return has(flags, TickFlag::kHasBid) && has(flags, TickFlag::kHasAsk); }
};
static_assert(sizeof(Tick) == kCacheLine, "one tick per cache line");
static_assert(std::is_trivially_copyable_v<Tick>, "crosses threads as bytes");

}  // namespace yagura
