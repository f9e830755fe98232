// Exact highest and lowest price over any number of sliding windows at once: one pair of monotone
// deques (Lemire, "Streaming maximum-minimum filter", 2006) for the longest window, in which shorter
// ones are searched for. A tick costs amortised O(1), however many windows there are; a question O(log n).
// Memory is bounded by the number of distinct prices of a monotone run.
#pragma once

#include <cstdint>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

class SlidingExtremes {
 public:
  struct Point {
    Price price;
    Timestamp time;
  };
  struct Extremes {
    Point low;
    Point high;
  };

  // `anchor_age`: the last tick at or before the window's start still counts while its age is at
  // most the window's length plus this.
  explicit SlidingExtremes(Duration anchor_age);

  // Before the first tick. Equal lengths share a handle.
  std::size_t add_window(Duration length);
  [[nodiscard]] bool empty() const { return lengths_.empty(); }

  // Times must not decrease.
  void push(Timestamp t, Price price);
  // Over (t - length, t] plus the anchor, t being the time of the last push. A push must have come.
  [[nodiscard]] Extremes at(std::size_t window) const noexcept;
  [[nodiscard]] Point high_at(std::size_t window) const noexcept { return front(highs_, lengths_[window]); }
  // No window's extreme lies further out. Known at once; a push must have come.
  [[nodiscard]] Price lowest() const noexcept { return lows_.front().price; }
  [[nodiscard]] Price highest() const noexcept { return highs_.front().price; }
  void clear() noexcept;

  void state(StateIo& io);

 private:
  struct Node {
    Timestamp time;
    Timestamp next;  // time of the tick right after this one, max() while there is none
    Price price;
  };
  // A ring addressed by numbers that only grow.
  struct Deque {
    std::vector<Node> ring;  // size a power of two
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t mask = 0;  // size - 1: asking the vector divides by the size of a node
    // Unchecked: the mask keeps it inside, and it is asked several times a tick.
    [[nodiscard]] Node& operator[](std::uint64_t i) { return ring.data()[i & mask]; }
    [[nodiscard]] const Node& operator[](std::uint64_t i) const { return ring.data()[i & mask]; }
    [[nodiscard]] const Node& front() const { return (*this)[head]; }
    void resize(std::size_t size) {
      ring.resize(size);
      mask = size - 1;
    }
    void push_back(const Node& node) {
      if (tail - head > mask) grow();
      (*this)[tail++] = node;
    }
    void grow();
    void state(StateIo& io);
  };
  // Takes out of the back what `node` outlives, puts it there and drops what no window reaches.
  template <class Outlives>
  void push(Deque& deque, const Node& node, Outlives outlives);
  [[nodiscard]] Point front(const Deque& deque, Duration length) const noexcept;

  Duration anchor_age_;
  Duration longest_{0};
  Timestamp now_{};
  Deque lows_;                     // prices rising from front to back
  Deque highs_;                    // prices falling
  std::vector<Duration> lengths_;  // of the windows
};

}  // namespace yagura::processing
