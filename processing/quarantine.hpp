// Holds back a price that looks like an outlier until later ticks confirm or contradict it: a
// causal form of the filter of Brownlees and Gallo (2006), exact in integers. SEMANTICS 2.1.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/instrument.hpp"
#include "core/int128.hpp"
#include "core/tick.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// How many of the `count` > 0 sorted values lie below `value`: a search without a branch to guess.
[[nodiscard]] inline std::size_t count_below(const std::int64_t* sorted, std::size_t count,
                                             std::int64_t value) noexcept {
  const std::int64_t* at = sorted;
  while (count > 1) {
    const std::size_t half = count / 2;
    at += half & (std::size_t{0} - static_cast<std::size_t>(at[half - 1] < value));
    count -= half;
  }
  return static_cast<std::size_t>(at - sorted) + (*at < value ? 1 : 0);
}

// Takes `gone`, which is among them, out of the sorted values and puts `fresh` in. Moves only what
// lies strictly between the two, which of prices near each other is little.
inline void replace_sorted(std::int64_t* sorted, std::size_t count, std::int64_t gone, std::int64_t fresh) noexcept {
  if (fresh == gone) return;
  const bool up = fresh > gone;
  // Upwards: from the last `gone` to before the first `fresh`; downwards the other way round.
  const auto low = count_below(sorted, count, std::min(gone, fresh) + 1);
  const auto high = count_below(sorted, count, std::max(gone, fresh));
  if (up) {
    std::copy(sorted + low, sorted + high, sorted + low - 1);
    sorted[high - 1] = fresh;
  } else {
    std::copy_backward(sorted + low, sorted + high, sorted + high + 1);
    sorted[low] = fresh;
  }
}

// The last k prices of the segment, kept in order of arrival and in order of size.
class NeighbourWindow {
 public:
  static constexpr std::size_t kMax = 60;

  explicit NeighbourWindow(std::size_t capacity) : capacity_(capacity) {}
  void push(Price price) noexcept;
  void clear() noexcept { size_ = head_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  // Prices by size without the tenth at each end.
  [[nodiscard]] std::span<const std::int64_t> trimmed() const {
    const std::size_t cut = size_ / 10;
    return std::span{sorted_}.subspan(cut, size_ - 2 * cut);
  }
  void state(StateIo& io) { io(ring_, sorted_, size_, head_); }

 private:
  std::size_t capacity_;
  std::array<std::int64_t, kMax> ring_{};
  std::array<std::int64_t, kMax> sorted_{};
  std::size_t size_ = 0;
  std::size_t head_ = 0;  // oldest in ring_ once full
};

// |p - m| > c s + g over n prices, without a division: A = |n p - S| - n g; A > 0 and
// A^2 > c^2 (n Q - S^2), where S and Q are the sum and the sum of squares of the prices.
struct SuspectTest {
  std::int64_t base = 0;                       // subtracted from every price first
  std::int64_t count = 0;                      // n
  std::int64_t sum = 0;                        // S
  std::int64_t slack = 0;                      // g
  std::int64_t factor = 0;                     // c
  double spread_float = 0;                     // c^2 (n Q - S^2), used when the exact one does not fit
  std::uint64_t spread_hi = 0, spread_lo = 0;  // c^2 (n Q - S^2), 128 bits
  bool exact = true;

  [[nodiscard]] static SuspectTest over(std::span<const std::int64_t> prices, std::int64_t base, std::int64_t slack,
                                        std::int64_t factor) noexcept;
  [[nodiscard]] bool suspects(Price p) const noexcept;
  // n (p - m), the signed distance from the mean times n.
  [[nodiscard]] Int128 distance(Price p) const noexcept {
    return static_cast<Int128>(count) * (static_cast<Int128>(p.raw()) - base) - sum;
  }
};

class Quarantine {
 public:
  enum class Verdict : std::uint8_t {
    kAccept,   // pass this tick on
    kHold,     // it waits with the others
    kConfirm,  // pass on all held ticks, this one is the last of them; then release()
    kReject,   // the held ones were outliers; release() them, pass on this tick
  };
  static constexpr std::size_t kMaxHeld = 33;

  explicit Quarantine(CalendarKind calendar, PriceDelta pip);

  struct Context {
    Price last_accepted;
    PriceDelta median_spread;
    bool opening;
    bool close;                 // a CLOSE tick: never held, decides at once
    bool other_source = false;  // the first tick of a feed that took over; `last_accepted` is the other's
  };
  Verdict judge(const Tick& tick, const Context& context) noexcept;
  [[nodiscard]] std::span<const Tick> held() const { return std::span{held_}.first(held_count_); }
  void release() noexcept { held_count_ = 0; }

  void on_accepted(Price price) noexcept { window_.push(price); }
  void clear_window() noexcept { window_.clear(); }
  void state(StateIo& io) { io(window_, held_, held_count_, support_, test_); }

 private:
  [[nodiscard]] bool sources_disagree(const Tick& tick, const Context& context) noexcept;
  [[nodiscard]] bool supports(Price p) const noexcept;
  void hold(const Tick& tick) noexcept { held_[held_count_++] = tick; }

  bool fx_;
  std::int64_t factor_;
  int confirm_at_;
  PriceDelta fx_slack_;  // 3 pips
  NeighbourWindow window_;
  std::array<Tick, kMaxHeld> held_{};
  std::size_t held_count_ = 0;
  int support_ = 0;
  SuspectTest test_;  // frozen when the first tick was held
  bool tse_;
};

}  // namespace yagura::processing
