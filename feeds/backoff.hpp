// When to try again. Pure: the caller waits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace yagura::feeds {

// Waits before successive connection attempts: none, then `first` doubling up to `longest`, each
// spread by +-20 % so that clients of one server do not come back together. The same seed gives
// the same waits on every machine.
class Backoff {
 public:
  static constexpr Duration kFirst = std::chrono::milliseconds{250};
  static constexpr Duration kLongest = std::chrono::seconds{30};

  explicit Backoff(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] Duration next() noexcept {
    if (attempts_++ == 0) return Duration{0};
    const Duration plain = step_;
    step_ = std::min(step_ * 2, kLongest);
    return spread(plain);
  }
  // The connection proved itself: the next wait is none again.
  void reset() noexcept {
    attempts_ = 0;
    step_ = kFirst;
  }

 private:
  // 80 % to 120 % of `plain` in steps of 1e-6, integers only.
  [[nodiscard]] Duration spread(Duration plain) noexcept {
    const auto millionths = static_cast<std::int64_t>(800'000 + draw() % 400'001);
    return Duration{plain.count() / 1'000'000 * millionths};
  }
  // SplitMix64 (Steele, Lea, Flood 2014).
  [[nodiscard]] std::uint64_t draw() noexcept {
    std::uint64_t z = (random_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t random_;
  std::uint32_t attempts_ = 0;
  Duration step_ = kFirst;
};

// How often a connection that had brought data may be made anew at once: `kBurst` times, then once
// every `kEvery`. A server that sends one tick and hangs up, or a link that flaps, would otherwise be
// tried several times a second for ever; vendors ban for less (150 connections in ten minutes).
class ReturnBudget {
 public:
  static constexpr int kBurst = 20;
  static constexpr Duration kEvery = std::chrono::seconds{5};

  // Such a connection has ended: how long to wait at least.
  [[nodiscard]] Duration take(MonoTime now) noexcept {
    spent_until_ = std::max(spent_until_, now) + kEvery;
    return std::max(spent_until_ - now - kBurst * kEvery, Duration{0});
  }

 private:
  MonoTime spent_until_{};
};

// Value of an HTTP Retry-After header, seconds or a date, as a wait from `now`. At most a day: a
// server that asks for more is asked again after one. nullopt when it is neither.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Timestamp now) noexcept;

}  // namespace yagura::feeds
