// The last values of a stream, by size when somebody asks. Most ticks do not: bounds() answers them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "core/int128.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// One thread; no allocation.
class SortedWindow {
 public:
  static constexpr std::size_t kMax = 60;

  // The last `capacity` values, 1 to kMax.
  explicit SortedWindow(std::size_t capacity) : capacity_(capacity) {}

  void push(std::int64_t value) noexcept {
    sum_ += value;
    if (size_ == capacity_)
      sum_ -= this->value(pushed_ - capacity_);
    else
      ++size_;
    ring_[pushed_++ % kRing] = value;
    if (left_in_block_ == 0) {
      before_ = block_;
      block_ = {};
      left_in_block_ = capacity_;
    }
    --left_in_block_;
    block_.include(value);
  }
  void clear() noexcept;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  // No value lies outside; they may reach a little further than the values do.
  struct Bounds {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    void include(std::int64_t value) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  };
  [[nodiscard]] Bounds bounds() const {
    return {std::min(block_.low, before_.low), std::max(block_.high, before_.high)};
  }
  // Whether `value` is surely no further than `slack` from the mean of the values without the `cut` least and the
  // `cut` greatest, 2 * cut < size(). No order is needed: the least lie between the lower bound and the mean of all,
  // the greatest between that and the upper bound.
  [[nodiscard]] bool near_trimmed_mean(std::int64_t value, std::size_t cut, std::int64_t slack) const noexcept {
    const auto n = static_cast<std::int64_t>(size_);
    const auto c = static_cast<std::int64_t>(cut);
    const auto ends = bounds();
    // All relative to `value` and times n: no division.
    const Int128 inner = (n - c) * (sum_ - static_cast<Int128>(n) * value);
    const Int128 limit = static_cast<Int128>(n * (n - 2 * c)) * slack;
    const Int128 least = inner - static_cast<Int128>(n * c) * (static_cast<Int128>(ends.high) - value);
    const Int128 greatest = inner - static_cast<Int128>(n * c) * (static_cast<Int128>(ends.low) - value);
    return -limit <= least && greatest <= limit;
  }
  // The values by size; valid until the next push. What was pushed since the last question is sorted
  // in now: one value at a time if it is little, else all anew.
  [[nodiscard]] std::span<const std::int64_t> sorted() noexcept;

  // Both directions in the order of arrival.
  void state(StateIo& io);

 private:
  // A power of two, and room for what leaves the window while up to kSingly values wait to be sorted in.
  static constexpr std::size_t kRing = 128;
  static constexpr std::size_t kSingly = 20;
  static_assert(kRing >= kMax + kSingly);

  [[nodiscard]] std::int64_t value(std::uint64_t number) const { return ring_[number % kRing]; }

  std::size_t capacity_;
  std::array<std::int64_t, kRing> ring_{};
  std::uint64_t pushed_ = 0;
  std::size_t size_ = 0;
  Int128 sum_ = 0;
  // Extremes of the values in blocks of `capacity`: of the one that fills and of the one before.
  Bounds block_, before_;
  std::size_t left_in_block_ = 0;

  std::array<std::int64_t, kMax> sorted_{};
  std::size_t sorted_size_ = 0;
  std::uint64_t sorted_until_ = 0;  // of pushed_
};

}  // namespace yagura::processing
