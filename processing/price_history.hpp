// The prices of the last hours and days in memory: candles of a second, a minute, an hour and a trading
// date, and the newest ticks, of every instrument and series. By event time.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "processing/candle_ring.hpp"
#include "processing/tick_observer.hpp"
#include "processing/tick_ring.hpp"

namespace yagura::processing {

class Monitor;

// It hears each accepted tick on the thread that decides it, alerts and all; whoever reads does so
// between two batches (Shards), on the detector thread.
class PriceHistory final : public TickObserver {
 public:
  // Elements of each ring, powers of two.
  struct Sizes {
    std::size_t ticks = 65'536;  // 16 minutes at 68 a second
    // By CandleStep: 2 h 16 min without a pause, 5 days of a market that never closes, 85 days, 4 years.
    std::array<std::size_t, kCandleSteps.size()> candles{8192, 8192, 2048, 1024};
  };
  // Up to 3.3 MB each for up to 32 instruments; for more, as much less each as keeps all below 105 MB.
  [[nodiscard]] static Sizes sizes_for(std::size_t instruments);

  PriceHistory(std::size_t instruments, const Sizes& sizes);

  // Hears the ticks of all instruments from now on; outlives it.
  void listen_to(Monitor& monitor);

  // Only keeps the tick: it goes into the rings with settle(), the next tick or the next look, so that what
  // the tick says need not wait for that.
  void on_accepted(const Tick& tick, Date trading_date, const SignalBuffer& out) noexcept override;
  // Whatever was said is out. Some tens of ns; never allocates (benchmarks/processing/history_bench.cpp).
  void settle(SymbolId symbol) const noexcept {
    if (auto& prices = instruments_[index_of(symbol)]; prices.waits) fold(prices);
  }
  // The first ticks of this run proved wrong: the candles that hold any of them go.
  void on_forgotten(SymbolId symbol) noexcept override;

  struct alignas(kCacheLine) Prices {  // written by the worker of its instrument
    std::array<CandleRing, kCandleSteps.size()> candles;
    TickRing ticks;
    Timestamp began{};                            // event time of the first tick since begin_stretch(); the epoch: none
    Timestamp forgotten_from = Timestamp::max();  // what the disk has from there on is wrong
    Tick waiting{};                               // accepted last and not in the rings, while `waits`
    Date waiting_date{};
    bool waits = false;
    [[nodiscard]] CandleRing& of(CandleStep step) { return candles[static_cast<std::size_t>(step)]; }
    [[nodiscard]] const CandleRing& of(CandleStep step) const { return candles[static_cast<std::size_t>(step)]; }
  };
  [[nodiscard]] Prices& of(SymbolId symbol) {
    settle(symbol);
    return instruments_[index_of(symbol)];
  }
  [[nodiscard]] const Prices& of(SymbolId symbol) const {
    settle(symbol);
    return instruments_[index_of(symbol)];
  }
  [[nodiscard]] std::size_t size() const { return instruments_.size(); }
  [[nodiscard]] std::size_t bytes() const;

  // As if it had never been heard of.
  void clear(SymbolId symbol) noexcept;
  // Ticks may have been missed up to here: what comes next begins a stretch of its own.
  void begin_stretch() noexcept;

 private:
  static void fold(Prices& prices) noexcept;

  mutable std::vector<Prices> instruments_;  // by SymbolId; who only looks may be the one who settles
};

}  // namespace yagura::processing
