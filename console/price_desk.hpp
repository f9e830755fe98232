// Past prices, as the console asks for them; found and encoded by the application, away from the console's
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"
#include "processing/candle.hpp"

namespace yagura::console {

struct CandleInterval {
  std::string_view name;
  std::int64_t seconds;
  processing::CandleStep base;  // the candles it is folded from
};
inline constexpr auto kIntervals = std::to_array<CandleInterval>({
    {"1s", 1, processing::CandleStep::kSecond},
    {"5s", 5, processing::CandleStep::kSecond},
    {"15s", 15, processing::CandleStep::kSecond},
    {"1m", 60, processing::CandleStep::kMinute},
    {"5m", 300, processing::CandleStep::kMinute},
    {"15m", 900, processing::CandleStep::kMinute},
    {"1h", 3600, processing::CandleStep::kHour},
    {"1d", 86'400, processing::CandleStep::kDay},
});

// The first `limit` candles that end behind `from`, or without it the last; all begin before `to`.
struct CandleQuestion {
  SymbolId instrument{};
  CandleInterval interval = kIntervals[3];
  std::optional<Timestamp> from{}, to{};
  std::size_t limit = 500;
};

// The first `limit` ticks with `from` <= event time < `to`. `to`: by default up to now; `from`: a minute
// before it.
struct TickQuestion {
  SymbolId instrument{};
  std::optional<Timestamp> from{}, to{};
  std::size_t limit = 5000;
};

class PriceDesk {
 public:
  // The body of the answer, as price_json.hpp writes it, or why there is none now. Once, on the console's
  // thread.
  using Answer = std::function<void(Result<std::string> body)>;
  virtual ~PriceDesk() = default;

  [[nodiscard]] virtual const std::vector<std::string>& symbols() const = 0;  // by SymbolId
  virtual void candles(const CandleQuestion& question, Answer answer) = 0;
  virtual void ticks(const TickQuestion& question, Answer answer) = 0;
};

}  // namespace yagura::console
