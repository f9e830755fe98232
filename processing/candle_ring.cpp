#include "processing/candle_ring.hpp"

namespace yagura::processing {
namespace {

void fold(Candle& candle, Timestamp at, Price price) noexcept {
  candle.high = std::max(candle.high, price);
  candle.low = std::min(candle.low, price);
  if (at >= candle.last) {
    candle.last = at;
    candle.close = price;
  } else if (at < candle.first) {
    candle.first = at;
    candle.open = price;
  }
  ++candle.ticks;
}

}  // namespace

Candle& CandleRing::begin_next() noexcept {
  if (end_ - first_ == slots_.size()) ++first_;
  return slot(end_++);
}

void CandleRing::push(std::int64_t from_s, Timestamp at, Price price) noexcept {
  if (end_ == first_ || from_s > slot(end_ - 1).from_s) {
    begin_next() = {.from_s = from_s,
                    .open = price,
                    .high = price,
                    .low = price,
                    .close = price,
                    .first = at,
                    .last = at,
                    .ticks = 1};
    return;
  }
  for (auto number = end_; number != settled(); --number) {
    auto& candle = slot(number - 1);
    if (candle.from_s == from_s) return fold(candle, at, price);
    if (candle.from_s < from_s) return;
  }
}

void CandleRing::append(const Candle& candle) noexcept {
  if (end_ == first_ || candle.from_s > slot(end_ - 1).from_s) begin_next() = candle;
}

void CandleRing::drop_from(std::int64_t from_s) noexcept {
  while (end_ != first_ && slot(end_ - 1).from_s >= from_s) --end_;
}

std::uint64_t CandleRing::find(std::int64_t from_s) const {
  auto low = first_;
  for (auto count = end_ - first_; count != 0;) {
    const auto half = count / 2;
    if (at(low + half).from_s < from_s) {
      low += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return low;
}

std::vector<Candle> CandleRing::copy(std::uint64_t begin, std::uint64_t end) const {
  std::vector<Candle> candles;
  begin = std::max(begin, first_);
  if (begin >= end) return candles;
  candles.reserve(static_cast<std::size_t>(end - begin));
  for (; begin != end; ++begin) candles.push_back(at(begin));
  return candles;
}

}  // namespace yagura::processing
