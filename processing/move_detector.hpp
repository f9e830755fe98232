// Sharp moves: how far the price is from the extreme of a sliding window, over several windows of
// one rule, with extension, reversal and re-arming. SEMANTICS 7.
//
// Every event carries z, its size in standard deviations of what the window usually brings. A rule with
// `min_z` also wants that much of it before it says `move`; then nine are critical. While no volatility
// is known the threshold alone decides: a desk forgives a needless alert, not a missing one.
#pragma once

#include <array>

#include "processing/detector.hpp"

namespace yagura::processing {

class MoveDetector final : public Detector {
 public:
  // `extremes` and `volatility` belong to the instrument, have been fed with the tick before on_tick
  // is called and outlive this detector.
  MoveDetector(const MoveOptions& options, Announcer announcer, SlidingExtremes& extremes, Volatility& volatility);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_segment_start() noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;

 private:
  enum class Phase : std::uint8_t { kIdle, kUp, kDown };

  // What changes with the ticks.
  struct WindowState {
    Phase phase = Phase::kIdle;
    Price alerted{};   // e: price of the last event
    Price furthest{};  // E: most extreme price since it
    Timestamp furthest_ts{};
    Price origin{};  // the extreme the move is measured from
    Timestamp origin_ts{};
    Id128 last_id{};                                                       // of the last emitted event
    std::array<Timestamp, 2> emitted{Timestamp::min(), Timestamp::min()};  // by Direction
  };
  struct Window {
    Duration length;
    Band threshold;
    std::size_t handle;
    WindowState state;
  };

  [[nodiscard]] bool quiet(Price price) const noexcept;
  void step(const TickContext& context, Window& window, SignalBuffer& out) noexcept;
  void idle(const TickContext& context, Window& window, const SlidingExtremes::Extremes& extremes,
            SignalBuffer& out) noexcept;
  void active(const TickContext& context, Window& window, SignalBuffer& out) noexcept;
  struct Size {
    double z;
    bool seeded;
  };
  // Of the way from a reference to this tick; nothing while no volatility is known.
  [[nodiscard]] std::optional<Size> size(const TickContext& context, const Window& window,
                                         Price reference) const noexcept;
  void announce(const TickContext& context, Window& window, Event event, std::optional<Size> size,
                SignalBuffer& out) noexcept;
  [[nodiscard]] bool merged(const Window& window, Direction direction, Timestamp t) const noexcept;

  Announcer announcer_;
  SlidingExtremes& extremes_;
  Volatility& volatility_;
  double min_z_;
  std::vector<Window> windows_;  // shortest first
  std::vector<Band> least_;      // the smallest threshold in points, and in percent
  bool all_idle_ = false;        // false: perhaps
};

}  // namespace yagura::processing
