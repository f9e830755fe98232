#include "processing/pair_grid.hpp"

namespace yagura::processing {

bool GridLeg::exists(Timestamp point) noexcept {
  const auto quiet = [](const CalendarPiece& piece) {
    return piece.open && !piece.opening && !piece.close && !piece.pre_close;
  };
  return quiet(own_.at(point)) && quiet(other_.at(point));
}

void GridLeg::push(Timestamp t, Price price, std::optional<Price> previous_close, double sigma) noexcept {
  if (completes(t)) {
    for (auto point = next_; point < t; point += step_) {
      if (!exists(point)) continue;
      if (count_ == kWaiting) pop();
      auto& close = waiting_[(head_ + count_++) % kWaiting];
      close = last_;
      close.at = point;
      close.sigma = sigma;
    }
  }
  if (!has_last_ || t > next_) next_ = Timestamp{(t.time_since_epoch() + step_ - Duration{1}) / step_ * step_};
  has_last_ = true;
  // Field by field: a copy of a whole one would wait for its parts to be written.
  last_.at = t;
  last_.price = price;
  last_.sigma = 0;
  last_.previous_close = previous_close.value_or(Price{});
  last_.has_previous_close = previous_close.has_value();
}

void GridLeg::pop() noexcept {
  head_ = (head_ + 1) % kWaiting;
  --count_;
}

void GridLeg::clear() noexcept {
  head_ = count_ = 0;
  has_last_ = false;
}

void GridLeg::state(StateIo& io) {
  io(waiting_, head_, count_, has_last_, last_, next_);
  if (head_ >= kWaiting || count_ > kWaiting) io.fail();
}

std::optional<PairPoint> next_point(GridLeg& own, GridLeg& other) noexcept {
  while (!own.empty() || !other.empty()) {
    if (!own.empty() && !other.empty() && own.front().at == other.front().at) {
      const PairPoint point{own.front(), other.front()};
      own.pop();
      other.pop();
      return point;
    }
    // The earlier of the two fronts has no partner once the other instrument is past it.
    const bool own_first = !own.empty() && (other.empty() || own.front().at < other.front().at);
    auto& first = own_first ? own : other;
    if (!(own_first ? other : own).past(first.front().at)) return std::nullopt;
    first.pop();
  }
  return std::nullopt;
}

}  // namespace yagura::processing
