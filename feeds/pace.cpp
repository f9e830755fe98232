#include "feeds/pace.hpp"

#include <algorithm>
#include <utility>

namespace yagura::feeds {

Pace::Pace(PacePlan plan) : plan_(std::move(plan)) {
  if (!plan_.empty()) speed_ = plan_.front().speed;
}

void Pace::start(Timestamp first, MonoTime now) {
  anchor_event_ = latest_ = first;
  anchor_ = now;
  for (next_step_ = 0; next_step_ < plan_.size() && plan_[next_step_].from <= first; ++next_step_) {
    speed_ = plan_[next_step_].speed;
  }
}

MonoTime Pace::due(Timestamp event, MonoTime now) {
  for (; next_step_ < plan_.size() && plan_[next_step_].from <= event; ++next_step_) {
    const auto& step = plan_[next_step_];
    anchor_ = flat_out() ? now : moment_of(step.from);
    anchor_event_ = step.from;
    speed_ = step.speed;
  }
  latest_ = std::max(latest_, event);
  return flat_out() ? now : moment_of(event);
}

MonoTime Pace::moment_of(Timestamp event) const {
  const double wait = static_cast<double>((event - anchor_event_).count()) / speed_;
  constexpr double kForever = 1e18;  // 30 years, in ns: what an int64 takes
  return anchor_ + Duration{static_cast<std::int64_t>(std::clamp(wait, -kForever, kForever))};
}

Timestamp Pace::event_at(MonoTime now) const {
  if (flat_out()) return latest_;
  const double passed = static_cast<double>((now - anchor_).count()) * speed_;
  return anchor_event_ + Duration{static_cast<std::int64_t>(passed)};
}

}  // namespace yagura::feeds
