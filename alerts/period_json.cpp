#include "alerts/kind_json.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

constexpr int kDecimalsOfPercent = 6;
constexpr std::int64_t kUnitsPerPercent = 1'000'000;

}  // namespace

void write_period(JsonWriter& json, const Signal& signal) {
  const auto& period = signal.period;
  const std::string since = period.months != 0 ? std::to_string(period.months) + "m"
                            : period.days != 0 ? std::to_string(period.days) + "d"
                                               : "ytd";
  const PriceDelta change = signal.price - period.reference;
  json.field("since", std::string_view{since});
  json.key("level_pct").raw(fixed_ratio(period.step.units(), kUnitsPerPercent, period.steps, kDecimalsOfPercent));
  json.field("reference", period.reference);
  json.field("reference_date", to_string(period.reference_date));
  json.field("change", change);
  write_ratio(json, "change_pct", change.raw(), period.reference.raw(), 100, 4);
}

void write_period_evidence(JsonWriter& json, const Signal& signal) {
  json.key("step_pct").raw(fixed_ratio(signal.period.step.units(), kUnitsPerPercent, 1, kDecimalsOfPercent));
}

}  // namespace yagura::alerts
