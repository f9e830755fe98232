// The newest accepted ticks of one instrument, rising in event time. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/lazy_array.hpp"
#include "core/tick.hpp"

namespace yagura::processing {

// What is remembered of a tick.
struct PastTick {
  static constexpr auto kNone = std::numeric_limits<std::int64_t>::min();
  Timestamp at{};  // event time
  Price price{};
  Price bid = Price::from_raw(kNone);  // kNone: the tick had none
  Price ask = Price::from_raw(kNone);

  [[nodiscard]] bool has_bid() const { return bid.raw() != kNone; }
  [[nodiscard]] bool has_ask() const { return ask.raw() != kNone; }
  friend bool operator==(const PastTick&, const PastTick&) = default;
};
static_assert(sizeof(PastTick) == 32);

class TickRing {
 public:
  // `capacity`: a power of two. Memory is taken as it fills.
  explicit TickRing(std::size_t capacity) : slots_(capacity) {}

  // Overwrites the oldest. One that is older than the newest is ignored. Some ns; never allocates.
  void push(const Tick& tick) noexcept {
    if (end_ != first_ && tick.ts_event < slot(end_ - 1).at) return;
    if (end_ - first_ == slots_.size()) ++first_;
    auto& past = slot(end_++);
    past = {.at = tick.ts_event, .price = tick.price};
    if (has(tick.flags, TickFlag::kHasBid)) past.bid = tick.bid;
    if (has(tick.flags, TickFlag::kHasAsk)) past.ask = tick.ask;
  }
  void clear() noexcept { first_ = end_ = 0; }

  [[nodiscard]] bool empty() const { return first_ == end_; }
  // A tick has been overwritten since the last clear().
  [[nodiscard]] bool wrapped() const { return first_ != 0; }
  [[nodiscard]] const PastTick& oldest() const { return at(first_); }
  [[nodiscard]] const PastTick& newest() const { return at(end_ - 1); }
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

  // Those with `from` <= event time < `to`, the first `limit` of them.
  [[nodiscard]] std::vector<PastTick> between(Timestamp from, Timestamp to,
                                              std::size_t limit = std::numeric_limits<std::size_t>::max()) const {
    const auto begin = find(from);
    const auto count = std::min<std::uint64_t>(std::max(find(to), begin) - begin, limit);
    std::vector<PastTick> ticks;
    ticks.reserve(static_cast<std::size_t>(count));
    for (auto number = begin; number != begin + count; ++number) ticks.push_back(at(number));
    return ticks;
  }

 private:
  [[nodiscard]] PastTick& slot(std::uint64_t number) { return slots_[number & (slots_.size() - 1)]; }
  [[nodiscard]] const PastTick& at(std::uint64_t number) const { return slots_[number & (slots_.size() - 1)]; }
  [[nodiscard]] std::uint64_t find(Timestamp time) const {
    auto low = first_;
    for (auto count = end_ - first_; count != 0;) {
      const auto half = count / 2;
      if (at(low + half).at < time) {
        low += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    return low;
  }

  LazyArray<PastTick> slots_;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace yagura::processing
