#include "alerts/kind_json.hpp"

#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestNote = 400;  // bytes; a character cut in two reads as U+FFFD

}  // namespace

void write_levels(JsonWriter& json, const Alert& alert, const Catalog& catalog) {
  const auto& signal = alert.signal;
  json.key("levels").begin_array();
  for (const Price level : alert.levels) json.value(level);
  json.end_array();
  json.field("level", signal.levels.level);
  if (signal.kind == RuleKind::kMilestone) {
    json.field("first_ever", signal.levels.first_ever);
    if (signal.event == Event::kClosedAbove) json.field("first_close_ever", signal.levels.first_close_ever);
  } else if (const auto* note = catalog.note(signal)) {
    json.field("note", std::string_view{*note}.substr(0, kLongestNote));
  }
}

void write_levels_evidence(JsonWriter& json, const Signal& signal) {
  json.field("distance", signal.price - signal.levels.level);
  if (signal.levels.gone) json.field("last_of_level", true);
}

}  // namespace yagura::alerts
