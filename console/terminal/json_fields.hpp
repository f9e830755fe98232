// Fields of a JSON object that came from outside: what is missing, of another type or out of range is
// as if it were not there. Any thread.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console::terminal {

using Object = simdjson::dom::object;

// Within these differences do not overflow: prices of four billion, times of the years 1970 to 2116.
inline constexpr std::int64_t kMostRaw = 4'600'000'000'000'000'000;
inline constexpr std::int64_t kMostMs = 10LL * 366 * 86'400 * 1'000;  // ten years

inline constexpr std::size_t kShortText = 120, kLongText = 2'000;  // bytes; longer ones are cut

[[nodiscard]] std::string text(const Object& object, std::string_view key, std::size_t most = kShortText);
[[nodiscard]] bool flag(const Object& object, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> integer(const Object& object, std::string_view key);
[[nodiscard]] std::uint64_t count(const Object& object, std::string_view key);  // 0 when it is not there
[[nodiscard]] std::optional<std::int64_t> milliseconds(const Object& object, std::string_view key);  // 0 to kMostMs
[[nodiscard]] std::optional<double> real(const Object& object, std::string_view key);
[[nodiscard]] std::optional<Price> price(const Object& object, std::string_view key);  // above zero
[[nodiscard]] std::optional<PriceDelta> delta(const Object& object, std::string_view key);
[[nodiscard]] std::optional<Timestamp> time(const Object& object, std::string_view key);
[[nodiscard]] std::optional<Object> object(const Object& object, std::string_view key);

// Calls `each` with the objects of the array `key`, at most `most` of them.
template <class Each>
void for_each(const Object& in, std::string_view key, std::size_t most, Each each) {
  simdjson::dom::array rows;
  if (in[key].get(rows) != simdjson::SUCCESS) return;
  for (const auto row : rows) {
    Object object;
    if (most-- == 0) return;
    if (row.get(object) == simdjson::SUCCESS) each(object);
  }
}

}  // namespace yagura::console::terminal
