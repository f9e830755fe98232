#include "app/vitals.hpp"

namespace yagura::app {

void Vitals::look(MonoTime now, Duration period) {
  const bool frozen = last_look_ == MonoTime{} || now - last_look_ > 3 * period;
  last_look_ = now;
  all_moved_ = true;
  stuck_.clear();
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    auto& seen = seen_[i];
    const auto value = threads_[i].pulse->value();
    const bool moves = value != seen.value || !Pulse::at_work(value);
    seen.value = value;
    if (moves || frozen) seen.moved = now;
    all_moved_ = all_moved_ && moves;
    if (now - seen.moved > threads_[i].limit) stuck_.push_back({threads_[i].name, now - seen.moved});
  }
}

}  // namespace yagura::app
