#include "processing/day_shape.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yagura::processing {
namespace {

constexpr double kSessionWeight = 2.0 / 61.0;  // exponential, as good as the last 60 sessions
constexpr double kDoubt = 4;                   // sessions at which the shape counts half
constexpr double kLeast = 0.5;
constexpr double kMost = 4;
constexpr std::uint16_t kLeastReturns = 2;  // in a bucket of one session
constexpr int kLeastBuckets = 12;           // in a session: an hour

double seconds_of(Duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

void DayShape::add(std::size_t bucket, double size) noexcept {
  auto& count = returns_[bucket];
  if (count == std::numeric_limits<std::uint16_t>::max()) return;
  ++count;
  today_[bucket] += static_cast<float>(size);
}

// Mean absolute returns, as one wild return among many should not shape a bucket; and the session's own
// level is taken out first, with the buckets it has in common with the shape, so that neither a wild
// session nor half a session bends it. The constant between mean and standard deviation goes with it.
void DayShape::fold() noexcept {
  double seen = 0;
  double expected = 0;
  int buckets = 0;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    if (returns_[b] < kLeastReturns) continue;
    seen += today_[b] / returns_[b];
    expected += learnt_[b];
    ++buckets;
  }
  if (buckets >= kLeastBuckets && seen > 0) {
    const double level = seen / expected;
    double squares = 0;
    int known = 0;
    for (std::size_t b = 0; b < kBuckets; ++b) {
      if (returns_[b] >= kLeastReturns) {
        const double shown = std::clamp(today_[b] / returns_[b] / level, kLeast / 2, kMost);
        if (sessions_[b] != std::numeric_limits<std::uint8_t>::max()) ++sessions_[b];
        const double weight = std::max(kSessionWeight, 1.0 / sessions_[b]);
        learnt_[b] = static_cast<float>(learnt_[b] + weight * (shown - learnt_[b]));
      }
      if (sessions_[b] == 0) continue;
      squares += double{learnt_[b]} * learnt_[b];
      ++known;
    }
    const auto scale = static_cast<float>(std::sqrt(known / squares));
    for (std::size_t b = 0; b < kBuckets; ++b) {
      if (sessions_[b] != 0) learnt_[b] *= scale;
    }
  }
  today_.fill(0);
  returns_.fill(0);
}

double DayShape::factor(std::size_t bucket) const noexcept {
  const double sessions = sessions_[bucket];
  const double trust = sessions / (sessions + kDoubt);
  return std::clamp(1 + trust * (learnt_[bucket] - 1.0), kLeast, kMost);
}

double DayShape::seconds(Duration end, Duration window) const noexcept {
  auto bucket = bucket_of(end);
  Duration part = end % kBucket;
  double sum = 0;
  while (true) {
    part = std::min(part, window);
    const double f = factor(bucket);
    sum += f * f * seconds_of(part);
    window -= part;
    if (window <= Duration{0}) return sum;
    bucket = bucket == 0 ? kBuckets - 1 : bucket - 1;
    part = kBucket;
  }
}

void DayShape::state(StateIo& io) {
  io(learnt_, today_, returns_, sessions_);
  if (!io.reading()) return;
  const auto sound = [](float value) { return std::isfinite(value) && value >= 0; };
  if (!std::ranges::all_of(learnt_, sound) || !std::ranges::all_of(today_, sound)) io.fail();
}

}  // namespace yagura::processing
