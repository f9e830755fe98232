// Exact prices. A price is a signed 64-bit count of 1e-9 quote units, so comparison is exact, a
// replay is bit-identical and no number passes through floating point between the wire and a
// detector. The range is +-9.22e9 units, enough for any index, rate or yen-quoted coin.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/int128.hpp"

namespace yagura {

// Difference of two prices; another type than Price, as a duration is to a time point.
class PriceDelta {
 public:
  constexpr PriceDelta() = default;
  [[nodiscard]] static constexpr PriceDelta from_raw(std::int64_t raw) { return PriceDelta{raw}; }
  [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }
  [[nodiscard]] constexpr PriceDelta abs() const { return PriceDelta{raw_ < 0 ? -raw_ : raw_}; }
  constexpr PriceDelta operator-() const { return PriceDelta{-raw_}; }
  friend constexpr auto operator<=>(PriceDelta, PriceDelta) = default;
  friend constexpr PriceDelta operator+(PriceDelta a, PriceDelta b) { return from_raw(a.raw_ + b.raw_); }
  friend constexpr PriceDelta operator-(PriceDelta a, PriceDelta b) { return from_raw(a.raw_ - b.raw_); }

 private:
  constexpr explicit PriceDelta(std::int64_t raw) : raw_(raw) {}
  std::int64_t raw_ = 0;
};

class Price {
 public:
  static constexpr std::int64_t kScale = 1'000'000'000;
  static constexpr int kDecimals = 9;

  constexpr Price() = default;
  [[nodiscard]] static constexpr Price from_raw(std::int64_t raw) { return Price{raw}; }
  [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }

  friend constexpr auto operator<=>(Price, Price) = default;
  friend constexpr PriceDelta operator-(Price a, Price b) { return PriceDelta::from_raw(a.raw_ - b.raw_); }
  friend constexpr Price operator+(Price a, PriceDelta d) { return from_raw(a.raw_ + d.raw()); }
  friend constexpr Price operator-(Price a, PriceDelta d) { return from_raw(a.raw_ - d.raw()); }

 private:
  constexpr explicit Price(std::int64_t raw) : raw_(raw) {}
  std::int64_t raw_ = 0;
};

// Mid of a two-sided quote: floor((bid + ask) / 2) in 1e-9 units.
[[nodiscard]] constexpr Price mid(Price bid, Price ask) {
  return Price::from_raw(static_cast<std::int64_t>((static_cast<Int128>(bid.raw()) + ask.raw()) >> 1));
}

// Reads `[+-]digits[.digits][e+-n]`, spaces around it allowed; a fraction beyond nine decimals is
// rounded half away from zero. nullopt for anything else (nan, inf, "", "1,234") and for values
// out of range. Never allocates, never throws.
[[nodiscard]] std::optional<Price> parse_price(std::string_view text) noexcept;
[[nodiscard]] std::optional<PriceDelta> parse_price_delta(std::string_view text) noexcept;

// Longest text of a price: sign, ten digits, point, nine decimals.
inline constexpr std::size_t kMaxPriceChars = 24;

// Writes the shortest exact decimal form ("57000", "157.1235", "-0.25") and returns one past the
// last character. `out` must have room for kMaxPriceChars.
char* write_price(char* out, std::int64_t raw) noexcept;
// The point and the decimals of a `fraction` in 1e-9 units: at least `min_decimals` (1 to 9 of them, or
// `fraction` is not zero) and as many more as it needs. Ten bytes of room.
char* write_fraction(char* out, std::uint32_t fraction, int min_decimals) noexcept;
[[nodiscard]] std::string to_string(Price price);
[[nodiscard]] std::string to_string(PriceDelta delta);

// A configured percentage, held in 1e-6 %: 0.1 % is 100,000 units and 100 % is kWhole.
class Percent {
 public:
  static constexpr std::int64_t kWhole = 100'000'000;
  constexpr Percent() = default;
  [[nodiscard]] static constexpr Percent from_units(std::int64_t units) { return Percent{units}; }
  [[nodiscard]] constexpr std::int64_t units() const { return units_; }
  friend constexpr auto operator<=>(Percent, Percent) = default;

  // `distance >= this percentage of base`, exactly. Both in raw price units.
  [[nodiscard]] constexpr bool reached_by(std::int64_t distance, std::int64_t base) const {
    return static_cast<Int128>(distance) * kWhole >= static_cast<Int128>(base) * units_;
  }
  // This percentage of `base`, rounded down.
  [[nodiscard]] constexpr std::int64_t of(std::int64_t base) const {
    const auto product = static_cast<Int128>(base) * units_;
    const auto quotient = product / kWhole;
    return static_cast<std::int64_t>(product % kWhole < 0 ? quotient - 1 : quotient);
  }

 private:
  constexpr explicit Percent(std::int64_t units) : units_(units) {}
  std::int64_t units_ = 0;
};

// Reads a percentage such as "0.10" or "0.5"; rounded to 1e-6 %.
[[nodiscard]] std::optional<Percent> parse_percent(std::string_view text) noexcept;

}  // namespace yagura
