// The prices of one instrument at a fixed step of market time, for a sparkline. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console::terminal {

class PriceHistory {
 public:
  static constexpr Duration kStep = std::chrono::minutes{1};
  static constexpr std::size_t kMost = 240;  // points: four hours

  struct Point {
    Timestamp at;
    Price price;
  };

  // The last price of each step stays. A late price changes nothing; a clock that went back by more than
  // kLate is another one, and the history begins anew.
  static constexpr Duration kLate = std::chrono::minutes{10};
  void add(Timestamp at, Price price);
  // What is known of the past from elsewhere, rising in time, in place of what is here up to its end.
  void take_past(const std::vector<Point>& past);

  // Oldest first. Steps without a price are left out: nights and breaks take no room.
  [[nodiscard]] const std::deque<Price>& prices() const { return prices_; }

 private:
  void put(std::int64_t step, Price price);

  std::deque<Price> prices_;
  std::deque<std::int64_t> steps_;  // of the same place, since 1970
};

}  // namespace yagura::console::terminal
