#include "console/terminal/price_history.hpp"

#include <utility>

namespace yagura::console::terminal {
namespace {

std::int64_t step_of(Timestamp at) { return at.time_since_epoch() / PriceHistory::kStep; }

}  // namespace

void PriceHistory::add(Timestamp at, Price price) {
  const auto step = step_of(at);
  if (!steps_.empty() && step < steps_.back()) {
    if (steps_.back() - step <= kLate / kStep) return;
    steps_.clear();
    prices_.clear();
  }
  put(step, price);
}

void PriceHistory::put(std::int64_t step, Price price) {
  if (!steps_.empty() && step == steps_.back()) {
    prices_.back() = price;
    return;
  }
  steps_.push_back(step);
  prices_.push_back(price);
  if (prices_.size() <= kMost) return;
  steps_.pop_front();
  prices_.pop_front();
}

void PriceHistory::take_past(const std::vector<Point>& past) {
  const auto own_steps = std::exchange(steps_, {});
  const auto own_prices = std::exchange(prices_, {});
  for (const auto& point : past) {
    if (steps_.empty() || step_of(point.at) >= steps_.back()) put(step_of(point.at), point.price);
  }
  for (std::size_t i = 0; i < own_steps.size(); ++i) {
    if (steps_.empty() || own_steps[i] > steps_.back()) put(own_steps[i], own_prices[i]);
  }
}

}  // namespace yagura::console::terminal
