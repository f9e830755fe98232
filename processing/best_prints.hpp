// The best prints of a day on one side, so that one which is cancelled leaves its runner-up behind.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// A tick by what an operator knows of it.
struct Print {
  Price price;
  Timestamp ts_event;
  friend bool operator==(const Print&, const Print&) = default;
};

// Eight of them, best first, of equal prices the earlier first. Detector thread; no allocation.
class BestPrints {
 public:
  static constexpr std::size_t kKept = 8;

  explicit BestPrints(bool high) : high_(high) {}

  // Nearly every print is worse than the eighth best and ends at one comparison.
  void add(const Print& print) noexcept {
    if (count_ == limit_) {
      dropped_ = true;
      if (!better(print.price, prints_[count_ - 1].price)) return;
    } else {
      ++count_;
    }
    std::size_t at = count_ - 1;
    for (; at > 0 && better(print.price, prints_[at - 1].price); --at) prints_[at] = prints_[at - 1];
    prints_[at] = print;
  }
  void clear() noexcept {
    count_ = 0;
    limit_ = kKept;
    dropped_ = false;
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const Print& best() const { return prints_[0]; }  // when not empty
  [[nodiscard]] const Print& newest() const {                     // when not empty
    return *std::max_element(prints_.begin(), prints_.begin() + static_cast<std::ptrdiff_t>(count_),
                             [](const Print& a, const Print& b) { return a.ts_event < b.ts_event; });
  }
  [[nodiscard]] bool contains(const Print& print) const { return find(print) != count_; }
  // The print may go: another is known behind it, or there never was one.
  [[nodiscard]] bool can_remove() const { return count_ > 1 || !dropped_; }
  // The print is one of these; see can_remove().
  void remove(const Print& print) noexcept {
    const auto at = find(print);
    std::copy(prints_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
              prints_.begin() + static_cast<std::ptrdiff_t>(count_), prints_.begin() + static_cast<std::ptrdiff_t>(at));
    --count_;
    // What was dropped may be better than what comes: only better ones than these are sure to be next.
    if (dropped_) limit_ = count_;
  }

  void state(StateIo& io) {
    io(prints_, count_, limit_, dropped_);
    if (io.reading() && (limit_ > kKept || count_ > limit_ || limit_ == 0)) {
      clear();
      io.fail();
    }
  }

 private:
  [[nodiscard]] bool better(Price a, Price b) const { return high_ ? a > b : a < b; }
  [[nodiscard]] std::size_t find(const Print& print) const {
    std::size_t at = 0;
    while (at < count_ && prints_[at] != print) ++at;
    return at;
  }

  bool high_;
  std::array<Print, kKept> prints_{};
  std::size_t count_ = 0;
  std::size_t limit_ = kKept;  // how many are sure to be the best
  bool dropped_ = false;       // there were more today than are kept
};

}  // namespace yagura::processing
