#include "processing/series_expression.hpp"

#include <limits>

namespace yagura::processing {
namespace {

// False when the product does not fit.
bool multiply(Int128& product, std::int64_t factor) noexcept {
  return !__builtin_mul_overflow(product, static_cast<Int128>(factor), &product);
}

// Rounded half up: both are positive.
Int128 divided(Int128 numerator, Int128 denominator) noexcept {
  const Int128 quotient = numerator / denominator;
  const Int128 rest = numerator % denominator;
  return rest >= denominator - rest ? quotient + 1 : quotient;
}

}  // namespace

std::optional<Price> SeriesExpression::value(std::span<const Price> prices) const noexcept {
  constexpr auto kHighest = static_cast<Int128>(std::numeric_limits<std::int64_t>::max());
  Int128 sum = 0;
  for (const auto& term : terms) {
    Int128 numerator = term.numerator;
    Int128 denominator = term.denominator;
    for (const auto leg : term.factors) {
      if (!multiply(numerator, prices[leg].raw())) return std::nullopt;
    }
    for (const auto leg : term.divisors) {
      if (!multiply(denominator, prices[leg].raw())) return std::nullopt;
    }
    if (denominator <= 0) return std::nullopt;
    const Int128 product = divided(numerator, denominator);
    if (product > kHighest) return std::nullopt;
    sum += term.negative ? -product : product;
  }
  if (sum > kHighest || sum < -kHighest) return std::nullopt;
  return Price::from_raw(static_cast<std::int64_t>(sum));
}

}  // namespace yagura::processing
