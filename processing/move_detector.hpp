// Sharp moves: how far the price is from the extreme of a sliding window, over several windows of
// one rule, with extension, reversal and re-arming. SEMANTICS 7.
#pragma once

#include <array>

#include "processing/detector.hpp"

namespace yagura::processing {

class MoveDetector final : public Detector {
 public:
  // `extremes` belongs to the instrument, has been fed with the tick before on_tick is called and
  // outlives this detector.
  MoveDetector(const MoveOptions& options, Announcer announcer, SlidingExtremes& extremes);

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

  void step(const TickContext& context, Window& window, SignalBuffer& out) noexcept;
  void idle(const TickContext& context, Window& window, const SlidingExtremes::Extremes& extremes,
            SignalBuffer& out) noexcept;
  void active(const TickContext& context, Window& window, SignalBuffer& out) noexcept;
  void announce(const TickContext& context, Window& window, Event event, SignalBuffer& out) noexcept;
  [[nodiscard]] bool merged(const Window& window, Direction direction, Timestamp t) const noexcept;

  Announcer announcer_;
  SlidingExtremes& extremes_;
  std::vector<Window> windows_;  // shortest first
};

}  // namespace yagura::processing
