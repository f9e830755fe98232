// How the price of a series follows from the prices of its legs: "NI225 / USDJPY" is the Nikkei in
// dollars. A sum of products, computed in 128-bit integers; each product is rounded once, to 1e-9,
// half away from zero. So the same legs give the same price on any machine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/int128.hpp"
#include "core/price.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"

namespace yagura::processing {

// a * b / c with constants taken together: `numerator / denominator * product of the legs`, in raw
// price units, the scale of 1e9 already accounted for.
struct SeriesTerm {
  bool negative = false;
  Int128 numerator = 1;
  Int128 denominator = 1;
  std::vector<std::uint8_t> factors;   // positions among the legs
  std::vector<std::uint8_t> divisors;  // the same
};

struct SeriesExpression {
  std::string text;            // as people read it, one space around each operator
  std::vector<SymbolId> legs;  // different instruments, in order of first mention
  std::vector<SeriesTerm> terms;

  // `prices` by leg, above zero. Nothing when a product does not fit into 128 bits or the result into a
  // Price. The result may be zero or below. Neither allocates nor throws.
  [[nodiscard]] std::optional<Price> value(std::span<const Price> prices) const noexcept;
};

inline constexpr std::size_t kMaxSeriesLegs = 8;

// An instrument whose ticks are made from those of others.
struct SeriesOptions {
  SymbolId symbol;
  SeriesExpression expression;
  Duration max_age = std::chrono::minutes{5};  // no leg may be further behind the newest
};

}  // namespace yagura::processing
