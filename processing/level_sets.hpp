// Where the levels are: every multiple of a step, or a trader's own list. Both answer the same
// questions, so the crossing detector does not care which it has.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "processing/level_list.hpp"

namespace yagura::processing {

inline constexpr Price kNoLevelAbove = Price::from_raw(std::numeric_limits<std::int64_t>::max());
inline constexpr Price kNoLevelBelow = Price::from_raw(std::numeric_limits<std::int64_t>::min());

// No market goes through more levels in one print; a broken feed may, and must not stop the tick path.
inline constexpr std::int64_t kMostAtOnce = 10'000;

// k * step for k >= 1. No memory at all.
class GridLevels {
 public:
  explicit GridLevels(PriceDelta step) : step_(step.raw()) {}

  [[nodiscard]] Price next_above(Price p) const {
    if (p.raw() < step_) return Price::from_raw(step_);
    const auto k = p.raw() / step_;
    if (k >= std::numeric_limits<std::int64_t>::max() / step_) return kNoLevelAbove;
    return Price::from_raw((k + 1) * step_);
  }
  [[nodiscard]] Price at_or_below(Price p) const {
    return p.raw() < step_ ? kNoLevelBelow : Price::from_raw(p.raw() / step_ * step_);
  }
  // Levels in (low, high], rising; of more than kMostAtOnce the last ones.
  template <class F>
  void rising(Price low, Price high, F&& f) const {
    auto [first, last] = range(low, high);
    if (last > first && (last - first) / step_ >= kMostAtOnce) first = last - (kMostAtOnce - 1) * step_;
    for (auto left = count(first, last); left > 0; --left, first += step_ * (left > 0)) f(Price::from_raw(first));
  }
  // Levels in (low, high], falling; of more than kMostAtOnce the last ones.
  template <class F>
  void falling(Price low, Price high, F&& f) const {
    auto [first, last] = range(low, high);
    if (last > first && (last - first) / step_ >= kMostAtOnce) last = first + (kMostAtOnce - 1) * step_;
    for (auto left = count(first, last); left > 0; --left, last -= step_) f(Price::from_raw(last));
  }
  // Another grid has other states; a list may change level by level.
  [[nodiscard]] std::string fingerprint() const { return std::to_string(step_); }
  [[nodiscard]] static std::int32_t note(Price) { return -1; }
  [[nodiscard]] static bool once(Price) { return false; }
  void remove(Price) {}

 private:
  struct Range {
    std::int64_t first, last;  // lowest and highest level; first > last: none
  };
  [[nodiscard]] Range range(Price low, Price high) const { return {next_above(low).raw(), at_or_below(high).raw()}; }
  [[nodiscard]] std::int64_t count(std::int64_t first, std::int64_t last) const {
    return first > last ? 0 : (last - first) / step_ + 1;
  }

  std::int64_t step_;
};

// A trader's own prices, up to millions, changed while the market runs: sorted blocks of a few
// hundred levels of 16 bytes. Finding, adding and removing cost O(log n) comparisons and one move
// inside a block.
class ListLevels {
 public:
  // Of equal prices the first entry counts.
  explicit ListLevels(const LevelList& list);

  [[nodiscard]] Price next_above(Price p) const {
    const auto at = upper(p);
    return at.block == blocks_.size() ? kNoLevelAbove : level(at).price;
  }
  [[nodiscard]] Price at_or_below(Price p) const {
    auto at = upper(p);
    return step_back(at) ? level(at).price : kNoLevelBelow;
  }
  // Levels in (low, high], rising; `f` must not change the list.
  template <class F>
  void rising(Price low, Price high, F&& f) const {
    for (auto at = upper(low); at.block != blocks_.size() && level(at).price <= high; step(at)) f(level(at).price);
  }
  // Levels in (low, high], falling.
  template <class F>
  void falling(Price low, Price high, F&& f) const {
    for (auto at = upper(high); step_back(at) && level(at).price > low;) f(level(at).price);
  }

  [[nodiscard]] static std::string fingerprint() { return "list"; }
  [[nodiscard]] std::int32_t note(Price p) const {
    const auto* found = find(p);
    return found == nullptr ? -1 : found->note;
  }
  [[nodiscard]] bool once(Price p) const {
    const auto* found = find(p);
    return found != nullptr && found->once;
  }
  [[nodiscard]] bool contains(Price p) const { return find(p) != nullptr; }
  // False when the price is there already.
  bool add(Price p, std::int32_t note, bool once);
  void remove(Price p);
  void set_note(Price p, std::int32_t note);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Level = LevelList::Level;
  struct Place {
    std::size_t block;
    std::size_t index;
  };

  // First level above `p`; block == blocks_.size() when there is none.
  [[nodiscard]] Place upper(Price p) const;
  [[nodiscard]] const Level* find(Price p) const;
  [[nodiscard]] const Level& level(Place at) const { return blocks_[at.block][at.index]; }
  void step(Place& at) const {
    if (++at.index == blocks_[at.block].size()) at = {at.block + 1, 0};
  }
  bool step_back(Place& at) const {
    if (at.index == 0) {
      if (at.block == 0) return false;
      --at.block;
      at.index = blocks_[at.block].size();
    }
    --at.index;
    return true;
  }

  std::vector<std::vector<Level>> blocks_;  // none empty
  std::vector<Price> firsts_;               // first price of each block
  std::size_t size_ = 0;
};

}  // namespace yagura::processing
