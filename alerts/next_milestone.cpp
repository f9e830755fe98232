#include "alerts/next_milestone.hpp"

#include <limits>

namespace yagura::alerts {
namespace {

bool goes_somewhere(const Signal& signal) {
  switch (signal.event) {
    case Event::kStale:
    case Event::kRecovered:
    case Event::kWithdrawn:
    case Event::kDiverged:
    case Event::kDecoupled:
    case Event::kNear: return false;
    default: return signal.price.raw() > 0;
  }
}

// The first multiple of `step` above or below `price`, both positive; 0 when there is none.
std::int64_t multiple_beyond(std::int64_t price, std::int64_t step, Direction direction) {
  if (direction == Direction::kDown) return (price - 1) / step * step;
  const auto count = price / step + 1;
  return count > std::numeric_limits<std::int64_t>::max() / step ? 0 : count * step;
}

}  // namespace

std::optional<Price> next_milestone(const Signal& signal, std::span<const std::int64_t> steps) {
  if (!goes_somewhere(signal)) return std::nullopt;
  const bool up = signal.direction == Direction::kUp;
  std::int64_t nearest = 0;
  for (const auto step : steps) {
    const auto next = multiple_beyond(signal.price.raw(), step, signal.direction);
    if (next > 0 && (nearest == 0 || (next < nearest) == up)) nearest = next;
  }
  return nearest > 0 ? std::optional{Price::from_raw(nearest)} : std::nullopt;
}

}  // namespace yagura::alerts
