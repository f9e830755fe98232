// The last values of a stream, by size when somebody asks. Most ticks do not: bounds() answers them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "processing/state_io.hpp"

namespace yagura::processing {

// One thread; no allocation.
class SortedWindow {
 public:
  static constexpr std::size_t kMax = 60;

  // The last `capacity` values, 1 to kMax.
  explicit SortedWindow(std::size_t capacity) : capacity_(capacity) {}

  void push(std::int64_t value) noexcept {
    ring_[pushed_++ % kRing] = value;
    size_ += size_ < capacity_ ? 1 : 0;
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
  // The values by size; valid until the next push. What was pushed since the last question is sorted
  // in now: one value at a time if it is little, else all anew.
  [[nodiscard]] std::span<const std::int64_t> sorted() noexcept;

  // Both directions in the order of arrival.
  void state(StateIo& io);

 private:
  // A power of two, and room for what leaves the window while up to kSingly values wait to be sorted in.
  static constexpr std::size_t kRing = 128;
  static constexpr std::size_t kSingly = 10;
  static_assert(kRing >= kMax + kSingly);

  [[nodiscard]] std::int64_t value(std::uint64_t number) const { return ring_[number % kRing]; }

  std::size_t capacity_;
  std::array<std::int64_t, kRing> ring_{};
  std::uint64_t pushed_ = 0;
  std::size_t size_ = 0;
  // Extremes of the values in blocks of `capacity`: of the one that fills and of the one before.
  Bounds block_, before_;
  std::size_t left_in_block_ = 0;

  std::array<std::int64_t, kMax> sorted_{};
  std::size_t sorted_size_ = 0;
  std::uint64_t sorted_until_ = 0;  // of pushed_
};

}  // namespace yagura::processing
