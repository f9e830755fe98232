// The shape of a day: how much livelier or quieter an instrument usually is at each time of the day,
// learnt from the sessions that are over. Morning in Tokyo, a fixing or a lunch are no news.
#pragma once

#include <array>
#include <cstdint>

#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// One instrument. Detector thread only; no allocation. Time of day is counted from wherever the
// instrument's day begins, below 24 h.
class DayShape {
 public:
  static constexpr Duration kBucket = std::chrono::minutes{5};
  static constexpr std::size_t kBuckets = 288;

  [[nodiscard]] static std::size_t bucket_of(Duration time_of_day) {
    return static_cast<std::size_t>(time_of_day / kBucket) % kBuckets;
  }

  // The size of one return in today's session, over the square root of its span.
  void add(std::size_t bucket, double size) noexcept;
  // The session is over: what it showed goes into the shape. Sessions of less than an hour teach nothing.
  void fold() noexcept;

  // Usual volatility in a bucket over that of the day, whose root mean square is 1: within 0.5 and 4,
  // and near 1 while few sessions have shown that bucket.
  [[nodiscard]] double factor(std::size_t bucket) const noexcept;
  // Integral of factor^2 over the window that ends at a time of day, in seconds: at a constant
  // volatility of the day, what its variance is multiplied with.
  [[nodiscard]] double seconds(Duration end, Duration window) const noexcept;

  void state(StateIo& io);

 private:
  std::array<float, kBuckets> learnt_ = filled(1);
  std::array<float, kBuckets> today_ = filled(0);  // sum of sizes
  std::array<std::uint16_t, kBuckets> returns_{};  // how many; stays at its largest
  std::array<std::uint8_t, kBuckets> sessions_{};  // that taught a bucket; stays at its largest

  static constexpr std::array<float, kBuckets> filled(float value) {
    std::array<float, kBuckets> all{};
    all.fill(value);
    return all;
  }
};

}  // namespace yagura::processing
