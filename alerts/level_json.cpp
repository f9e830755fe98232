#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestNote = 400;  // bytes; a character cut in two reads as U+FFFD

}  // namespace

void write_levels(JsonFields& json, const Signal& signal, std::span<const Price> levels, const std::string* note) {
  json.array<"levels">([&] {
    for (const Price level : levels) json.value(level);
  });
  json.field<"level">(signal.levels.level);
  if (signal.kind == RuleKind::kMilestone) {
    json.field<"first_ever">(signal.levels.first_ever);
    if (signal.event == Event::kClosedAbove) json.field<"first_close_ever">(signal.levels.first_close_ever);
  } else if (note != nullptr) {
    json.text<"note">(std::string_view{*note}.substr(0, kLongestNote));
  }
}

void write_levels_evidence(JsonFields& json, const Signal& signal) {
  json.field<"distance">(signal.price - signal.levels.level);
  if (signal.levels.gone) json.field<"last_of_level">(true);
}

}  // namespace yagura::alerts
