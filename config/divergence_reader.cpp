#include "config/rule_kinds.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

// A plain number between limits; `fallback` when it is absent, or wrong and then reported.
double number(const TableReader& reader, std::string_view key, int low, int high, double fallback) {
  const auto given = reader.distance(key);
  if (!given) return fallback;
  if (given->raw() >= low * Price::kScale && given->raw() <= high * Price::kScale)
    return static_cast<double>(given->raw()) / static_cast<double>(Price::kScale);
  reader.problem(key, to_string(*given) + " is not from " + std::to_string(low) + " to " + std::to_string(high));
  return fallback;
}

}  // namespace

std::optional<processing::DivergenceOptions> read_divergence(const RuleContext& context) {
  const auto& reader = context.reader;
  processing::DivergenceOptions options;
  const auto against = reader.text("against");
  const auto symbol = against ? context.symbols.find(*against) : std::nullopt;
  if (!against && !reader.contains("against"))
    reader.missing("against");
  else if (against && !symbol)
    reader.problem("against", "'" + *against + "' has no [instrument." + *against + "] table");
  else if (against && *against == context.instrument.symbol)
    reader.problem("against", "'" + *against + "' is the rule's own instrument; wanted another one");

  options.window = reader.duration("window", 2min, 4h).value_or(options.window);
  if (options.window % options.grid != Duration{0})
    reader.problem("window", format_duration(options.window) + " is no whole number of minutes");
  options.half_life = reader.duration("half_life", 10min, 24h).value_or(options.half_life);
  options.z = number(reader, "z", 1, 100, options.z);
  options.min_own = reader.percent("min_own_pct").value_or(options.min_own);
  options.min_other = reader.percent("min_other_pct").value_or(options.min_other);
  options.coupling_z = number(reader, "coupling_z", 0, 100, options.coupling_z);
  options.joint_z = number(reader, "joint_z", 0, 100, options.joint_z);
  if (!symbol) return std::nullopt;
  options.against = *symbol;
  return options;
}

}  // namespace yagura::config
