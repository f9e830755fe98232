#include "alerts/kind_json.hpp"

namespace yagura::alerts {

void write_cusum(JsonFields& json, const Signal& signal) {
  const auto& drift = signal.cusum;
  json.field<"since_ns">(drift.since);
  json.field<"from">(drift.from);
  json.field<"change">(drift.change);
  json.raw<"change_pct">(ratio(drift.change.raw(), drift.from.raw(), 100, 4));
}

void write_cusum_evidence(JsonFields& json, const Signal& signal) {
  const auto& drift = signal.cusum;
  json.raw<"statistic">(fixed(drift.statistic, 2));
  json.raw<"k">(shortest(drift.allowance));
  json.raw<"h">(shortest(drift.limit));
}

}  // namespace yagura::alerts
