#include <fmt/format.h>

#include "alerts/kind_json.hpp"

namespace yagura::alerts {

void write_cusum(JsonWriter& json, const Signal& signal) {
  const auto& drift = signal.cusum;
  json.field("since_ns", to_ns(drift.since));
  json.field("from", drift.from);
  json.field("change", drift.change);
  write_ratio(json, "change_pct", drift.change.raw(), drift.from.raw(), 100, 4);
}

void write_cusum_evidence(JsonWriter& json, const Signal& signal) {
  const auto& drift = signal.cusum;
  json.key("statistic").raw(fmt::format("{:.2f}", drift.statistic));
  json.field("k", drift.allowance).field("h", drift.limit);
}

}  // namespace yagura::alerts
