#include "processing/gap_statistics.hpp"

#include <algorithm>
#include <numeric>

#include "processing/calendar.hpp"

namespace yagura::processing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kFadeWeeks = 20;
constexpr std::uint32_t kEnoughOfAnHour = 1'000;
constexpr std::uint32_t kEnoughOfAll = 20;
constexpr Duration kBusySeed = seconds{3};
constexpr Duration kCalmSeed = seconds{10};

// Upper edges of the bins but the last: half a second, then thirds of an octave to 64 s.
constexpr std::array<std::int64_t, GapHistogram::kBins - 1> kEdgesMs = {
    500,  630,  794,    1000,   1260,   1587,   2000,   2520,   3175,   4000,   5040,
    6350, 8000, 10'079, 12'699, 16'000, 20'159, 25'398, 32'000, 40'317, 50'797, 64'000};

}  // namespace

void GapHistogram::fade(std::uint32_t week) noexcept {
  // Nothing is left of what is older than this.
  constexpr std::uint32_t kForgotten = 400;
  if (week <= week_) return;
  if (week - week_ >= kForgotten) counts_ = {};
  for (auto weeks = std::min(week - week_, kForgotten); weeks > 0 && total_ > 0; --weeks) {
    total_ = 0;
    for (auto& count : counts_) {
      count -= (count + kFadeWeeks - 1) / kFadeWeeks;
      total_ += count;
    }
  }
  week_ = week;
}

std::size_t GapHistogram::bin_of(Duration gap) noexcept {
  // Nearly all gaps are below the first edge.
  std::size_t bin = 0;
  while (bin < kEdgesMs.size() && gap > milliseconds{kEdgesMs[bin]}) ++bin;
  return bin;
}

void GapHistogram::add(std::size_t bin, std::uint32_t week) noexcept {
  if (week != week_) fade(week);
  ++counts_[bin];
  ++total_;
}

Duration GapHistogram::percentile_999() const noexcept {
  if (total_ == 0) return Duration{0};
  // So many gaps may be longer; one always, so that a single outage does not set the limit.
  const std::uint32_t above = std::max(total_ / 1'000, 1U);
  std::uint32_t longer = 0;
  for (std::size_t bin = kBins; bin-- > 0;) {
    longer += counts_[bin];
    if (longer > above) return milliseconds{kEdgesMs[std::min(bin, kEdgesMs.size() - 1)]};
  }
  return Duration{0};
}

bool GapHistogram::consistent() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}) == total_;
}

const GapStatistics::Hour& GapStatistics::hour_at(Timestamp t) noexcept {
  if (t >= hour_.from && t < hour_.to) return hour_;
  const auto offset = calendar_ == CalendarKind::kFx ? new_york_offset(t) : hours{0};
  const auto local = std::chrono::floor<hours>(t + offset);
  // 1970-01-05 was a Monday.
  const auto since_monday = (local - std::chrono::sys_days{std::chrono::days{4}}).count();
  const auto index = ((since_monday % 168) + 168) % 168;
  hour_.from = local - offset;
  hour_.to = hour_.from + hours{1};
  hour_.index = static_cast<std::size_t>(index);
  hour_.week = static_cast<std::uint32_t>(std::max<std::int64_t>(since_monday / 168, 0));
  // London opens at 03:00 New York time, New York closes at 17:00.
  const auto hour_of_day = index % 24;
  hour_.busy = calendar_ == CalendarKind::kFx && index < 5 * 24 && hour_of_day >= 3 && hour_of_day < 17;
  return hour_;
}

void GapStatistics::add(Timestamp from, Duration gap) noexcept {
  const auto& hour = hour_at(from);
  const auto bin = GapHistogram::bin_of(gap);
  by_hour_[hour.index].add(bin, hour.week);
  all_.add(bin, hour.week);
}

Duration GapStatistics::expected(Timestamp t) noexcept {
  const auto& hour = hour_at(t);
  const auto& own = by_hour_[hour.index];
  if (own.total() >= kEnoughOfAnHour) return own.percentile_999();
  const Duration seed = hour.busy ? kBusySeed : kCalmSeed;
  return all_.total() >= kEnoughOfAll ? std::max(seed, all_.percentile_999()) : seed;
}

// Only the hours that have seen something: a snapshot is written every second.
void GapStatistics::state(StateIo& io) {
  io(all_);
  auto hours_seen = static_cast<std::uint8_t>(
      std::ranges::count_if(by_hour_, [](const GapHistogram& hour) { return hour.total() != 0; }));
  io(hours_seen);
  if (!io.reading()) {
    for (std::uint8_t i = 0; i < kHours; ++i) {
      if (by_hour_[i].total() != 0) io(i, by_hour_[i]);
    }
    return;
  }
  by_hour_ = {};
  for (; hours_seen > 0 && io.ok(); --hours_seen) {
    std::uint8_t index = 0;
    GapHistogram hour;
    io(index, hour);
    if (index >= kHours || !hour.consistent()) return io.fail();
    by_hour_[index] = hour;
  }
  if (!all_.consistent()) io.fail();
}

}  // namespace yagura::processing
