// The prices of the last hours, for the small charts of messages.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/instrument.hpp"
#include "core/symbol.hpp"

namespace yagura::alerts {

// What an instrument cost within one step of time.
struct PricePoint {
  Timestamp from;  // the step begins; by the time of events
  Price low, high, last;
};

// One point each fifteen seconds in which there was a tick, the last 1,440 of them: six hours of trading,
// 46 KiB an instrument. One thread writes, without waiting or allocating; any thread reads.
class RecentPrices {
 public:
  static constexpr Duration kStep = std::chrono::seconds{15};
  static constexpr std::size_t kPoints = 1440;

  explicit RecentPrices(std::vector<InstrumentInfo> instruments);  // by SymbolId
  ~RecentPrices();
  RecentPrices(const RecentPrices&) = delete;
  RecentPrices& operator=(const RecentPrices&) = delete;

  // An accepted tick. Detector thread. A tick of an earlier step than the newest changes nothing.
  void push(SymbolId symbol, Timestamp at, Price price) noexcept;

  // By its name in alerts ("NI225").
  [[nodiscard]] std::optional<SymbolId> find(std::string_view symbol) const;
  [[nodiscard]] const InstrumentInfo& instrument(SymbolId symbol) const { return instruments_[index_of(symbol)]; }
  // The points from `from` on, oldest first. What is written meanwhile may be missing or half there: the
  // newest point's `high` may be older than its `last`.
  [[nodiscard]] std::vector<PricePoint> since(SymbolId symbol, Timestamp from) const;

 private:
  struct Slot {
    std::atomic<std::int64_t> step, low, high, last;
  };
  struct Trail {
    std::atomic<std::uint64_t> begun{0};  // points ever begun
    std::unique_ptr<Slot[]> slots = std::make_unique<Slot[]>(kPoints);
  };

  std::vector<InstrumentInfo> instruments_;
  std::vector<Trail> trails_;  // by SymbolId
};

}  // namespace yagura::alerts
