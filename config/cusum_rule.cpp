#include "config/rule_kinds.hpp"

namespace yagura::config {

using namespace std::chrono_literals;

std::optional<processing::CusumOptions> read_cusum(const RuleContext& context) {
  const auto& reader = context.reader;
  processing::CusumOptions options;
  options.grid = reader.duration("grid", 1s, 10min).value_or(options.grid);
  options.allowance = reader.number("k", 0, 4).value_or(options.allowance);
  // In normal noise a false alarm a few weeks of trading apart.
  options.limit = reader.number("h", 0, 1000).value_or(context.instrument.calendar == CalendarKind::kFx ? 12 : 10);
  if (options.limit <= 0) reader.problem("h", "must be above zero");
  return options;
}

}  // namespace yagura::config
