#include "processing/price_history.hpp"

#include <bit>

#include "processing/monitor.hpp"

namespace yagura::processing {
namespace {

constexpr std::size_t kInFull = 32;  // instruments
constexpr std::size_t kLeast = 64;   // elements of a ring

template <class Step>
std::int64_t start_of(Timestamp at) {
  return std::chrono::floor<Step>(at.time_since_epoch()) / std::chrono::seconds{1};
}

}  // namespace

PriceHistory::Sizes PriceHistory::sizes_for(std::size_t instruments) {
  Sizes sizes;
  const auto share = std::bit_ceil((instruments + kInFull - 1) / kInFull);
  sizes.ticks = std::max(sizes.ticks / std::max<std::size_t>(share, 1), kLeast);
  for (auto& size : sizes.candles) size = std::max(size / std::max<std::size_t>(share, 1), kLeast);
  return sizes;
}

PriceHistory::PriceHistory(std::size_t instruments, const Sizes& sizes) {
  const auto ring = [&](std::size_t step) { return CandleRing{sizes.candles[step]}; };
  instruments_.reserve(instruments);
  for (std::size_t i = 0; i < instruments; ++i)
    instruments_.push_back({.candles = {ring(0), ring(1), ring(2), ring(3)}, .ticks = TickRing{sizes.ticks}});
}

void PriceHistory::listen_to(Monitor& monitor) {
  for (std::size_t i = 0; i < monitor.size(); ++i)
    monitor.instrument(SymbolId{static_cast<std::uint16_t>(i)}).observe(this);
}

void PriceHistory::on_accepted(const Tick& tick, Date trading_date, const SignalBuffer&) noexcept {
  auto& prices = of(tick.symbol);
  prices.waiting = tick;
  prices.waiting_date = trading_date;
  prices.waits = true;
}

void PriceHistory::fold(Prices& prices) noexcept {
  prices.waits = false;
  const Tick& tick = prices.waiting;
  const auto at = tick.ts_event;
  prices.of(CandleStep::kSecond).push(start_of<std::chrono::seconds>(at), at, tick.price);
  prices.of(CandleStep::kMinute).push(start_of<std::chrono::minutes>(at), at, tick.price);
  prices.of(CandleStep::kHour).push(start_of<std::chrono::hours>(at), at, tick.price);
  prices.of(CandleStep::kDay).push(prices.waiting_date.time_since_epoch() / std::chrono::seconds{1}, at, tick.price);
  prices.ticks.push(tick);
  if (prices.began == Timestamp{}) prices.began = at;
}

void PriceHistory::on_forgotten(SymbolId symbol) noexcept {
  auto& prices = of(symbol);
  prices.ticks.clear();
  if (prices.began == Timestamp{}) return;
  // Whatever ends behind that tick. A trading date begins up to a day before its first tick; of the dates
  // before it nothing is known, or the ticks would have been judged by them.
  const auto began_s = start_of<std::chrono::seconds>(prices.began);
  for (const auto step : kCandleSteps) prices.of(step).drop_from(began_s - seconds_of(step) + 1);
  prices.forgotten_from = std::min(prices.forgotten_from, prices.began);
  prices.began = Timestamp{};
}

void PriceHistory::clear(SymbolId symbol) noexcept {
  auto& prices = of(symbol);
  for (auto& ring : prices.candles) ring.clear();
  prices.ticks.clear();
  prices.began = Timestamp{};
  prices.forgotten_from = Timestamp::max();
}

std::size_t PriceHistory::bytes() const {
  std::size_t sum = 0;
  for (const auto& prices : instruments_) {
    sum += prices.ticks.capacity() * sizeof(PastTick);
    for (const auto& ring : prices.candles) sum += ring.capacity() * sizeof(Candle);
  }
  return sum;
}

void PriceHistory::begin_stretch() noexcept {
  for (auto& prices : instruments_) {
    if (prices.waits) fold(prices);
    prices.began = Timestamp{};
  }
}

}  // namespace yagura::processing
