#include "app/bench/hiccups.hpp"

#include <sched.h>

namespace yagura::app::bench {

void Hiccups::note(MonoTime at, Duration length) noexcept {
  lengths_.record(length);
  if (gaps_.size() < kGaps) gaps_.push_back({before_ + (at - first_), length});
}

void Hiccups::append(const Hiccups& other) {
  const auto offset = watched();
  for (const auto& gap : other.gaps_) {
    if (gaps_.size() < kGaps) gaps_.push_back({offset + gap.at, gap.length});
  }
  lengths_.merge(other.lengths_);
  before_ += other.watched();
}

double Hiccups::lost_percent() const {
  const auto all = watched().count();
  return all == 0 ? 0 : 100.0 * static_cast<double>(lengths_.sum().count()) / static_cast<double>(all);
}

Hiccups watch_idle_cores(Duration length_each) {
  cpu_set_t allowed;
  Hiccups all;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return all;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(static_cast<std::size_t>(core), &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(core), &one);
    if (::sched_setaffinity(0, sizeof one, &one) != 0) continue;
    Hiccups here;
    auto now = std::chrono::steady_clock::now();
    for (const auto end = now + length_each; now < end;) {
      const auto before = now;
      now = std::chrono::steady_clock::now();
      here.turn(before, now);
    }
    all.append(here);
  }
  ::sched_setaffinity(0, sizeof allowed, &allowed);
  return all;
}

}  // namespace yagura::app::bench
