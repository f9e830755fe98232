#include "app/bench/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::app::bench {
namespace {

Duration at(double seconds) { return Duration{std::llround(seconds * 1e9)}; }

}  // namespace

void Schedule::add(Duration due) { due_.push_back(due_.empty() ? due : std::max(due, due_.back() + Duration{1})); }

Schedule Schedule::constant(double rate, Duration length, std::size_t probe_every) {
  Schedule made{probe_every};
  const auto count = static_cast<std::size_t>(rate * std::chrono::duration<double>(length).count());
  made.due_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) made.add(at(static_cast<double>(i) / rate));
  return made;
}

Schedule Schedule::paced(std::span<const Timestamp> times, double speed, Duration length, std::size_t probe_every) {
  Schedule made{probe_every};
  for (const auto time : times) {
    const auto due = at(std::chrono::duration<double>(time - times.front()).count() / speed);
    if (due > length) break;
    if (made.is_probe(made.size())) made.add(due);
    made.add(due);
  }
  return made;
}

Schedule Schedule::burst(double rate, Duration length, std::size_t probe_every) {
  Schedule made{probe_every};
  const auto total = std::chrono::duration<double>(length).count();
  const double begin = total * (0.5 - kBurstShare / 2);
  const double end = total * (0.5 + kBurstShare / 2);
  const double quiet = rate / kBurstDensity;
  const auto stretch = [&made](double from, double to, double per_second) {
    const auto count = static_cast<std::size_t>((to - from) * per_second);
    for (std::size_t i = 0; i < count; ++i) made.add(at(from + static_cast<double>(i) / per_second));
  };
  stretch(0, begin, quiet);
  const auto first = made.size();
  stretch(begin, end, rate);
  made.burst_ = {first, made.size()};
  stretch(end, total, quiet);
  return made;
}

Schedule Schedule::flat_out(std::size_t count) {
  Schedule made{count};
  made.due_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) made.add(Duration{static_cast<std::int64_t>(i)});
  return made;
}

}  // namespace yagura::app::bench
