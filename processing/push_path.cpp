#include "processing/push_path.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

std::int64_t minute_of(Timestamp t) { return std::chrono::floor<std::chrono::minutes>(t).time_since_epoch().count(); }

double ratio(Int128 part, Int128 whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void PushPath::push(Timestamp t, std::int64_t height) noexcept {
  const auto number = minute_of(t);
  if (count_ == 0 || at(count_ - 1).number != number) {
    minutes_[count_++ % kMinutes] = {number, height, height, height, 0, height, 0};
    return;
  }
  auto& minute = minutes_[(count_ - 1) % kMinutes];
  minute.rebound = std::max(minute.rebound, height - minute.low);
  minute.low = std::min(minute.low, height);
  if (height >= minute.high) {
    minute.high = minute.low_after_high = height;
    minute.rebound_after_high = 0;
  } else {
    minute.rebound_after_high = std::max(minute.rebound_after_high, height - minute.low_after_high);
    minute.low_after_high = std::min(minute.low_after_high, height);
  }
  minute.last = height;
}

PushPath::Shape PushPath::since(Timestamp top) const noexcept {
  const auto number = minute_of(top);
  const std::uint64_t oldest = count_ > kMinutes ? count_ - kMinutes : 0;
  auto i = count_ - 1;
  while (i > oldest && at(i).number > number) --i;
  const auto& first = at(i);
  Shape shape{.drop = 0, .up = 0, .rebound = first.rebound_after_high, .low = first.low_after_high};
  auto last = first.last;
  for (++i; i < count_; ++i) {
    const auto& minute = at(i);
    shape.rebound = std::max({shape.rebound, minute.rebound, minute.high - shape.low});
    shape.low = std::min(shape.low, minute.low);
    shape.up += std::max<std::int64_t>(0, minute.last - last);
    last = minute.last;
  }
  shape.drop = first.high - last;
  return shape;
}

double PushPath::Shape::one_sided() const { return ratio(drop + up, drop + 2 * up); }

double PushPath::Shape::rebound_share() const { return ratio(rebound, drop); }

}  // namespace yagura::processing
