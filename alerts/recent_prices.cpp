#include "alerts/recent_prices.hpp"

#include <algorithm>
#include <utility>

namespace yagura::alerts {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

std::int64_t step_of(Timestamp at) { return to_ns(at) / RecentPrices::kStep.count(); }

}  // namespace

RecentPrices::RecentPrices(std::vector<InstrumentInfo> instruments)
    : instruments_(std::move(instruments)), trails_(instruments_.size()) {}
RecentPrices::~RecentPrices() = default;

void RecentPrices::push(SymbolId symbol, Timestamp at, Price price) noexcept {
  auto& trail = trails_[index_of(symbol)];
  const auto begun = trail.begun.load(kRelaxed);
  const auto step = step_of(at);
  const auto raw = price.raw();
  auto& newest = trail.slots[(begun + kPoints - 1) % kPoints];
  if (begun == 0 || step > newest.step.load(kRelaxed)) {
    // First of all, so that whoever sees any of what follows sees that the oldest point is gone.
    trail.begun.store(begun + 1, kRelaxed);
    auto& slot = trail.slots[begun % kPoints];
    slot.low.store(raw, kRelease);
    slot.high.store(raw, kRelease);
    slot.last.store(raw, kRelease);
    slot.step.store(step, kRelease);
  } else if (step == newest.step.load(kRelaxed)) {
    if (raw < newest.low.load(kRelaxed)) newest.low.store(raw, kRelease);
    if (raw > newest.high.load(kRelaxed)) newest.high.store(raw, kRelease);
    newest.last.store(raw, kRelease);
  }
}

std::optional<SymbolId> RecentPrices::find(std::string_view symbol) const {
  const auto found = std::find_if(instruments_.begin(), instruments_.end(),
                                  [&](const InstrumentInfo& instrument) { return instrument.symbol == symbol; });
  if (found == instruments_.end()) return std::nullopt;
  return SymbolId{static_cast<std::uint16_t>(found - instruments_.begin())};
}

std::vector<PricePoint> RecentPrices::since(SymbolId symbol, Timestamp from) const {
  const auto& trail = trails_[index_of(symbol)];
  const auto begun = trail.begun.load(kAcquire);
  const auto first = begun > kPoints ? begun - kPoints : 0;
  const auto wanted = step_of(from);
  std::vector<PricePoint> points;
  std::vector<std::uint64_t> numbers;
  for (auto i = first; i < begun; ++i) {
    const auto& slot = trail.slots[i % kPoints];
    const auto step = slot.step.load(kAcquire);
    if (step < wanted) continue;
    points.push_back({timestamp_from_ns(step * kStep.count()), Price::from_raw(slot.low.load(kAcquire)),
                      Price::from_raw(slot.high.load(kAcquire)), Price::from_raw(slot.last.load(kAcquire))});
    numbers.push_back(i);
  }
  // Whatever was written over since has the number of a later point by now.
  const auto now = trail.begun.load(kRelaxed);
  const auto whole =
      std::find_if(numbers.begin(), numbers.end(), [&](std::uint64_t number) { return number + kPoints >= now; });
  points.erase(points.begin(), points.begin() + (whole - numbers.begin()));
  // The newest may have been begun and not yet written.
  while (points.size() > 1 && points.back().from <= points[points.size() - 2].from) points.pop_back();
  return points;
}

}  // namespace yagura::alerts
