// One market against another: moves that the usual relation does not explain, a relation that is no
// longer what it was, and shocks to both. Rules in words: docs/detectors.md, "Divergence".
#pragma once

#include <array>
#include <string>

#include "processing/detector.hpp"
#include "processing/joint_moves.hpp"
#include "processing/pair_grid.hpp"
#include "processing/pair_model.hpp"

namespace yagura::processing {

// Judges points of a grid, each when both instruments have shown a later tick. An alert bears the time of
// the point and the stamps of receipt of the tick that completed it.
class DivergenceDetector final : public Detector {
 public:
  DivergenceDetector(const DivergenceOptions& options, Announcer announcer, const DetectorEnvironment& environment);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_other(const Tick& tick, const CalendarPiece& piece, SignalBuffer& out) noexcept override;
  void forget() noexcept override;
  void on_other_forgotten() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::span<const SymbolId> also_hears() const override { return hears_; }
  void meet(SymbolId other, Volatility& volatility) override;
  [[nodiscard]] std::string fingerprint() const override;
  [[nodiscard]] DetectorView view(Price last) const override;

 private:
  // What the current point knows; for the helpers that say something about it.
  struct Moment;

  void judge(const Tick& completing, SignalBuffer& out) noexcept;
  void judge_residual(const Moment& moment, SignalBuffer& out) noexcept;
  void judge_coupling(const Moment& moment, SignalBuffer& out) noexcept;
  void announce_joint(const Moment& moment, const JointMoves::Joint& joint, SignalBuffer& out) noexcept;
  [[nodiscard]] Signal draft(const Moment& moment, Event event, Direction direction, Severity severity) const noexcept;
  [[nodiscard]] static PairView::Window window_of(const PairModel::Residual& residual, const PairPoint& point) noexcept;
  [[nodiscard]] bool moved_enough(const PairModel::Residual& residual, const PairPoint& point) const noexcept;
  void forget_model() noexcept;

  DivergenceOptions options_;
  Announcer announcer_;
  const DayBook& days_;
  std::array<SymbolId, 1> hears_;
  std::string other_symbol_;
  CalendarCursor calendar_;
  Volatility* own_volatility_ = nullptr;  // null when nobody asks how far is far
  Volatility* other_volatility_ = nullptr;

  GridLeg own_, other_;
  PairModel model_;
  JointMoves joint_;
  Price before_{};  // own price at the point before
  bool has_before_ = false;
  bool armed_ = true;    // a divergence may be said
  bool coupled_ = true;  // no decoupling was said in this session
  int apart_ = 0;        // sign of the correlation's change while it is large
  Timestamp apart_since_{};
  std::optional<PairView::Window> last_window_;  // for people; not in the snapshot
};

}  // namespace yagura::processing
