#include "config/rule_kinds.hpp"

namespace yagura::config {
namespace {

constexpr std::int64_t kMostMonths = 120;
constexpr std::int64_t kMostDays = 3650;

}  // namespace

std::optional<processing::PeriodOptions> read_period(const RuleContext& context) {
  const auto& reader = context.reader;
  processing::PeriodOptions options;
  const int given = int{reader.contains("since")} + int{reader.contains("months")} + int{reader.contains("days")};
  if (given != 1) {
    reader.problem(
        "", std::string(given == 0 ? "has none" : "has more than one") + R"( of since = "ytd", months = 6, days = 30)");
    return std::nullopt;
  }
  if (!reader.choice("since", {"ytd"}) && reader.contains("since")) return std::nullopt;
  options.months = static_cast<std::int32_t>(reader.integer("months", 1, kMostMonths).value_or(0));
  options.days = static_cast<std::int32_t>(reader.integer("days", 1, kMostDays).value_or(0));
  options.step = reader.percent("step_pct").value_or(options.step);
  if (options.step.units() == 0) reader.problem("step_pct", "must be above zero");
  options.rearm = reader.percent("rearm_pct").value_or(Percent::from_units(options.step.units() / 5));
  const auto directions = reader.choice("directions", {"up", "down", "both"}).value_or(2);
  options.directions = {.up = directions != 1, .down = directions != 0};
  return options;
}

}  // namespace yagura::config
