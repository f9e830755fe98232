#include "processing/price_trail.hpp"

namespace yagura::processing {
namespace {

constexpr Duration kStep = std::chrono::seconds{5};
constexpr std::int64_t kOldest = std::chrono::minutes{5} / kStep;

std::int64_t step_of(Timestamp t) {
  const auto ns = to_ns(t);
  const auto step = kStep.count();
  return ns >= 0 ? ns / step : (ns - step + 1) / step;
}

}  // namespace

void PriceTrail::push(Timestamp t, Price price) noexcept {
  const auto step = step_of(t);
  if (count_ == 0 || at(count_ - 1).step != step) ++count_;
  points_[(count_ - 1) % kPoints] = {step, price};
}

std::optional<Price> PriceTrail::before(Timestamp t) const noexcept {
  const auto asked = step_of(t) - 1;  // steps before this one were over by then
  // The first of those kept that is not before it; they are in order.
  std::uint64_t low = count_ > kPoints ? count_ - kPoints : 0;
  const auto oldest = low;
  std::uint64_t high = count_;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (at(middle).step < asked)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == oldest || asked - at(low - 1).step > kOldest) return std::nullopt;
  return at(low - 1).price;
}

}  // namespace yagura::processing
