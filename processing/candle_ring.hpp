// The newest candles of one instrument and one step, rising in time. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/lazy_array.hpp"
#include "processing/candle.hpp"

namespace yagura::processing {

class CandleRing {
 public:
  // So many of the newest candles take up a tick that comes late; older ones are settled for good.
  static constexpr std::size_t kUnsettled = 4;

  // `capacity`: a power of two, above kUnsettled. Memory is taken as it fills.
  explicit CandleRing(std::size_t capacity) : slots_(capacity) {}

  // A tick of the candle that begins at `from_s`. Begins it, or folds the tick in if the candle is one
  // of the unsettled; else the tick is ignored. Some ns; never allocates.
  void push(std::int64_t from_s, Timestamp at, Price price) noexcept;
  // A whole candle behind the newest, as the disk has it; one that is not newer is ignored.
  void append(const Candle& candle) noexcept;
  // Forgets the candles from `from_s` on.
  void drop_from(std::int64_t from_s) noexcept;

  void clear() noexcept { first_ = end_ = 0; }

  // Candles have numbers, rising with time: those at hand are first() to end() - 1.
  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(end_ - first_); }
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }
  [[nodiscard]] const Candle& at(std::uint64_t number) const { return slots_[number & (slots_.size() - 1)]; }
  // Those before it cannot change any more.
  [[nodiscard]] std::uint64_t settled() const { return end_ - std::min<std::uint64_t>(kUnsettled, end_ - first_); }
  // The first candle that begins at `from_s` or later; end() when there is none.
  [[nodiscard]] std::uint64_t find(std::int64_t from_s) const;
  // Candles [begin, end) in order.
  [[nodiscard]] std::vector<Candle> copy(std::uint64_t begin, std::uint64_t end) const;

 private:
  [[nodiscard]] Candle& slot(std::uint64_t number) { return slots_[number & (slots_.size() - 1)]; }
  Candle& begin_next() noexcept;

  LazyArray<Candle> slots_;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace yagura::processing
