// Counts of durations in log-linear buckets (Gil Tene's HdrHistogram idea): every power of two is
// cut into 128 equal parts, so a reported value is at most 1/128 = 0.8 % above the true one.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <vector>

#include "core/time.hpp"

namespace yagura {

// One thread records; copies are plain values. 31 KB.
class LatencyHistogram {
 public:
  void record(Duration value) noexcept {
    const auto ns = value.count() < 0 ? 0 : static_cast<std::uint64_t>(value.count());
    ++buckets_[bucket_of(ns)];
    ++count_;
    sum_ += ns;
    if (ns > max_) max_ = ns;
    if (ns < min_) min_ = ns;
  }
  void merge(const LatencyHistogram& other) noexcept;
  void clear() noexcept { *this = LatencyHistogram{}; }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration sum() const { return Duration{static_cast<std::int64_t>(sum_)}; }
  [[nodiscard]] Duration max() const { return Duration{static_cast<std::int64_t>(max_)}; }
  [[nodiscard]] Duration min() const { return Duration{count_ == 0 ? 0 : static_cast<std::int64_t>(min_)}; }
  // Smallest recorded value v such that at least `percent` % of the records are <= v, as the upper
  // end of its bucket (never above max). 0 when empty.
  [[nodiscard]] Duration percentile(double percent) const noexcept;

  // For each of `bounds`, which ascend, how many records are at or below it; one pass. What shares a
  // bucket with a bound counts as above it: at most 0.8 % too early.
  void cumulative(std::span<const Duration> bounds, std::span<std::uint64_t> counts) const noexcept;

  // What is needed to make it anew elsewhere: buckets that hold something, ascending.
  struct Bucket {
    Duration upper;  // largest value that falls into it
    std::uint64_t count = 0;
  };
  [[nodiscard]] std::vector<Bucket> buckets() const;
  // The same histogram from what another process said: an upper end may be any value of its bucket.
  [[nodiscard]] static LatencyHistogram from_buckets(std::span<const Bucket> buckets, Duration sum, Duration min,
                                                     Duration max);
  // What was recorded after `earlier`, a copy of this one then. Its minimum and maximum are to the bucket.
  [[nodiscard]] LatencyHistogram since(const LatencyHistogram& earlier) const noexcept;

  // The percentile distribution in HdrHistogram's text form, values divided by `unit_ns`, readable
  // by its plotters.
  void write_hgrm(std::ostream& out, double unit_ns = 1000.0) const;

 private:
  static constexpr int kSubBits = 7;
  static constexpr std::uint64_t kSub = 1U << kSubBits;
  static constexpr int kMaxBits = 37;  // 137 s; anything longer counts as that, `max` stays exact
  static constexpr std::size_t kBuckets = (kMaxBits - kSubBits + 1) * kSub;

  static constexpr std::size_t bucket_of(std::uint64_t ns) noexcept {
    if (ns >= (std::uint64_t{1} << kMaxBits)) return kBuckets - 1;
    if (ns < kSub) return static_cast<std::size_t>(ns);
    const int shift = 63 - __builtin_clzll(ns) - kSubBits;
    return static_cast<std::size_t>((static_cast<std::uint64_t>(shift) + 1) * kSub + ((ns >> shift) - kSub));
  }
  // Largest value that falls into `bucket`.
  static constexpr std::uint64_t upper_end(std::size_t bucket) noexcept {
    if (bucket < kSub) return bucket;
    const auto shift = bucket / kSub - 1;
    return ((bucket % kSub + kSub + 1) << shift) - 1;
  }

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0};
};

}  // namespace yagura
