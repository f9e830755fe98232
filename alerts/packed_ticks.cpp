#include "alerts/packed_ticks.hpp"

#include <cstdint>
#include <cstring>
#include <limits>

#include "core/hash128.hpp"

namespace yagura::alerts {
namespace {

using processing::PastTick;

constexpr std::uint8_t kLayout = 1;
constexpr int kMostZeros = 9;
constexpr std::uint8_t kBid = 1;
constexpr std::uint8_t kAsk = 2;

std::string sum_of(std::string_view bytes) {
  const auto sum = Fnv128{}.number(bytes.size()).bytes(bytes).value().lo;
  std::string text(sizeof sum, '\0');
  std::memcpy(text.data(), &sum, sizeof sum);
  return text;
}

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

// Small numbers of either sign in few bytes. Differences may wrap around; the sum wraps back.
void put_difference(std::string& out, std::int64_t value, std::int64_t base) {
  const auto difference = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base);
  put(out, difference << 1 ^ (difference >> 63 ? ~std::uint64_t{0} : 0));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }
  std::uint8_t byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t difference(std::int64_t base) {
    const auto coded = number();
    const auto value = coded >> 1 ^ (coded & 1 ? ~std::uint64_t{0} : 0);
    return static_cast<std::int64_t>(value + static_cast<std::uint64_t>(base));
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

// How many decimal zeros end every one of them, at most.
class SharedZeros {
 public:
  void add(std::int64_t number) {
    while (zeros_ > 0 && number % unit_ != 0) {
      --zeros_;
      unit_ /= 10;
    }
  }
  [[nodiscard]] int zeros() const { return zeros_; }
  [[nodiscard]] std::int64_t unit() const { return unit_; }

 private:
  int zeros_ = kMostZeros;
  std::int64_t unit_ = 1'000'000'000;
};

std::int64_t power_of_ten(int zeros) {
  std::int64_t unit = 1;
  for (; zeros > 0; --zeros) unit *= 10;
  return unit;
}

// Back from units; false when it does not fit.
bool scale(std::int64_t count, std::int64_t unit, std::int64_t& value) {
  return !__builtin_mul_overflow(count, unit, &value);
}

}  // namespace

std::string pack(std::span<const PastTick> ticks) {
  SharedZeros time, price;
  for (const auto& tick : ticks) {
    time.add(to_ns(tick.at));
    price.add(tick.price.raw());
    if (tick.has_bid()) price.add(tick.bid.raw());
    if (tick.has_ask()) price.add(tick.ask.raw());
  }
  std::string out;
  out.reserve(16 + ticks.size() * 8);
  out += static_cast<char>(kLayout);
  out += static_cast<char>(time.zeros());
  out += static_cast<char>(price.zeros());
  put(out, ticks.size());
  std::int64_t last_time = 0;
  std::int64_t last_price = 0;
  for (const auto& tick : ticks) {
    out += static_cast<char>((tick.has_bid() ? kBid : 0) | (tick.has_ask() ? kAsk : 0));
    const auto at = to_ns(tick.at) / time.unit();
    const auto cost = tick.price.raw() / price.unit();
    put_difference(out, at, std::exchange(last_time, at));
    put_difference(out, cost, std::exchange(last_price, cost));
    if (tick.has_bid()) put_difference(out, tick.bid.raw() / price.unit(), cost);
    if (tick.has_ask()) put_difference(out, tick.ask.raw() / price.unit(), cost);
  }
  return out + sum_of(out);
}

Result<std::vector<PastTick>> unpack(std::string_view bytes) {
  if (bytes.size() < sizeof(std::uint64_t) || bytes.substr(bytes.size() - sizeof(std::uint64_t)) !=
                                                  sum_of(bytes.substr(0, bytes.size() - sizeof(std::uint64_t))))
    return Error{"the stored ticks do not match their sum"};
  bytes.remove_suffix(sizeof(std::uint64_t));
  Reader reader{bytes};
  const auto layout = reader.byte();
  const auto time_zeros = reader.byte();
  const auto price_zeros = reader.byte();
  const auto count = reader.number();
  // A tick takes at least three bytes.
  if (!reader.ok() || layout != kLayout || time_zeros > kMostZeros || price_zeros > kMostZeros ||
      count > reader.left() / 3)
    return Error{"the stored ticks are of no known layout"};
  const auto time_unit = power_of_ten(time_zeros);
  const auto price_unit = power_of_ten(price_zeros);
  std::vector<PastTick> ticks(count);
  std::int64_t at = 0;
  std::int64_t cost = 0;
  bool fits = true;
  const auto price = [&](std::int64_t units) {
    std::int64_t raw = 0;
    fits = fits && scale(units, price_unit, raw);
    return Price::from_raw(raw);
  };
  for (auto& tick : ticks) {
    const auto flags = reader.byte();
    std::int64_t ns = 0;
    fits = fits && scale(at = reader.difference(at), time_unit, ns);
    tick.at = timestamp_from_ns(ns);
    tick.price = price(cost = reader.difference(cost));
    if (flags & kBid) tick.bid = price(reader.difference(cost));
    if (flags & kAsk) tick.ask = price(reader.difference(cost));
  }
  if (!reader.ok() || !fits || reader.left() != 0) return Error{"the stored ticks do not read back"};
  return ticks;
}

}  // namespace yagura::alerts
