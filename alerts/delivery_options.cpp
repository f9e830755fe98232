#include "alerts/delivery_options.hpp"

#include <fmt/format.h>

#include <charconv>

namespace yagura::alerts {
namespace {

constexpr int kMostTradingDays = 2'500;  // ten years

std::optional<int> days_of(std::string_view text) {
  if (!text.ends_with('d')) return std::nullopt;
  text.remove_suffix(1);
  int count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (count < 1 || count > kMostTradingDays) return std::nullopt;
  return count;
}

}  // namespace

std::optional<Expiry> parse_expiry(std::string_view text) {
  if (const auto days = days_of(text)) return TradingDays{*days};
  if (const auto date = parse_date(text)) return *date;
  if (const auto at = parse_iso8601(text)) return *at;
  return std::nullopt;
}

std::string to_string(const Expiry& expiry) {
  struct Words {
    std::string operator()(std::monostate) const { return "never"; }
    std::string operator()(Timestamp at) const { return "at " + format_utc(at); }
    std::string operator()(Date date) const { return "after " + yagura::to_string(date); }
    std::string operator()(TradingDays days) const {
      return fmt::format("after {} trading day{}", days.count, days.count == 1 ? "" : "s");
    }
  };
  return std::visit(Words{}, expiry);
}

}  // namespace yagura::alerts
