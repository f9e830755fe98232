#include "alerts/names.hpp"

namespace yagura::alerts {
namespace {

template <class Value>
std::optional<Value> value_of(std::string_view name, Value last) {
  for (auto i = std::size_t{0}; i <= static_cast<std::size_t>(last); ++i)
    if (name_of(static_cast<Value>(i)) == name) return static_cast<Value>(i);
  return std::nullopt;
}

}  // namespace

std::optional<Severity> severity_of(std::string_view name) { return value_of(name, Severity::kCritical); }
std::optional<RuleKind> rule_kind_of(std::string_view name) { return value_of(name, RuleKind::kPeriod); }

std::optional<Id128> parse_id(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (text.size() != 32) return std::nullopt;
  Id128 id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = kDigits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    auto& half = i < 16 ? id.hi : id.lo;
    half = half << 4 | digit;
  }
  return id;
}

}  // namespace yagura::alerts
