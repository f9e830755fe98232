// Holds back a price that looks like an outlier until later ticks confirm or contradict it: a
// causal form of the filter of Brownlees and Gallo (2006), exact in integers. SEMANTICS 2.1.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/instrument.hpp"
#include "core/int128.hpp"
#include "core/tick.hpp"
#include "processing/sorted_window.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

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

  // As nearly all prices are: so close to all of the last ones, or to their mean, that judge() accepts it,
  // whatever else it is told, unless another feed took over with it. `least_spread`: no more than the median.
  [[nodiscard]] bool is_calm(Price price, Price last_accepted, PriceDelta least_spread) const noexcept;

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

  void on_accepted(Price price) noexcept { window_.push(price.raw()); }
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
  SortedWindow window_;  // the last k prices of the segment
  std::array<Tick, kMaxHeld> held_{};
  std::size_t held_count_ = 0;
  int support_ = 0;
  SuspectTest test_;  // frozen when the first tick was held
  bool tse_;
};

}  // namespace yagura::processing
