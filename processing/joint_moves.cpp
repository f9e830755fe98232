#include "processing/joint_moves.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace yagura::processing {
namespace {

constexpr auto kTogether = std::chrono::minutes{2};

double log_change(Price from, Price to) {
  return std::log(static_cast<double>(to.raw()) / static_cast<double>(from.raw()));
}

}  // namespace

JointMoves::JointMoves(Duration step, double z)
    : size_(static_cast<std::uint32_t>(std::clamp<std::int64_t>(kWindow / step, 1, kMostPoints))), z_(z) {}

// Measured from the lowest or the highest price of the window, whichever is further.
std::optional<JointMoves::Move> JointMoves::move_of(const GridClose& now, Price Prices::*side) const noexcept {
  if (now.sigma <= 0 || known_ == 0) return std::nullopt;
  const auto before = std::span{before_}.first(known_);
  const auto [lowest, highest] = std::ranges::minmax(before, {}, side);
  const double up = log_change(lowest.*side, now.price);
  const double down = log_change(highest.*side, now.price);
  const bool rises = up >= -down;
  return Move{now.at, rises ? lowest.*side : highest.*side, now.price, (rises ? up : down) / now.sigma};
}

std::optional<JointMoves::Joint> JointMoves::on_point(const PairPoint& point, bool continued,
                                                      bool new_session) noexcept {
  if (!continued) known_ = 0;
  if (new_session) rearm();
  const auto own = move_of(point.own, &Prices::own);
  const auto other = move_of(point.other, &Prices::other);
  std::shift_right(before_.begin(), before_.begin() + size_, 1);
  before_[0] = {point.own.price, point.other.price};
  known_ = std::min(known_ + 1, size_);

  if (own && std::abs(own->z) >= z_) own_ = own;
  if (other && std::abs(other->z) >= z_) other_ = other;
  if (own && other && std::max(std::abs(own->z), std::abs(other->z)) < z_ / 2) rearm();
  const auto recent = [&](const std::optional<Move>& move) { return move && point.own.at - move->at <= kTogether; };
  if (!armed_ || !recent(own_) || !recent(other_)) return std::nullopt;
  armed_ = false;
  return Joint{*own_, *other_};
}

void JointMoves::rearm() noexcept {
  own_.reset();
  other_.reset();
  armed_ = true;
}

void JointMoves::forget() noexcept {
  known_ = 0;
  rearm();
}

void JointMoves::state(StateIo& io) {
  io(before_, known_, own_, other_, armed_);
  if (known_ > size_) {
    known_ = 0;
    io.fail();
  }
}

}  // namespace yagura::processing
