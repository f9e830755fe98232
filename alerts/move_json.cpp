#include "alerts/kind_json.hpp"

#include <fmt/format.h>

#include "alerts/numbers.hpp"

namespace yagura::alerts {

void write_move(JsonWriter& json, const Signal& signal) {
  const auto& move = signal.move;
  json.field("window_ms", std::chrono::duration_cast<std::chrono::milliseconds>(move.window).count());
  json.field("change", move.change);
  write_ratio(json, "change_pct", move.change.raw(), move.reference.raw(), 100, 4);
  json.field("threshold", move.threshold);
  json.field("reference", move.reference);
  write_ratio(json, "multiple", move.change.abs().raw(), move.threshold.raw(), 1, 2);
  if (move.has_z) json.key("z").raw(fmt::format("{:.2f}", move.z));
}

void write_move_evidence(JsonWriter& json, const Signal& signal) {
  json.field("reference_ts_ns", to_ns(signal.move.reference_ts));
  if (signal.move.threshold_pct.units() != 0) {
    json.key("threshold_pct").raw(fixed_ratio(signal.move.threshold_pct.units(), 1'000'000, 1, 6));
  }
  if (signal.move.has_z) json.field("seeded", signal.move.seeded);
}

}  // namespace yagura::alerts
