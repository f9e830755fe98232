// Where the levels are: every multiple of a step, or a trader's own list. Both answer the same
// questions, so the crossing detector does not care which it has.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "processing/rules.hpp"

namespace yagura::processing {

inline constexpr Price kNoLevelAbove = Price::from_raw(std::numeric_limits<std::int64_t>::max());
inline constexpr Price kNoLevelBelow = Price::from_raw(std::numeric_limits<std::int64_t>::min());

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
  // Levels in (low, high], rising.
  template <class F>
  void rising(Price low, Price high, F&& f) const {
    for (Price l = next_above(low); l <= high && l != kNoLevelAbove; l = Price::from_raw(l.raw() + step_)) {
      f(l);
      if (l.raw() > std::numeric_limits<std::int64_t>::max() - step_) return;
    }
  }
  // Levels in (low, high], falling.
  template <class F>
  void falling(Price low, Price high, F&& f) const {
    for (Price l = at_or_below(high); l > low && l != kNoLevelBelow; l = at_or_below(Price::from_raw(l.raw() - 1))) f(l);
  }
  // Another grid has other states; a list may change level by level.
  [[nodiscard]] std::string fingerprint() const { return std::to_string(step_); }
  [[nodiscard]] static std::int32_t note(Price) { return -1; }
  [[nodiscard]] static bool once(Price) { return false; }
  void remove(Price) {}

 private:
  std::int64_t step_;
};

// A sorted list. 16 bytes a level.
class ListLevels {
 public:
  // Of equal prices the first entry counts.
  explicit ListLevels(const std::vector<LevelEntry>& entries) {
    levels_.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      levels_.push_back({entries[i].price, entries[i].note.empty() ? -1 : static_cast<std::int32_t>(i), entries[i].once});
    }
    std::ranges::stable_sort(levels_, {}, &Level::price);
    const auto doubles = std::ranges::unique(levels_, {}, &Level::price);
    levels_.erase(doubles.begin(), doubles.end());
  }

  [[nodiscard]] Price next_above(Price p) const {
    const auto at = std::ranges::upper_bound(levels_, p, {}, &Level::price);
    return at == levels_.end() ? kNoLevelAbove : at->price;
  }
  [[nodiscard]] Price at_or_below(Price p) const {
    const auto at = std::ranges::upper_bound(levels_, p, {}, &Level::price);
    return at == levels_.begin() ? kNoLevelBelow : std::prev(at)->price;
  }
  template <class F>
  void rising(Price low, Price high, F&& f) const {
    for (auto at = std::ranges::upper_bound(levels_, low, {}, &Level::price); at != levels_.end() && at->price <= high; ++at) {
      f(at->price);
    }
  }
  template <class F>
  void falling(Price low, Price high, F&& f) const {
    for (auto at = std::ranges::upper_bound(levels_, high, {}, &Level::price); at != levels_.begin() && std::prev(at)->price > low;
         --at) {
      f(std::prev(at)->price);
    }
  }
  [[nodiscard]] static std::string fingerprint() { return "list"; }
  [[nodiscard]] std::int32_t note(Price p) const {
    const auto* level = find(p);
    return level == nullptr ? -1 : level->note;
  }
  [[nodiscard]] bool once(Price p) const {
    const auto* level = find(p);
    return level != nullptr && level->once;
  }
  void remove(Price p) {
    const auto at = std::ranges::lower_bound(levels_, p, {}, &Level::price);
    if (at != levels_.end() && at->price == p) levels_.erase(at);
  }

 private:
  struct Level {
    Price price;
    std::int32_t note;
    bool once;
  };
  [[nodiscard]] const Level* find(Price p) const {
    const auto at = std::ranges::lower_bound(levels_, p, {}, &Level::price);
    return at != levels_.end() && at->price == p ? &*at : nullptr;
  }
  std::vector<Level> levels_;
};

}  // namespace yagura::processing
