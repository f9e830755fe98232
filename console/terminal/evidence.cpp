#include "console/terminal/evidence.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "console/terminal/numbers.hpp"

namespace yagura::console::terminal {
namespace {

constexpr std::string_view kItems = "items.";

std::optional<std::int64_t> whole(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// "all_time, ytd" in words.
std::string horizons(const Scene& scene, std::string_view names) {
  std::string text;
  while (!names.empty()) {
    const auto name = names.substr(0, names.find(", "));
    text += (text.empty() ? "" : ", ") + scene.named("horizon", name);
    names.remove_prefix(std::min(names.size(), name.size() + 2));
  }
  return text;
}

// "change_15m" to words, or as it is with spaces.
std::string words_of(const Scene& scene, std::string_view field) {
  auto words = scene.named("ev", field);
  if (words == field) std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// "items.speed.points" is an item of a score, "levels.2" the second of several.
std::string name_of(const Scene& scene, std::string_view name) {
  const bool item = name.starts_with(kItems);
  if (item) name.remove_prefix(kItems.size());
  const auto point = name.find('.');
  auto text = item ? scene.named("item", name.substr(0, point)) : words_of(scene, name.substr(0, point));
  if (point == std::string_view::npos) return text;
  const auto rest = name.substr(point + 1);
  const bool number = rest.find_first_not_of("0123456789") == std::string_view::npos;
  if (item && rest == "points") return text;
  return text + " " + (number ? std::string{rest} : words_of(scene, rest));
}

std::string value_of(const Scene& scene, std::string_view name, const std::string& value, int decimals) {
  if (value == "true") return std::string{scene.say("is.yes")};
  if (name.ends_with("_ns")) {
    const auto ns = whole(value);
    if (!ns || *ns < 0 || *ns > 4'600'000'000'000'000'000) return value;
    const auto at = timestamp_from_ns(*ns);
    return day_text(at, scene.zone, scene.lang) + " " + clock_text(at, scene.zone) + " " + zone_text(at, scene.zone);
  }
  if (name.ends_with("_ms")) {
    const auto ms = whole(value);
    if (ms && *ms >= 0 && *ms < 1'000'000'000'000) return length_text(std::chrono::milliseconds{*ms}, scene.lang);
  }
  if (name.ends_with("_pct") && is_decimal(value))
    return value + (name_of(scene, name).find('%') == std::string::npos ? " %" : "");
  if (name.ends_with(".points") && is_decimal(value)) return "+" + value;
  if (name == "horizons") return horizons(scene, value);
  if (!is_decimal(value) || value.find('.') == std::string::npos) return value;
  const auto price = parse_price(value);
  return price ? price_text(*price, value.starts_with("0.") ? 0 : decimals) : value;
}

}  // namespace

std::vector<EvidenceRow> evidence_of(const Scene& scene, const AlertRow& alert) {
  const auto* const instrument = scene.instrument(alert.instrument);
  const int decimals = instrument == nullptr ? 0 : instrument->decimals;
  std::vector<EvidenceRow> rows;
  for (const auto& [name, value] : alert.evidence) {
    const bool no_points = name.ends_with(".points") && value == "0";
    if (value == "false" || value == "null" || value.empty() || no_points) continue;
    rows.push_back({name_of(scene, name), value_of(scene, name, value, decimals)});
  }
  return rows;
}

}  // namespace yagura::console::terminal
