#include "processing/sorted_window.hpp"

namespace yagura::processing {
namespace {

// How many of the `count` > 0 sorted values lie below `value`: a search without a branch to guess.
std::size_t count_below(const std::int64_t* sorted, std::size_t count, std::int64_t value) noexcept {
  const std::int64_t* at = sorted;
  while (count > 1) {
    const std::size_t half = count / 2;
    at += half & (std::size_t{0} - static_cast<std::size_t>(at[half - 1] < value));
    count -= half;
  }
  return static_cast<std::size_t>(at - sorted) + (*at < value ? 1 : 0);
}

// Takes `gone`, which is among them, out of the sorted values and puts `fresh` in. Moves only what
// lies strictly between the two, which of prices near each other is little.
void replace_sorted(std::int64_t* sorted, std::size_t count, std::int64_t gone, std::int64_t fresh) noexcept {
  if (fresh == gone) return;
  const bool up = fresh > gone;
  // Upwards: from the last `gone` to before the first `fresh`; downwards the other way round.
  const auto low = count_below(sorted, count, std::min(gone, fresh) + 1);
  const auto high = count_below(sorted, count, std::max(gone, fresh));
  if (up) {
    std::copy(sorted + low, sorted + high, sorted + low - 1);
    sorted[high - 1] = fresh;
  } else {
    std::copy_backward(sorted + low, sorted + high, sorted + high + 1);
    sorted[low] = fresh;
  }
}

}  // namespace

void SortedWindow::clear() noexcept {
  pushed_ = sorted_until_ = 0;
  size_ = sorted_size_ = left_in_block_ = 0;
  sum_ = 0;
  block_ = before_ = {};
}

std::span<const std::int64_t> SortedWindow::sorted() noexcept {
  const bool was_full = sorted_size_ == capacity_;
  if (was_full && pushed_ - sorted_until_ <= kSingly) {
    for (; sorted_until_ != pushed_; ++sorted_until_)
      replace_sorted(sorted_.data(), size_, value(sorted_until_ - capacity_), value(sorted_until_));
  } else if (sorted_until_ != pushed_) {
    for (std::size_t i = 0; i < size_; ++i) sorted_[i] = value(pushed_ - size_ + i);
    std::sort(sorted_.data(), sorted_.data() + size_);
    sorted_size_ = size_;
    sorted_until_ = pushed_;
  }
  return std::span{sorted_}.first(size_);
}

void SortedWindow::state(StateIo& io) {
  // The layout of a ring with its sorted copy, as snapshots have it: the oldest value is at `oldest` once full.
  std::array<std::int64_t, kMax> arrived{};
  std::array<std::int64_t, kMax> by_size{};
  std::size_t count = size_;
  std::size_t oldest = 0;
  if (!io.reading()) {
    for (std::size_t i = 0; i < size_; ++i) arrived[i] = value(pushed_ - size_ + i);
    std::ranges::copy(sorted(), by_size.begin());
  }
  io(arrived, by_size, count, oldest);
  if (!io.reading()) return;
  clear();
  if (count > capacity_ || (count == capacity_ && oldest >= capacity_)) return io.fail();
  if (count != capacity_) oldest = 0;
  for (std::size_t i = 0; i < count; ++i) push(arrived[(oldest + i) % capacity_]);
}

}  // namespace yagura::processing
