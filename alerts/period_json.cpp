#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

constexpr int kDecimalsOfPercent = 6;
constexpr std::int64_t kUnitsPerPercent = 1'000'000;

void add_since(TextBuffer& out, const Signal::Period& period) {
  if (period.months != 0) return out.write<"{}m">(period.months);
  if (period.days != 0) return out.write<"{}d">(period.days);
  out.add("ytd");
}

}  // namespace

void write_period(JsonFields& json, const Signal& signal) {
  const auto& period = signal.period;
  const PriceDelta change = signal.price - period.reference;
  json.word<"since">([&](TextBuffer& out) { add_since(out, period); });
  json.raw<"level_pct">(ratio(period.step.units(), kUnitsPerPercent, period.steps, kDecimalsOfPercent));
  json.field<"reference">(period.reference);
  json.word<"reference_date">(date_text(period.reference_date));
  json.field<"change">(change);
  json.raw<"change_pct">(ratio(change.raw(), period.reference.raw(), 100, 4));
}

void write_period_evidence(JsonFields& json, const Signal& signal) {
  json.raw<"step_pct">(ratio(signal.period.step.units(), kUnitsPerPercent, 1, kDecimalsOfPercent));
}

}  // namespace yagura::alerts
