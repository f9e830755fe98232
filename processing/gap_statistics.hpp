// How long the pauses between an instrument's ticks usually are, learnt by hour of the week: the
// 99.9th percentile of the gaps of the last 20 weeks or so, in bounded memory.
#pragma once

#include <array>
#include <cstdint>

#include "core/instrument.hpp"
#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// Counts of gaps by length: three bins an octave from half a second to a minute, one below and one
// above. Old gaps fade: every week takes a twentieth away.
class GapHistogram {
 public:
  static constexpr std::size_t kBins = 23;

  // Which count a gap goes into.
  [[nodiscard]] static std::size_t bin_of(Duration gap) noexcept;
  void add(std::size_t bin, std::uint32_t week) noexcept;
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  // Upper edge of the bin in which the 99.9th percentile lies; with fewer than 2,000 gaps that
  // of the second longest. Zero without two.
  [[nodiscard]] Duration percentile_999() const noexcept;
  // Read back from a snapshot: sane enough to go on with.
  [[nodiscard]] bool consistent() const noexcept;

 private:
  void fade(std::uint32_t week) noexcept;

  std::array<std::uint32_t, kBins> counts_{};
  std::uint32_t total_ = 0;
  std::uint32_t week_ = 0;  // of the last gap, since 1970
};

class GapStatistics {
 public:
  explicit GapStatistics(CalendarKind calendar) : calendar_(calendar) {}

  // A gap that began at `from`. Never allocates.
  void add(Timestamp from, Duration gap) noexcept;
  // Expected gap q after a tick at `t`: the percentile of that hour of the week once it has seen
  // 1,000 gaps; until then the seed (3 s while London or New York is at work, 10 s otherwise), or
  // the percentile over all hours when that is longer and rests on at least 20 gaps.
  [[nodiscard]] Duration expected(Timestamp t) noexcept;

  void state(StateIo& io);

 private:
  static constexpr std::size_t kHours = 168;
  // An hour of the week in New York (fx) or UTC, so that New York's clock changes move nothing.
  struct Hour {
    Timestamp from{};
    Timestamp to{};
    std::size_t index = 0;
    std::uint32_t week = 0;
    bool busy = false;
  };
  const Hour& hour_at(Timestamp t) noexcept;

  CalendarKind calendar_;
  Hour hour_;  // of the last question
  std::array<GapHistogram, kHours> by_hour_{};
  GapHistogram all_;
};

}  // namespace yagura::processing
