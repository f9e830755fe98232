#include "processing/sliding_extremes.hpp"

#include <algorithm>
#include <functional>  // less_equal

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
  const auto known = std::ranges::find(lengths_, length);
  if (known != lengths_.end()) return static_cast<std::size_t>(known - lengths_.begin());
  lengths_.push_back(length);
  return lengths_.size() - 1;
}

// Full: a longer monotone run than ever before. Doubling keeps every alert exact.
void SlidingExtremes::Deque::grow() {
  std::vector<Node> larger(ring.size() * 2);
  for (auto i = head; i != tail; ++i) larger[i & (larger.size() - 1)] = (*this)[i];
  ring = std::move(larger);
  mask = ring.size() - 1;
}

template <class Outlives>
void SlidingExtremes::push(Deque& deque, const Node& node, Outlives outlives) {
  if (deque.tail != deque.head) deque[deque.tail - 1].next = node.time;
  // Of equal prices the newest stays: it lives longest.
  while (deque.tail != deque.head && outlives(node.price, deque[deque.tail - 1].price)) --deque.tail;
  deque.push_back(node);
  while (deque.front().next <= node.time - longest_) ++deque.head;
}

void SlidingExtremes::push(Timestamp t, Price price) {
  now_ = t;
  const Node node{t, Timestamp::max(), price};
  push(lows_, node, std::less_equal{});
  push(highs_, node, std::greater_equal{});
}

SlidingExtremes::Point SlidingExtremes::front(const Deque& deque, Duration length) const noexcept {
  const Timestamp start = now_ - length;
  // Everything followed by another tick at or before the start lies wholly outside. The last node is
  // followed by none.
  auto first = deque.head;
  for (auto count = deque.tail - first; count > 1;) {
    const auto half = count / 2;
    if (deque[first + half - 1].next <= start) first += half;
    count -= half;
  }
  // What remains at or before the start is its last tick: the anchor, if it is young enough.
  const Node* node = &deque[first];
  if (node->time <= start && now_ - node->time > length + anchor_age_) node = &deque[first + 1];
  return {node->price, node->time};
}

SlidingExtremes::Extremes SlidingExtremes::at(std::size_t window) const noexcept {
  return {.low = front(lows_, lengths_[window]), .high = front(highs_, lengths_[window])};
}

void SlidingExtremes::clear() noexcept { lows_.head = lows_.tail = highs_.head = highs_.tail = 0; }

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

void SlidingExtremes::state(StateIo& io) { io(now_, lows_, highs_); }

}  // namespace yagura::processing
