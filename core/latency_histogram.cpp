#include "core/latency_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace yagura {

void LatencyHistogram::merge(const LatencyHistogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
  min_ = std::min(min_, other.min_);
}

Duration LatencyHistogram::percentile(double percent) const noexcept {
  constexpr double kRounding = 1e-6;  // 7 % of 100 is the 7th, whatever the product of doubles
  if (count_ == 0) return Duration{0};
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(percent, 0.0, 100.0) * static_cast<double>(count_) / 100.0 - kRounding));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1))
      return Duration{static_cast<std::int64_t>(std::min(upper_end(i), max_))};
  }
  return max();
}

void LatencyHistogram::cumulative(std::span<const Duration> bounds, std::span<std::uint64_t> counts) const noexcept {
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (std::size_t i = 0; i < bounds.size() && i < counts.size(); ++i) {
    const auto bound = static_cast<std::uint64_t>(std::max<std::int64_t>(bounds[i].count(), 0));
    for (; bucket < kBuckets && upper_end(bucket) <= bound; ++bucket) seen += buckets_[bucket];
    counts[i] = seen;
  }
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
  std::vector<Bucket> filled;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (buckets_[i] != 0) filled.push_back({Duration{static_cast<std::int64_t>(upper_end(i))}, buckets_[i]});
  }
  return filled;
}

LatencyHistogram LatencyHistogram::from_buckets(std::span<const Bucket> buckets, Duration sum, Duration min,
                                                Duration max) {
  LatencyHistogram made;
  for (const auto& bucket : buckets) {
    made.buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(bucket.upper.count(), 0)))] +=
        bucket.count;
    made.count_ += bucket.count;
  }
  if (made.count_ == 0) return made;
  made.sum_ = static_cast<std::uint64_t>(sum.count());
  made.min_ = static_cast<std::uint64_t>(min.count());
  made.max_ = static_cast<std::uint64_t>(max.count());
  return made;
}

LatencyHistogram LatencyHistogram::since(const LatencyHistogram& earlier) const noexcept {
  LatencyHistogram made;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    made.buckets_[i] = buckets_[i] - std::min(buckets_[i], earlier.buckets_[i]);
    if (made.buckets_[i] == 0) continue;
    made.count_ += made.buckets_[i];
    if (made.count_ == made.buckets_[i]) made.min_ = i == 0 ? 0 : upper_end(i - 1) + 1;
    made.max_ = std::min(upper_end(i), max_);
  }
  made.sum_ = sum_ - std::min(sum_, earlier.sum_);
  return made;
}

void LatencyHistogram::write_hgrm(std::ostream& out, double unit_ns) const {
  out << "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
  char line[96];
  std::uint64_t seen = 0;
  double sum = 0;
  double sum_of_squares = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (buckets_[i] == 0) continue;
    seen += buckets_[i];
    const double value = static_cast<double>(std::min(upper_end(i), max_)) / unit_ns;
    sum += value * static_cast<double>(buckets_[i]);
    sum_of_squares += value * value * static_cast<double>(buckets_[i]);
    const double share = static_cast<double>(seen) / static_cast<double>(count_);
    if (seen == count_) {
      std::snprintf(line, sizeof line, "%12.3f %2.12f %10llu\n", value, 1.0, static_cast<unsigned long long>(seen));
    } else {
      std::snprintf(line, sizeof line, "%12.3f %2.12f %10llu %14.2f\n", value, share,
                    static_cast<unsigned long long>(seen), 1 / (1 - share));
    }
    out << line;
  }
  const double n = count_ == 0 ? 1.0 : static_cast<double>(count_);
  const double mean = sum / n;
  std::snprintf(line, sizeof line, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean,
                std::sqrt(std::max(0.0, sum_of_squares / n - mean * mean)));
  out << line;
  std::snprintf(line, sizeof line, "#[Max     = %12.3f, Total count    = %12llu]\n",
                static_cast<double>(max_) / unit_ns, static_cast<unsigned long long>(count_));
  out << line;
  std::snprintf(line, sizeof line, "#[Buckets = %12d, SubBuckets     = %12llu]\n", kMaxBits - kSubBits + 1,
                static_cast<unsigned long long>(kSub));
  out << line;
}

}  // namespace yagura
