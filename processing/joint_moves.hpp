// Two markets that move sharply within two minutes of each other: one shock, not two.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "processing/pair_grid.hpp"

namespace yagura::processing {

// On the grid of PairGrid. Detector thread only; nothing allocates.
class JointMoves {
 public:
  static constexpr Duration kWindow = std::chrono::minutes{5};

  // Each must move `z` standard deviations of a move over five minutes.
  JointMoves(Duration step, double z);

  // How far a price is from the furthest of the last five minutes.
  struct Move {
    Timestamp at;
    Price from;
    Price to;
    double z;  // signed
  };
  struct Joint {
    Move own, other;
  };
  // The next point. `continued`: right after the one before; else nothing is known of the minutes before.
  // Speaks once; again when both are back below half of `z`, or in a new session.
  std::optional<Joint> on_point(const PairPoint& point, bool continued, bool new_session) noexcept;
  void forget() noexcept;
  void state(StateIo& io);

 private:
  static constexpr std::size_t kMostPoints = 60;
  struct Prices {
    Price own, other;
  };
  void rearm() noexcept;
  [[nodiscard]] std::optional<Move> move_of(const GridClose& now, Price Prices::*side) const noexcept;

  std::uint32_t size_;  // points of a window, the current one not counted
  double z_;
  std::array<Prices, kMostPoints> before_{};  // newest first
  std::uint32_t known_ = 0;
  std::optional<Move> own_, other_;  // the last that was large
  bool armed_ = true;
};

}  // namespace yagura::processing
