// Bytes off the front of a binary frame, as far as there are any.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace yagura::feeds {

// False, and nothing taken, when there are not so many.
[[nodiscard]] inline bool take_bytes(std::string_view& bytes, std::size_t count, std::string_view& taken) {
  if (count > bytes.size()) return false;
  taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return true;
}

template <std::unsigned_integral T>
[[nodiscard]] bool take_little(std::string_view& bytes, T& value) {
  std::string_view taken;
  if (!take_bytes(bytes, sizeof(T), taken)) return false;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) all |= std::uint64_t{static_cast<unsigned char>(taken[i])} << (8 * i);
  value = static_cast<T>(all);
  return true;
}

}  // namespace yagura::feeds
