// What another instrument cost at a moment of the last hour and a bit.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::processing {

// One price each five seconds, the last 1,024 of them. Detector thread, no allocation. Plain
// data: goes into a snapshot as it is.
class PriceTrail {
 public:
  void push(Timestamp t, Price price) noexcept;  // times must not decrease
  void clear() noexcept { count_ = 0; }

  // The last price of the five-second steps that were over five seconds before `t`, if at most five minutes
  // old. So an answer about `t` stays the same as long as the two instruments' ticks reach us no more
  // than five seconds apart, whichever comes first.
  [[nodiscard]] std::optional<Price> before(Timestamp t) const noexcept;

 private:
  static constexpr std::size_t kPoints = 1024;
  struct Point {
    std::int64_t step;  // of five seconds, since 1970
    Price price;
  };
  [[nodiscard]] const Point& at(std::uint64_t i) const { return points_[i % kPoints]; }

  std::array<Point, kPoints> points_{};
  std::uint64_t count_ = 0;  // ever pushed
};

}  // namespace yagura::processing
