#include "console/terminal/alert_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace yagura::console::terminal {
namespace {

constexpr std::size_t kMostEvidence = 48;
constexpr int kDeepest = 3;

std::optional<Level> read_severity(std::string_view name) {
  if (name == "info") return Level::kInfo;
  if (name == "low") return Level::kLow;
  if (name == "high") return Level::kHigh;
  if (name == "critical") return Level::kCritical;
  return std::nullopt;
}

using Evidence = std::vector<std::pair<std::string, std::string>>;

void take(Evidence& evidence, const std::string& name, simdjson::dom::element value, int depth);

std::string inner(const std::string& name, std::string_view key) {
  const auto within = key.substr(0, kShortText);
  return name.empty() ? std::string{within} : fmt::format("{}.{}", name.substr(0, kShortText), within);
}

void take_object(Evidence& evidence, const std::string& name, Object object, int depth) {
  // A named value, as the items of a score are: {"name":"speed","points":2,…}.
  for (const auto [key, value] : object) {
    if (evidence.size() >= kMostEvidence) return;
    take(evidence, inner(name, key), value, depth + 1);
  }
}

// "57000, 58000"; nothing where there is more than plain values.
std::optional<std::string> joined(simdjson::dom::array array) {
  std::string text;
  for (const auto value : array) {
    std::string_view string;
    if (value.is_object() || value.is_array()) return std::nullopt;
    text += text.empty() ? "" : ", ";
    text += value.get(string) == simdjson::SUCCESS ? std::string{string} : simdjson::minify(value);
    if (text.size() > kShortText) return text.substr(0, kShortText);
  }
  return text;
}

void take_array(Evidence& evidence, const std::string& name, simdjson::dom::array array, int depth) {
  if (const auto text = joined(array)) {
    evidence.emplace_back(name, *text);
    return;
  }
  std::size_t place = 0;
  for (const auto value : array) {
    if (evidence.size() >= kMostEvidence) return;
    Object object;
    auto named = std::to_string(++place);
    if (value.get(object) == simdjson::SUCCESS) {
      if (auto own = text(object, "name"); !own.empty()) named = std::move(own);
    }
    take(evidence, inner(name, named), value, depth + 1);
  }
}

void take(Evidence& evidence, const std::string& name, simdjson::dom::element value, int depth) {
  if (evidence.size() >= kMostEvidence || depth > kDeepest) return;
  switch (value.type()) {
    case simdjson::dom::element_type::OBJECT: return take_object(evidence, name, Object{value}, depth);
    case simdjson::dom::element_type::ARRAY: return take_array(evidence, name, simdjson::dom::array{value}, depth);
    case simdjson::dom::element_type::STRING: {
      std::string_view text;
      if (value.get(text) == simdjson::SUCCESS) evidence.emplace_back(name, text.substr(0, kShortText));
      return;
    }
    default: evidence.emplace_back(name, simdjson::minify(value));
  }
}

// Those of the alert's kind, such as levels or window_ms; the rest has a place of its own.
void take_own_fields(Evidence& evidence, const Object& alert) {
  constexpr std::array<std::string_view, 21> kElsewhere{
      "v",         "id",       "seq",   "rule",    "kind",        "event",    "instrument", "severity",
      "direction", "price",    "level", "title",   "text",        "title_ja", "text_ja",    "ts_decided_ns",
      "parent",    "evidence", "gap",   "episode", "trading_date"};
  for (const auto [key, value] : alert) {
    if (std::find(kElsewhere.begin(), kElsewhere.end(), key) != kElsewhere.end()) continue;
    if (key == "ts_event_ns" || key == "ts_recv_ns") continue;
    take(evidence, inner({}, key), value, 0);
  }
}

Error strange(std::string_view field, std::string_view expected) {
  return Error{fmt::format("alert: {} is missing or strange; expected {}", field, expected)};
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<AlertRow> read_alert(const Object& in) {
  AlertRow alert;
  if (in["seq"].get(alert.seq) != simdjson::SUCCESS) return strange("seq", "a whole number");
  alert.id = text(in, "id");
  if (!is_id(alert.id)) return strange("id", "up to 32 hexadecimal digits");
  const auto severity = read_severity(text(in, "severity"));
  if (!severity) return strange("severity", "info, low, high or critical");
  alert.severity = *severity;
  alert.parent = text(in, "parent");
  if (!alert.parent.empty() && !is_id(alert.parent)) return strange("parent", "up to 32 hexadecimal digits");
  alert.event = text(in, "event");
  alert.kind = text(in, "kind");
  alert.rule = text(in, "rule");
  alert.instrument = text(in, "instrument");
  alert.price = text(in, "price", 40);
  alert.title = text(in, "title", 400);
  alert.text = text(in, "text", kLongText);
  alert.title_ja = text(in, "title_ja", 400);
  alert.text_ja = text(in, "text_ja", kLongText);
  alert.ts_event = time(in, "ts_event_ns").value_or(Timestamp{});
  take_own_fields(alert.evidence, in);
  if (const auto evidence = object(in, "evidence")) take_object(alert.evidence, {}, *evidence, 0);
  return alert;
}

}  // namespace yagura::console::terminal
