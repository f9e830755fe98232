#include "alerts/silence_json.hpp"

#include <fmt/format.h>

#include "alerts/json_body.hpp"
#include "alerts/names.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestReason = 200;
constexpr std::size_t kMostWindows = 20;
constexpr auto kLongest = std::chrono::days{3660};

// A time with its zone, or a duration from `now`.
std::optional<Timestamp> end_of(std::string_view text, Timestamp now) {
  if (const auto time = parse_iso8601(text)) return time;
  const auto duration = parse_duration(text);
  if (!duration || *duration <= Duration{0} || *duration > kLongest) return std::nullopt;
  return now + *duration;
}

bool take_windows(const BodyField& field, Silence& silence, std::string& why) {
  std::vector<std::string_view> texts;
  if (field.text) texts.push_back(*field.text);
  if (field.texts) texts = *field.texts;
  if (texts.empty() || texts.size() > kMostWindows) return false;
  for (const auto text : texts) {
    auto window = parse_mute(text.substr(0, kLongestName));
    if (!window) {
      why = "when: " + window.error().message;
      return false;
    }
    silence.windows.push_back(*std::move(window));
    silence.when.emplace_back(text);
  }
  return true;
}

bool take_line(const BodyField& field, std::size_t most, std::string& line) {
  if (!field.text || !is_plain_line(*field.text, most)) return false;
  line = *field.text;
  return true;
}

bool take(const BodyField& field, Silence& silence, std::string& why) {
  if (field.key == "rule") return take_line(field, kLongestName, silence.rule);
  if (field.key == "instrument") return take_line(field, kLongestName, silence.instrument);
  if (field.key == "author") return take_line(field, kLongestName, silence.author);
  if (field.key == "reason") return take_line(field, kLongestReason, silence.reason);
  if (field.key == "when") return take_windows(field, silence, why);
  if (field.key == "kind" && take_line(field, kLongestName, silence.kind)) {
    if (rule_kind_of(silence.kind)) return true;
    why = fmt::format("kind: there is no kind '{:.40}' of rule", silence.kind);
    return false;
  }
  if (field.key == "severity" && field.text) {
    silence.severity = severity_of(*field.text);
    if (!silence.severity) why = fmt::format("severity: '{:.40}' is none of info, low, high, critical", *field.text);
    return silence.severity.has_value();
  }
  if (field.key == "until" && field.text) {
    silence.until = end_of(*field.text, silence.created);
    if (!silence.until)
      why = fmt::format(
          "until: '{:.40}' is no time with its zone (\"2026-02-09T15:00:00+09:00\") and no duration "
          "(\"2h\"), at most {}",
          *field.text, format_duration(kLongest));
    return silence.until.has_value();
  }
  return false;
}

}  // namespace

Result<Silence> read_silence(std::string_view json, Timestamp now) {
  Silence silence;
  silence.created = now;
  const auto read = read_body(json, kSilenceExample,
                              [&](const BodyField& field, std::string& why) { return take(field, silence, why); });
  if (!read) return read.error();
  const bool says_what =
      silence.severity || !(silence.rule.empty() && silence.instrument.empty() && silence.kind.empty());
  if (!says_what)
    return body_error("no rule, instrument, kind or severity (\"critical\" with all below it is everything)",
                      kSilenceExample);
  if (!silence.until && silence.windows.empty()) return body_error("no until and no when", kSilenceExample);
  if (silence.over(now)) return body_error("until: is in the past", kSilenceExample);
  return silence;
}

void append(JsonWriter& json, const Silence& silence) {
  json.begin_object();
  if (!silence.id.empty()) json.field("id", std::string_view{to_string(silence.id)});
  if (!silence.rule.empty()) json.field("rule", silence.rule);
  if (!silence.instrument.empty()) json.field("instrument", silence.instrument);
  if (!silence.kind.empty()) json.field("kind", silence.kind);
  if (silence.severity) json.field("severity", name_of(*silence.severity));
  if (silence.until) json.field("until", format_utc(*silence.until));
  if (!silence.when.empty()) {
    json.key("when").begin_array();
    for (const auto& window : silence.when) json.value(window);
    json.end_array();
  }
  json.field("author", silence.author).field("reason", silence.reason).end_object();
}

}  // namespace yagura::alerts
