#include "core/price.hpp"

#include <algorithm>
#include <limits>

#include "core/digits.hpp"

namespace yagura {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// The decimal `text` times 10^decimals, rounded half away from zero.
std::optional<std::int64_t> parse_scaled(std::string_view text, int decimals) noexcept {
  text = trim(text);
  const char* at = text.data();
  const char* const end = at + text.size();
  bool negative = false;
  if (at != end && (*at == '+' || *at == '-')) negative = *at++ == '-';

  // First pass over the shape: digits[.digits][e[+-]digits].
  const char* const whole = at;
  while (at != end && is_digit(*at)) ++at;
  const auto whole_digits = at - whole;
  if (whole_digits == 0) return std::nullopt;
  const char* fraction = at;
  std::ptrdiff_t fraction_digits = 0;
  if (at != end && *at == '.') {
    fraction = ++at;
    while (at != end && is_digit(*at)) ++at;
    fraction_digits = at - fraction;
    if (fraction_digits == 0) return std::nullopt;
  }
  int exponent = 0;
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool exponent_negative = at != end && *at == '-';
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* const digits = at;
    for (; at != end && is_digit(*at); ++at) {
      if (exponent < 100'000) exponent = exponent * 10 + (*at - '0');
    }
    if (at == digits) return std::nullopt;
    if (exponent_negative) exponent = -exponent;
  }
  if (at != end) return std::nullopt;

  // What prices look like: nothing to round, and eighteen digits cannot overflow.
  static constexpr std::int64_t kPowers[] = {1,       10,        100,        1'000,       10'000,
                                             100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
  if (exponent == 0 && fraction_digits <= decimals && whole_digits + decimals <= 18) {
    std::int64_t digits = 0;
    for (std::ptrdiff_t i = 0; i < whole_digits; ++i) digits = digits * 10 + (whole[i] - '0');
    for (std::ptrdiff_t i = 0; i < fraction_digits; ++i) digits = digits * 10 + (fraction[i] - '0');
    digits *= kPowers[decimals - fraction_digits];
    return negative ? -digits : digits;
  }

  // Second pass: digits left of the new decimal point form the value, the next one rounds.
  const auto digit_count = whole_digits + fraction_digits;
  const std::ptrdiff_t keep = whole_digits + exponent + decimals;
  const auto digit_at = [&](std::ptrdiff_t i) {
    return static_cast<unsigned>((i < whole_digits ? whole[i] : fraction[i - whole_digits]) - '0');
  };
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t value = 0;
  for (std::ptrdiff_t i = 0; i < keep; ++i) {
    const unsigned digit = i < digit_count ? digit_at(i) : 0;
    if (value == 0 && digit == 0) {
      if (i >= digit_count) break;  // all zeros: "0e99"
      continue;
    }
    if (value > (kMax - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  if (keep >= 0 && keep < digit_count && digit_at(keep) >= 5) {
    if (value == kMax) return std::nullopt;
    ++value;
  }
  const auto magnitude = static_cast<std::int64_t>(value);
  return negative ? -magnitude : magnitude;
}

}  // namespace

std::optional<Price> parse_price(std::string_view text) noexcept {
  const auto raw = parse_scaled(text, Price::kDecimals);
  if (!raw) return std::nullopt;
  return Price::from_raw(*raw);
}

std::optional<PriceDelta> parse_price_delta(std::string_view text) noexcept {
  const auto raw = parse_scaled(text, Price::kDecimals);
  if (!raw) return std::nullopt;
  return PriceDelta::from_raw(*raw);
}

std::optional<Percent> parse_percent(std::string_view text) noexcept {
  const auto units = parse_scaled(text, 6);
  if (!units) return std::nullopt;
  return Percent::from_units(*units);
}

char* write_price(char* out, std::int64_t raw) noexcept {
  auto magnitude = static_cast<std::uint64_t>(raw);
  if (raw < 0) {
    *out++ = '-';
    magnitude = ~magnitude + 1;
  }
  constexpr auto kScale = static_cast<std::uint64_t>(Price::kScale);
  out = write_number(out, magnitude / kScale);
  const auto fraction = static_cast<std::uint32_t>(magnitude % kScale);
  return fraction == 0 ? out : write_fraction(out, fraction, 0);
}

char* write_fraction(char* out, std::uint32_t fraction, int min_decimals) noexcept {
  *out++ = '.';
  const std::uint32_t last = fraction % 10;
  const std::uint64_t digits = eight_digits(fraction / 10);
  const std::uint64_t text = digits + kEightZeros;
  std::memcpy(out, &text, 8);
  out[8] = static_cast<char>('0' + last);
  const int needed = last != 0 ? 9 : 8 - std::countl_zero(digits) / 8;
  return out + std::max(needed, min_decimals);
}

std::string to_string(Price price) {
  char text[kMaxPriceChars];
  return {text, write_price(text, price.raw())};
}

std::string to_string(PriceDelta delta) {
  char text[kMaxPriceChars];
  return {text, write_price(text, delta.raw())};
}

}  // namespace yagura
