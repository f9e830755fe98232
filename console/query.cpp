#include "console/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace yagura::console {
namespace {

// "%2B" and "+" as forms write them; nothing when it is broken.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned code = 0;
    const auto* const end = text.data() + std::min(i + 3, text.size());
    const auto [stop, error] = std::from_chars(text.data() + i + 1, end, code, 16);
    if (error != std::errc{} || stop != text.data() + i + 3) return std::nullopt;
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

}  // namespace

Result<void> read_query(std::string_view query, const TakeParameter& take) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const auto name = pair.substr(0, equals);
    const auto text = decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
    if (!text) return Error{fmt::format("{:.40}: '%' without two hexadecimal digits", name)};
    if (auto taken = take(name, *text); !taken) return taken;
  }
  return {};
}

Result<std::uint64_t> read_number(std::string_view name, std::string_view text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high) return value;
  const auto range = high == ~std::uint64_t{0} ? fmt::format("from {}", low) : fmt::format("from {} to {}", low, high);
  return Error{fmt::format("{}: '{:.40}' is not a whole number {}", name, text, range)};
}

Result<Timestamp> read_time(std::string_view name, std::string_view text) {
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ns);
  if (error == std::errc{} && end == text.data() + text.size()) return timestamp_from_ns(ns);
  if (const auto time = parse_iso8601(text)) return *time;
  return Error{
      fmt::format("{}: '{:.40}' is no time with its zone, such as 2026-02-09T00:00:00Z, and no count of "
                  "nanoseconds since 1970",
                  name, text)};
}

}  // namespace yagura::console
