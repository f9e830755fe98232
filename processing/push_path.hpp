// The way of a push: how much of it went one way, and how far it ever came back.
#pragma once

#include <array>
#include <cstdint>

#include "core/int128.hpp"
#include "core/time.hpp"

namespace yagura::processing {

// Keeps the last 64 minutes in which there were ticks. Steps are those between the last ticks of
// successive minutes: shorter ones would count the noise of quotes, and bars of a minute could not be told
// from ticks. Extremes and rebounds are those of all ticks. Heights are prices, or their negatives for a
// push upwards: a push goes down. Detector thread; O(1) a tick, one pass over the minutes a question. Plain
// data: goes into a snapshot as it is.
class PushPath {
 public:
  void push(Timestamp t, std::int64_t height) noexcept;  // times must not decrease
  void clear() noexcept { count_ = 0; }

  struct Shape {
    std::int64_t drop = 0;     // from the top to the last tick
    Int128 up = 0;             // sum of the steps against the push; those with it sum up to drop + up
    std::int64_t rebound = 0;  // largest way up after a lower tick
    std::int64_t low = 0;
    // Share of the steps that went with the push, by size.
    [[nodiscard]] double one_sided() const;
    [[nodiscard]] double rebound_share() const;
  };
  // From the highest tick of the minute of `top` to the last one. A push must have come, and a tick at
  // `top` no more than an hour before it.
  [[nodiscard]] Shape since(Timestamp top) const noexcept;

 private:
  static constexpr std::size_t kMinutes = 64;

  struct Minute {
    std::int64_t number;  // since 1970
    std::int64_t high, low, last;
    std::int64_t rebound;
    // After the newest of the highest ticks:
    std::int64_t low_after_high;
    std::int64_t rebound_after_high;
  };
  [[nodiscard]] const Minute& at(std::uint64_t i) const { return minutes_[i % kMinutes]; }

  std::array<Minute, kMinutes> minutes_{};
  std::uint64_t count_ = 0;  // ever pushed; the newest is at count_ - 1
};

}  // namespace yagura::processing
