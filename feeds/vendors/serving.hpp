// What the vendors' servers share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_writer.hpp"
#include "feeds/codec.hpp"

namespace yagura::feeds {

// What one connection has subscribed, in the vendor's spelling.
class Subscriptions {
 public:
  [[nodiscard]] bool has(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  // False: it was there already.
  bool add(std::string_view name) {
    if (has(name)) return false;
    names_.emplace_back(name);
    return true;
  }
  bool remove(std::string_view name) { return std::erase(names_, name) != 0; }
  void clear() { names_.clear(); }
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] bool empty() const { return names_.empty(); }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

// Whether one of the instruments to be had is called so by the vendor.
[[nodiscard]] inline bool offers(const VendorServerShared& shared, std::string (*vendor_symbol)(std::string_view),
                                 std::string_view name) {
  const auto& offered = shared.offered;
  return offered.empty() ||
         std::any_of(offered.begin(), offered.end(), [&](const auto& ours) { return vendor_symbol(ours) == name; });
}

// The quote of a tick; of a lone price, as from a bar file, one without a spread.
struct Sides {
  Price bid, ask;
};
[[nodiscard]] inline std::optional<Sides> sides_of(const ReplayTick& tick) {
  if (tick.bid && tick.ask) return Sides{*tick.bid, *tick.ask};
  if (tick.price) return Sides{*tick.price, *tick.price};
  return std::nullopt;
}

// The price of a tick, of a quote its mid.
[[nodiscard]] inline std::optional<Price> price_of(const ReplayTick& tick) {
  if (tick.price || !tick.bid || !tick.ask) return tick.price;
  return mid(*tick.bid, *tick.ask);
}

// A price as a JSON number.
inline void number_field(JsonWriter& json, std::string_view name, Price price) {
  char text[kMaxPriceChars];
  const char* const end = write_price(text, price.raw());
  json.key(name).raw({text, static_cast<std::size_t>(end - text)});
}

// "USD/JPY,EUR/USD"
[[nodiscard]] inline std::string join(std::span<const std::string> names, char separator = ',') {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

[[nodiscard]] inline std::int64_t to_ms(Timestamp ts) { return to_ns(ts) / 1'000'000; }

[[nodiscard]] inline ServerReply say(std::string text) { return {{std::move(text)}, std::nullopt}; }

}  // namespace yagura::feeds
