// Prices of two instruments on one grid of event time. A point of the grid exists when both were live
// there, and comes out when both have shown a later tick: so what comes out depends on each
// instrument's own ticks, not on how the two streams were interleaved on their way here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/calendar.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// Last price of an instrument at or before a point of the grid, with what else is to be remembered.
struct GridClose {
  Timestamp at;
  Price price;
  double sigma = 0;  // of the logarithm of a move over five minutes; 0: not known
  Price previous_close{};
  bool has_previous_close = false;
};

// One instrument's closes that wait for the other's. Detector thread only; nothing allocates.
class GridLeg {
 public:
  // An instrument is live at a point when its ticks before and after it are no further apart. The
  // longest silence of a feed that is not stale, and longer than the step of 1-minute bars.
  static constexpr Duration kLive = std::chrono::minutes{2};
  // So many closes wait: a feed may come an hour behind the other. More, and the oldest are lost.
  static constexpr std::size_t kWaiting = 64;

  // Points outside the hours of either calendar, in the opening minutes and in those of the closing
  // value do not exist.
  GridLeg(Duration step, CalendarKind own, CalendarKind other) : step_(step), own_(own), other_(other) {}

  // True when a tick at `t` completes points of the grid: then sigma is worth its while.
  [[nodiscard]] bool completes(Timestamp t) const noexcept { return t > next_ && has_last_ && t - last_.at <= kLive; }
  // An accepted tick; times must not decrease. `sigma` goes to the points that it completes.
  void push(Timestamp t, Price price, std::optional<Price> previous_close, double sigma) noexcept;
  void clear() noexcept;

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const GridClose& front() const { return waiting_[head_]; }
  void pop() noexcept;
  // Nothing will change at `t` or before it any more.
  [[nodiscard]] bool past(Timestamp t) const { return has_last_ && last_.at > t; }

  void state(StateIo& io);

 private:
  [[nodiscard]] bool exists(Timestamp point) noexcept;

  Duration step_;
  CalendarCursor own_, other_;
  std::array<GridClose, kWaiting> waiting_{};  // a ring, oldest first
  std::uint32_t head_ = 0;
  std::uint32_t count_ = 0;
  bool has_last_ = false;
  GridClose last_{};  // the last tick, `at` its own time
  Timestamp next_{};  // the first point at or after it
};

struct PairPoint {
  GridClose own, other;  // of the same moment
};

// The next point on which both have a close, in order of time; nothing while one is awaited.
[[nodiscard]] std::optional<PairPoint> next_point(GridLeg& own, GridLeg& other) noexcept;

}  // namespace yagura::processing
