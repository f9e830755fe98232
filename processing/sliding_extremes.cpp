#include "processing/sliding_extremes.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {
constexpr std::size_t kFirstCapacity = 4096;
}

SlidingExtremes::SlidingExtremes(Duration anchor_age) : anchor_age_(anchor_age) {}

std::size_t SlidingExtremes::add_window(Duration length) {
  if (lows_.ring.empty()) {
    lows_.resize(kFirstCapacity);
    highs_.resize(kFirstCapacity);
  }
  longest_ = std::max(longest_, length);
  const auto known = std::ranges::find(windows_, length, &Window::length);
  if (known != windows_.end()) return static_cast<std::size_t>(known - windows_.begin());
  windows_.push_back({.length = length});
  return windows_.size() - 1;
}

// Full: a longer monotone run than ever before. Doubling keeps every alert exact.
void SlidingExtremes::Deque::grow() {
  std::vector<Node> larger(ring.size() * 2);
  for (auto i = head; i != tail; ++i) larger[i & (larger.size() - 1)] = (*this)[i];
  ring = std::move(larger);
  mask = ring.size() - 1;
}

void SlidingExtremes::push(Timestamp t, Price price) {
  now_ = t;
  const Node node{t, Timestamp::max(), price};
  for (Deque* deque : {&lows_, &highs_}) {
    auto& d = *deque;
    if (d.tail != d.head) d[d.tail - 1].next = t;
    const bool low = deque == &lows_;
    // Of equal prices the newest stays: it lives longest.
    while (d.tail != d.head && (low ? d[d.tail - 1].price >= price : d[d.tail - 1].price <= price)) --d.tail;
    d.push_back(node);
    while (d[d.head].next <= t - longest_) ++d.head;
  }
  for (auto& window : windows_) {
    window.low_cursor = std::min(window.low_cursor, lows_.tail - 1);
    window.high_cursor = std::min(window.high_cursor, highs_.tail - 1);
  }
}

SlidingExtremes::Point SlidingExtremes::front(Deque& deque, std::uint64_t& cursor, Duration length) const noexcept {
  const Timestamp start = now_ - length;
  cursor = std::max(cursor, deque.head);
  // Everything followed by another tick at or before the start lies wholly outside.
  while (deque[cursor].next <= start) ++cursor;
  // What remains at or before the start is its last tick: the anchor, if it is young enough.
  const Node* node = &deque[cursor];
  if (node->time <= start && now_ - node->time > length + anchor_age_) node = &deque[cursor + 1];
  return {node->price, node->time};
}

SlidingExtremes::Extremes SlidingExtremes::at(std::size_t window) noexcept {
  auto& w = windows_[window];
  return {.low = front(lows_, w.low_cursor, w.length), .high = front(highs_, w.high_cursor, w.length)};
}

void SlidingExtremes::clear() noexcept {
  lows_.head = lows_.tail = highs_.head = highs_.tail = 0;
  for (auto& window : windows_) window.low_cursor = window.high_cursor = 0;
}

void SlidingExtremes::Deque::state(StateIo& io) {
  std::vector<Node> nodes;
  if (!io.reading()) {
    for (auto i = head; i != tail; ++i) nodes.push_back((*this)[i]);
  }
  io(nodes);
  if (!io.reading()) return;
  head = tail = 0;
  if (ring.empty()) return;  // no rule has a window any more
  for (const auto& node : nodes) push_back(node);
}

void SlidingExtremes::state(StateIo& io) {
  io(now_, lows_, highs_);
  if (io.reading()) {
    for (auto& window : windows_) window.low_cursor = window.high_cursor = 0;
  }
}

}  // namespace yagura::processing
